/* The pages of the mission. */
import "./shared.js";
import { start } from "./mission/main.js";

start();
