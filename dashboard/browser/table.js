/* The client of the table of contests: fetched where a page is about all of them. */
import "./shared.js";
export { createTable } from "./live/table.js";
