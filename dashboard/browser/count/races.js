/* What a page says of one contest among many: the rules of dashboard/components/races.py; one table of cases tests both.
   A race is one row of the API: its first lists, ties not cut, and what its rule makes of the count. */
import { unparted } from "../text/dom.js";
import { DASH, group, percent, shareDecimals } from "../text/figures.js";
import { properName } from "../text/spelling.js";
import { CONTEST_STATES } from "../text/vocabulary.js";
import { t } from "../text/words.js";

/** @typedef {Record<string, any>} Race */

const ACTA_DECIMALS = 2;

/** @param {Race} race @returns {any[]} */
const marginsOf = (race) => race.outcome?.margins ?? [];

/** A list's share with the decimals that its board has: as finely as the first two need. @param {Race} race @param {any} entry */
export function shareOf(race, entry) {
  const [first, second] = race.lists;
  return percent(entry.votes, race.valid, second ? shareDecimals(first.votes - second.votes, race.valid) : 1);
}

/** A list's candidate and party as people write them, but for what its short name says. @param {any} entry */
export const candidacyOf = ({ candidate, name, short: own }) => [candidate, name].filter((each) => each && each !== own).map(properName).join(" · ");

/** Actas that are not in its figures yet. @param {Race} race */
const uncountedOf = (race) => race.actas.challenged + race.actas.pending;

/** How many of its actas are in the figures. @param {Race} race */
export const countedOf = (race) => percent(race.actas.counted, race.actas.total, ACTA_DECIMALS);

/** How many are out. @param {Race} race */
export function missingOf(race) {
  if (!race.actas.total) return "";
  return uncountedOf(race) ? t("races.missing", { n: uncountedOf(race) }) : t("races.complete");
}

/** How far its first list is above or below the threshold, in votes. @param {Race} race */
export function distanceOf(race) {
  const votes = race.threshold_votes;
  return votes === null ? DASH : `${votes >= 0 ? "+" : "−"}${group(Math.abs(votes))}`;
}

/** What is certain of it and what is open, in a sentence or two. @param {Race} race */
export function saidOf(race) {
  const found = race.outcome;
  if (!found) return t(`race_why.${race.state}`);
  const tied = tie(race);
  const isSettled = found.winner !== null || (found.state === "runoff" && found.first_two.length === 2);
  return unparted([certain(race), tied, isSettled || tied ? "" : open(race)].filter(Boolean).join(" "));
}

/** @param {Race} race @param {number} place @returns {string} */
const short = (race, place) => race.lists.find((/** @type {any} */ entry) => entry.index === place).short;

/** @param {Race} race */
function tie(race) {
  const names = race.outcome.tied.map((/** @type {number} */ place) => short(race, place));
  return names.length ? t("outcome.tied", { lists: t("outcome.and", { most: names.slice(0, -1).join(", "), last: names.at(-1) }) }) : "";
}

/** @param {Race} race */
function certain(race) {
  const { state, winner, threshold, first_two: places } = race.outcome;
  if (threshold === null) return winner === null ? "" : t("races.won", { leader: short(race, winner) });
  if (state === "open") return "";
  if (state === "won") return t("outcome.won", { leader: short(race, winner) });
  if (state !== "runoff") return t(`outcome.${state}`);
  const [first, second] = places.map((/** @type {number} */ place) => short(race, place));
  if (second) return t("outcome.runoff_pair", { first, second });
  const least = t(race.rule.is_inclusive ? "outcome.at_least" : "outcome.more_than", { part: partOf(race.rule) });
  return first ? t("outcome.runoff_one", { first, threshold: least }) : t("outcome.runoff", { threshold: least });
}

/** The open margin that hangs on the fewest votes, and how many actas can still turn it. @param {Race} race */
function open(race) {
  const margins = marginsOf(race).filter((one) => one.is_open && (one.behind === null || one.votes));
  if (!margins.length) return "";
  const one = margins.reduce((least, other) => (Math.abs(other.votes) < Math.abs(least.votes) ? other : least));
  const values = { actas: uncountedOf(race), n: Math.abs(one.votes), leader: short(race, one.ahead) };
  if (one.kind === "first_threshold") return t(one.votes >= 0 ? "races.above" : "races.below", { part: partOf(race.rule), ...values });
  return t(`races.${one.kind}`, { behind: short(race, one.behind), ...values });
}

/** The part of the valid votes that a rule asks for: "30 %". @param {any} rule */
function partOf(rule) {
  const [over, under] = rule.threshold.split("/").map(Number);
  return (100 * over) % under ? rule.threshold : `${(100 * over) / under}\u00a0%`;
}

/** How many there are of each state. @param {Race[]} races @returns {[string, number][]} */
export function countsOf(races) {
  /** @param {string} state @returns {[string, number]} */
  const count = (state) => [state, races.filter((race) => race.state === state).length];
  return CONTEST_STATES.map(count).filter(([, n]) => n);
}
