/* The colour of an area by who leads and by how much: the rules of dashboard/colours.py, for page and embed alike. */
import { config } from "../text/config.js";
import { lead, shown, standingOf } from "../text/figures.js";

/** @typedef {"not_read" | "nothing_counted" | "no_valid_votes" | "partial" | "complete"} Cover */
/** @typedef {{color: string | null, cover: Cover, leader: number | null}} Paint */

/**
 * A colour mixed with white: amount 1 is the colour itself.
 * @param {string} color
 * @param {number} amount
 */
export function tint(color, amount) {
  const channels = [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  return `#${channels.map((channel) => Math.round(255 - (255 - channel) * amount).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * Which of four textures and dashes a list has beside its colour.
 * @param {number} index
 */
export const textureOf = (index) => index % 4;

/** @type {Map<string, string[]>} */
const ramps = new Map();

/**
 * Near-white first: the colour of each bin.
 * @param {string} color
 * @returns {string[]}
 */
export function ramp(color) {
  const known = ramps.get(color);
  if (known) return known;
  /** @type {string[]} */
  const made = config.tints.map((/** @type {number} */ amount) => tint(color, amount));
  ramps.set(color, made);
  return made;
}

/**
 * In which bin a share is; the edges are their upper ends, the last bin is open.
 * @param {number} share
 * @param {number[]} edges
 */
export function binOf(share, edges) {
  let bin = 0;
  while (share >= edges[bin]) bin += 1;
  return bin;
}

/**
 * Whether all actas of an area are in its numbers; a mesa is its own count, and whole.
 * @param {{counted?: number, total?: number}} count
 * @returns {"partial" | "complete"}
 */
export const coverOf = ({ counted = 1, total = 1 }) => (counted < total ? "partial" : "complete");

/**
 * How SVG draws that: the sign of a cover fills what has no colour, and is a filter of what has one, if there are few.
 * @param {Element} shape
 * @param {Paint} paint
 */
export function dress(shape, { color, cover }, areFew = true) {
  const sign = config.patterns[cover] ? `url(#${config.patterns[cover]})` : null;
  shape.setAttribute("fill", color || sign || "#fff");
  if (!areFew) return;
  if (color && sign) shape.setAttribute("filter", sign);
  else shape.removeAttribute("filter");
}

/**
 * @param {any} data
 * @returns {Paint}
 */
export function leadPaint(data) {
  const count = shown(data);
  const { leader, margin, valid } = lead(count);
  const standing = standingOf(count, { margin, valid });
  if (standing !== "tie" && standing !== "leads") return { color: null, cover: standing, leader: null };
  const cover = coverOf(count);
  if (leader === null || !valid) return { color: config.neutral, cover, leader: null };
  const share = (margin ?? valid) / valid; // a list alone leads by all there is
  return { color: ramp(config.lists[leader].color)[binOf(share, config.bins)], cover, leader };
}
