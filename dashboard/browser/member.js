/* The public pages for a member of a mission: fetched by those who are remembered as one. */
import "./shared.js";

export { start } from "./mission/member.js";
