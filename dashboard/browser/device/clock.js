/* This device's clock beside ours: by how much it is ahead, as the newest private answer had it. */
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { remember, remembered } from "./memory.js";

const AHEAD = "escrutinio.clock"; // milliseconds

/** Hears our clock in an answer that no cache has kept. @param {Response} answer */
export function hear(answer) {
  const at = Date.parse(answer.headers.get("Date") || "");
  if (at) remember(AHEAD, Date.now() - at);
}

/** Milliseconds by which it is ahead, where that is enough to be told; else 0. */
export function ahead() {
  const ms = remembered(AHEAD) ?? 0;
  return Math.abs(ms) >= REPORT_LIMITS.clock_off_minutes * 60000 ? ms : 0;
}

/** Our time, as far as it is known, in milliseconds. */
export const now = () => Date.now() - ahead();
