/* What the map colours and the table's own column says: the lead, or another measure. The choice lives in the URL. */
import { choose as write } from "../text/addresses.js";
import { config } from "../text/config.js";
import { percent, shown } from "../text/figures.js";
import { coverOf, binOf, leadPaint, ramp } from "./paint.js";

export const LEAD = "lead";
const DECIMALS = 2;
/** @param {unknown} number */
const missing = (number) => number === null || number === undefined;

/**
 * Part and whole of each measure, both of the same actas.
 * @type {Record<string, (data: any) => number[]>}
 */
const RULES = {
  turnout: ({ computed }) => (computed?.counted ? [computed.cast, computed.registered_counted] : []),
  counted: (data) => [shown(data).counted, shown(data).total],
  at_jee: (data) => [shown(data).at_jee, shown(data).total],
  blank_null(data) {
    const { blank, null: spoilt, cast } = shown(data);
    return missing(blank) || missing(spoilt) ? [] : [blank + spoilt, cast];
  },
};

/** @type {string | null} */
let standing = null; // what the address says: read once a page, since a country asks for it 1,900 times
/** @type {(() => void)[]} */
const listeners = [];

export const names = () => [LEAD, ...Object.keys(config.measures)];

/** @returns {string} */
export function chosen() {
  if (standing === null) {
    const asked = new URLSearchParams(window.location.search).get("measure");
    standing = asked && names().includes(asked) ? asked : LEAD;
  }
  return standing;
}

/* Another page: its address may say another one. */
export const reread = () => { standing = null; };

/** @param {string} name */
export function choose(name) {
  write({ measure: name === LEAD ? "" : name });
  reread();
  for (const listener of listeners) listener();
}

/** @param {() => void} listener */
export const onChoice = (listener) => listeners.push(listener);

/**
 * @param {any} data
 * @param {string} [name]
 */
export function text(data, name = chosen()) {
  const [part, whole] = name === LEAD ? [] : RULES[name](data || {});
  return percent(part, whole, DECIMALS);
}

/**
 * The colour and the cover of an area by the measure that is chosen.
 * @param {any} data
 * @returns {import("./paint.js").Paint}
 */
export function paintOf(data) {
  const name = chosen();
  if (name === LEAD) return leadPaint(data);
  const [part, whole] = RULES[name](data || {});
  const count = shown(data);
  const { cover } = leadPaint(data);
  if (missing(part) || !whole || (!count.counted && !part)) return { color: null, cover: cover === "not_read" ? cover : "nothing_counted", leader: null };
  return { color: ramp(config.measure_color)[binOf(part / whole, config.measures[name])], cover: coverOf(count), leader: null };
}
