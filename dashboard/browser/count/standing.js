/* How a source stands and since when, as embeds and walls say it: what cannot be heard is said, and the numbers stay. */
import { config } from "../text/config.js";
import { DASH } from "../text/figures.js";
import { t } from "../text/words.js";

/**
 * The state and its moment; no state while it is not known yet.
 * @param {import("../live/protocol.js").Status} status @param {number} started
 * @returns {[string | null, string | number | null | undefined]}
 */
export function stateOf({ phase, feed, heardAt, skew }, started) {
  if (phase === "offline") return [phase, (heardAt === null ? started : heardAt) + skew];
  return [phase, (feed || config.feed).checked_at];
}

/** The sentence of a state, with its reason where there is a word for it. @param {string} state @param {any} feed @param {string | null} at */
export function stated(state, feed, at) {
  const own = `${state}_${feed.note}`;
  return t(`embed_live.${config.words.embed_live[own] ? own : state}`, { at: at ?? DASH });
}
