/* What the map colours and the table's own column says: the lead, or another measure. The choice lives in the URL. */
import { choose as write } from "../text/addresses.js";
import { config } from "../text/config.js";
import { percent, shown, signedPoints } from "../text/figures.js";
import { t } from "../text/words.js";
import { coverOf, binOf, leadPaint, ramp } from "./paint.js";
import { changeOf, onArrival } from "./previous.js";

export const LEAD = "lead";
const CHANGE = "change"; // since the election before, where there is one to compare with
const DECIMALS = 2;
/** @param {unknown} number */
const missing = (number) => number === null || number === undefined;

/**
 * Part and whole of each measure, both of the same actas.
 * @type {Record<string, (data: any, key: string) => number[]>}
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

/* Of those that have bins only what has a rule: a member's own has one once somebody signed in. */
export const names = () => [LEAD, ...Object.keys(config.measures).filter((name) => RULES[name]), ...(config.previous ? [CHANGE] : [])];

/** What a measure is called. @param {string} name */
export const nameOf = (name) => t(`measures.${name}`, name === CHANGE ? config.previous : {});

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
  tell();
}

function tell() {
  for (const listener of listeners) listener();
}

onArrival(() => { if (chosen() === CHANGE) tell(); });

/** @param {() => void} listener */
export const onChoice = (listener) => listeners.push(listener);

/**
 * A measure that not everybody has, from figures that are no count's. Gives what is called when there are more of them.
 * @param {string} name
 * @param {(data: any, key: string) => number[]} rule
 */
export function offer(name, rule) {
  RULES[name] = rule;
  reread();
  tell();
  return tell;
}

/** What a table sorts a cell by, where its text does not say it. @param {string} key @param {any} data */
export const rankOf = (key, data) => (chosen() === CHANGE ? changeOf(key, data).points ?? "" : "");

/**
 * @param {any} data
 * @param {string} [name]
 * @param {string} [key] whose data these are, for what is told of it elsewhere
 */
export function text(data, name = chosen(), key = "") {
  if (name === CHANGE) return signedPoints(changeOf(key, data).points ?? null);
  const [part, whole] = name === LEAD ? [] : RULES[name](data || {}, key);
  return percent(part, whole, DECIMALS);
}

/**
 * The colour and the cover of an area by the measure that is chosen.
 * @param {any} data
 * @param {string} key
 * @returns {import("./paint.js").Paint}
 */
export function paintOf(data, key) {
  const name = chosen();
  if (name === LEAD) return leadPaint(data);
  if (name === CHANGE) return changePaint(key, data);
  const [part, whole] = RULES[name](data || {}, key);
  const count = shown(data);
  const { cover } = leadPaint(data);
  if (missing(part) || !whole || (!count.counted && !part)) return { color: null, cover: cover === "not_read" ? cover : "nothing_counted", leader: null };
  return { color: ramp(config.measure_color)[binOf(part / whole, config.measures[name])], cover: coverOf(count), leader: null };
}

/* What is not counted yet looks as it does for the lead; what is not compared has a colour that is no change's. */
function changePaint(/** @type {string} */ key, /** @type {any} */ data) {
  const { color, cover } = leadPaint(data);
  const { bins, colors, none } = config.change;
  if (color === null) return { color, cover, leader: null };
  const { points, isCompared } = changeOf(key, data);
  if (!isCompared) return { color: none, cover, leader: null };
  return { color: missing(points) ? config.neutral : colors[binOf(points / 100, bins)], cover, leader: null };
}
