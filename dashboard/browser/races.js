/* The pages of an election with many contests: its overview, and the races on a ballot. */
import "./shared.js";
import { start } from "./page/races.js";

start();
