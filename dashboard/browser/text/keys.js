/* Keys of the log and the ubigeos in them: what a key names, what is listed below it, what lies within what. Levels, lengths and
   codes are those of tally/keys.py, which come with the settings (dashboard/wording.py): none stands here. */
import { config } from "./config.js";

/**
 * @typedef {object} Known
 * @property {Record<string, string>} levels by the first word of their keys
 * @property {string[]} areas levels of areas
 * @property {Record<string, string>} below the level listed below each
 * @property {Record<string, number>} lengths of the ubigeo prefixes, by level
 * @property {Record<string, string>} patterns of the keys, by level
 * @property {number} mesa_length digits of a mesa's number
 * @property {string} nation
 * @property {string} domestic
 * @property {string} abroad
 * @property {string} first_abroad the first code abroad
 */
/** @type {() => Known} */
const known = () => config.keys;

/** Levels of areas that an ubigeo names. */
export const ubigeoLevels = () => Object.keys(known().lengths);

/** How many digits a mesa's number has. */
export const mesaLength = () => known().mesa_length;

/** The level of a key, nothing of what is none. @param {string} key @returns {string | undefined} */
export const levelOf = (key) => known().levels[key.split("/")[0]];

/** What follows the level: "14", "domestic", "000001"; empty for the nation. @param {string} key */
export const codeOf = (key) => key.split("/")[1] ?? "";

/** The key of that code. @param {string} level @param {string} code */
export const keyOf = (level, code) => `${Object.keys(known().levels).find((head) => known().levels[head] === level)}/${code}`;

/** The level of what is listed below an area or place, nothing below a mesa. @param {string} key @returns {string | undefined} */
export const levelBelow = (key) => known().below[levelOf(key) ?? ""];

/** The key of the page whose table lists an area. @param {string} key */
export function listedOn(key) {
  const above = ubigeoLevels().find((level) => known().below[level] === levelOf(key));
  return above ? keyOf(above, codeOf(key).slice(0, known().lengths[above])) : known().nation;
}

/** Whether it could be the key of an area, polling place or mesa. @param {string} text */
export function isKey(text) {
  const level = levelOf(text);
  return level !== undefined && new RegExp(`^(?:${known().patterns[level]})$`).test(text);
}

/** Whether a key is that of an area, not of a place or mesa. @param {string} key */
export const isArea = (key) => known().areas.includes(levelOf(key) ?? "");

/** Whether an ubigeo, its prefix or an area's key lies abroad; a place's or mesa's key does not say so. @param {string} where */
export function isAbroad(where) {
  const prefix = prefixIn(where);
  return prefix === null ? where === known().abroad : prefix >= known().first_abroad;
}

/** Whether an ubigeo, its prefix or an area's key lies in an area or is it. @param {string} where @param {string} area */
export function isWithin(where, area) {
  if (area === where || area === known().nation) return true;
  const [prefix, around] = [prefixIn(where), prefixIn(area)];
  if (prefix === null) return false;
  return around === null ? area === known()[isAbroad(prefix) ? "abroad" : "domestic"] : prefix.startsWith(around);
}

/** The part of an ubigeo that an ubigeo or an area's key gives; null where there is none. @param {string} where */
function prefixIn(where) {
  if (!where.includes("/")) return where === known().nation ? null : where;
  return (levelOf(where) ?? "") in known().lengths ? codeOf(where) : null;
}
