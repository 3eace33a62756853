/* The page of the timeline. */
import "./shared.js";
import { start } from "./page/timeline.js";

(window.requestIdleCallback || setTimeout)(start);
