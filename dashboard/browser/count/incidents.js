/* How many incidents of each severity an area has, in words and shapes. The public rows come from the API; a member's own
   take their place. */
import { config } from "../text/config.js";
import { GRAVE, SEVERITIES } from "../text/vocabulary.js";
import { t as word } from "../text/words.js";

/** @typedef {[severity: string, n: number]} Counted */

/** A severity's mark, beside its colour and its word. @param {string} severity @returns {string} */
export const shapeOf = (severity) => config.severity_shapes[severity];
/** @param {string} name @param {Record<string, unknown>} [values] @returns {string} */
const t = (name, values) => word(`badges.${name}`, values);
/** @type {Record<string, any>} */
let rows = {};
let isMembers = false;
/** @type {(() => void)[]} */
const listeners = [];

export const areMembers = () => isMembers;

/** @param {() => void} listener */
export const onRows = (listener) => listeners.push(listener);

/** @param {Record<string, any>} own */
function put(own) {
  rows = own;
  for (const listener of listeners) listener();
}

/** The public rows, unless a member's stand. @param {Record<string, any>} own */
export const setPublic = (own) => { if (!isMembers) put(own); };

/** A member's rows, by area key; from now on the public ones are not asked for. @param {Record<string, any>} own */
export function setMembers(own) {
  isMembers = true;
  put(own);
}

/**
 * Both layers' rows: {critical: 2, …} of the public one, {incidents: {…}, flags: 3} of the mission's.
 * @param {string} key
 * @returns {Counted[]}
 */
export function countsOf(key) {
  const row = rows[key];
  if (!row) return [];
  const own = row.incidents || row;
  return SEVERITIES.filter((severity) => own[severity]).map((severity) => [severity, own[severity]]);
}

/** @param {string} key */
export function flagsOf(key) {
  const { flags } = rows[key] || {};
  return flags ? t("flags", { n: flags }) : null;
}

/** @param {Counted} counted */
export const wordsOf = ([severity, n]) => t(severity, { n });

/** "2 críticos · 1 grave", or an empty list. @param {string} key */
export const words = (key) => [...countsOf(key).map(wordsOf), flagsOf(key)].filter((text) => text !== null);

/**
 * What stands on the map: the gravest severity, and all critical and serious incidents; nothing where there are none.
 * @param {string} key
 */
export function gravest(key) {
  const counts = countsOf(key).filter(([severity]) => GRAVE.includes(severity));
  return counts.length ? { severity: counts[0][0], total: counts.reduce((sum, [, n]) => sum + n, 0) } : null;
}
