/* How numbers are written: es-PE groups, shares of valid votes, and the decimals a close race needs.
   The rules are those of dashboard/figures.py; a test holds both to the same cases. */
import "./spelling.js"; // in one piece with this: a page asks for no file more
import { BUCKETS, FIGURES } from "./vocabulary.js";

export const DASH = "—";
const ACTA_DECIMALS = 2;
/** @param {unknown} number @returns {number is null | undefined} */
export const missing = (number) => number === null || number === undefined;

/** @param {number | null | undefined} number */
export function group(number) {
  return missing(number) ? DASH : String(number).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

/** @param {number} scaled @param {number} decimals */
function decimal(scaled, decimals) {
  const unit = 10 ** decimals;
  const whole = Math.floor(scaled / unit);
  return decimals ? `${whole}.${String(scaled % unit).padStart(decimals, "0")}` : String(whole);
}

/** Half rounded up, in integers: 2·part·100·10^d stays far below 2^53. @param {number} part @param {number} whole @param {number} unit */
const scale = (part, whole, unit) => Math.floor((2 * part * unit + whole) / (2 * whole));

/** @param {number | null | undefined} part @param {number | null | undefined} whole @param {number} decimals */
export function percent(part, whole, decimals) {
  if (missing(part) || !whole) return DASH;
  const unit = 10 ** decimals;
  const scaled = scale(part, whole, 100 * unit);
  if (part > 0 && scaled === 0) return `< ${decimal(1, decimals)} %`;
  if (part < whole && scaled >= 100 * unit) return `> ${decimal(100 * unit - 1, decimals)} %`;
  return `${decimal(scaled, decimals)} %`;
}

/** @param {number | null | undefined} difference @param {number | null | undefined} whole @param {number} decimals */
export function points(difference, whole, decimals) {
  if (missing(difference) || !whole) return DASH;
  const scaled = scale(difference, whole, 100 * 10 ** decimals);
  return difference && !scaled ? `< ${decimal(1, decimals)}` : decimal(scaled, decimals);
}

/**
 * From a share then to one now in percentage points; null where one is of nothing.
 * @param {number | null | undefined} part @param {number | null | undefined} whole
 * @param {number | null | undefined} before @param {number | null | undefined} ofBefore
 */
export function moved(part, whole, before, ofBefore) {
  return missing(part) || missing(before) || !whole || !ofBefore ? null : 100 * (part / whole - before / ofBefore);
}

/** "+1.23", "−0.40"; never 0 where there is one. @param {number | null} points */
export function signedPoints(points) {
  if (points === null) return DASH;
  const scaled = Math.floor(Math.abs(points) * 10 ** ACTA_DECIMALS + 0.5);
  if (!points) return decimal(0, ACTA_DECIMALS);
  const sign = points > 0 ? "+" : "−";
  return scaled ? `${sign}${decimal(scaled, ACTA_DECIMALS)}` : `< ${sign}${decimal(1, ACTA_DECIMALS)}`;
}

/** That as it is written. @param {Parameters<typeof moved>} shares */
export const change = (...shares) => signedPoints(moved(...shares));

/** @param {number | null | undefined} part @param {number | null | undefined} whole */
export function width(part, whole) {
  return missing(part) || !whole ? "0%" : `${decimal(scale(part, whole, 100000), 3)}%`;
}

/** @param {number} margin @param {number} valid */
export function shareDecimals(margin, valid) {
  if (margin * 1000 < valid) return 3;
  return margin * 100 < valid ? 2 : 1;
}

/** @param {number[]} votes @returns {number[]} */
export function ranking(votes) {
  return votes.map((_, index) => index).sort((one, other) => votes[other] - votes[one] || one - other);
}

/**
 * Those lists, most votes first: the ones that are shown, and the others. A tie for the last place shown is not cut.
 * @param {number[] | null | undefined} votes @param {number[]} among @param {number} most @returns {[number[], number[]]}
 */
export function arrange(votes, among, most) {
  if (!votes?.some(Boolean)) return [among.slice(0, most), among.slice(most)];
  const order = ranking(votes).filter((index) => among.includes(index));
  let end = Math.min(most, order.length);
  const least = votes[order[end - 1]];
  if (end < order.length && votes[order[end]] === least) end = order.filter((index) => votes[index] >= Math.max(least, 1)).length;
  return [order.slice(0, end), order.slice(end)];
}

/** @param {any} data @returns {any} */
export function shown(data) {
  if (!data) return {};
  // Of an area of which nothing was read yet there is no count: that is no area without votes.
  if ("computed" in data || "published" in data) return data.published || (data.computed?.total === 0 ? {} : data.computed) || {};
  return data;
}

/**
 * Leader, margin and valid votes of a count; nulls where there is nothing to say.
 * @param {any} count @returns {{order: number[], leader: number | null, margin: number | null, valid: number | null}}
 */
export function lead(count) {
  const votes = count.votes;
  if (!votes?.length) return { order: [], leader: null, margin: null, valid: null };
  const order = ranking(votes);
  const valid = votes.reduce((/** @type {number} */ sum, /** @type {number} */ own) => sum + own, 0);
  const margin = order.length > 1 ? votes[order[0]] - votes[order[1]] : null;
  return { order, leader: valid && margin !== 0 ? order[0] : null, margin, valid };
}

/**
 * What can be said of a count that is shown, whose lead is given where it is known: that we have not read it is not that nobody
 * has a vote.
 * @param {any} count @param {{margin: number | null, valid: number | null}} [found] @returns {"not_read" | "nothing_counted" | "no_valid_votes" | "tie" | "leads"}
 */
export function standingOf(count, { margin, valid } = lead(count)) {
  const { votes, state } = count;
  const own = missing(state) ? null : Number(!missing(votes) || state === BUCKETS[0]); // a mesa's own count
  const counted = missing(count.counted) ? own : count.counted;
  if (missing(counted) || (counted && missing(votes))) return "not_read";
  if (!counted) return "nothing_counted";
  if (!valid) return "no_valid_votes";
  return margin === 0 ? "tie" : "leads";
}

/** @param {any} count @param {string[]} shorts */
export function fields(count, shorts) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const name of FIGURES) texts[name] = group(count[name]);
  for (const bucket of BUCKETS) {
    texts[`${bucket}_pct`] = percent(count[bucket], count.total, ACTA_DECIMALS);
    texts[`${bucket}_width`] = width(count[bucket], count.total);
  }
  const { leader, margin, valid } = lead(count);
  const decimals = !missing(margin) && valid ? shareDecimals(margin, valid) : 1;
  texts.standing = standingOf(count, { margin, valid });
  texts.margin = group(valid ? margin : null);
  texts.lead_points = points(margin, valid, decimals);
  texts.leader = leader === null ? DASH : shorts[leader];
  texts.leader_index = leader === null ? "" : String(leader);
  shorts.forEach((_, index) => {
    const own = count.votes ? count.votes[index] : null;
    texts[`votes.${index}`] = group(own);
    texts[`share.${index}`] = percent(own, valid, decimals);
    texts[`width.${index}`] = width(own, valid);
    texts[`list.${index}`] = `${texts[`votes.${index}`]}\n\u2002${texts[`share.${index}`]}`;
  });
  return texts;
}
