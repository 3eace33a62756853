/* Mesas of a sample by region, or by district within one, each folded with how far it is: a country's sample is too long for a phone. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { group, width } from "../../text/figures.js";
import { properName } from "../../text/spelling.js";
import { t } from "../../text/words.js";
import * as words from "../words.js";

const DONE = ["alike", "photo", "decided"];

/** A copy of that mesa stands: nothing more is asked for. */
export const isDone = (unit) => DONE.includes(unit.state);

/** How many of them, as a bar and in figures. */
export function bar(done, all) {
  const own = make("i", "meter");
  own.style.width = width(done, all);
  return make("span", "", make("span", "track", own), make("span", "n", `${group(done)} / ${group(all)}`));
}

/** Where a mesa is, from the widest: a sample of one region is parted by its districts. What is kept of before has no key. */
export const areasOf = ({ region, region_key: key, area_name: name }) => [region && (key ? words.areaName(key, region) : properName(region)), name && properName(name)];

/**
 * @template T @param {T[]} lines @param {(line: T) => string | null} areaOf
 * @returns {Map<string, T[]>}
 */
function parted(lines, areaOf) {
  const found = new Map();
  for (const line of lines) {
    const area = areaOf(line);
    const name = area || t("mission_quick.no_area");
    found.set(name, [...(found.get(name) ?? []), line]);
  }
  return found;
}

/**
 * The elements that show the mesas: `draw` of all while they are few, else of each area, by name.
 * @template T
 * @param {T[]} lines
 * @param {{areasOf: (line: T) => (string | null)[], isDone: (line: T) => boolean, draw: (lines: T[], suffix: string) => Node, opened?: Set<string>}} how
 * `suffix`: what tells an area's caption from the others'; `opened`: areas that stand open, which is kept up to date for who draws them again
 */
export function byArea(lines, { areasOf: areas, isDone: isCopied, draw, opened = new Set() }) {
  const parts = [0, 1].map((n) => parted(lines, (line) => areas(line)[n])).find((found) => found.size > 1);
  if (lines.length < config.shown.copy_groups_from || !parts) return [draw(lines, "")];
  return [...parts].sort(([one], [other]) => one.localeCompare(other)).map(([name, own]) => {
    const fold = make("details", "area-fold", make("summary", "", make("b", "", name), " ", bar(own.filter(isCopied).length, own.length)));
    const show = () => { if (fold.open && fold.childElementCount === 1) fold.append(draw(own, ` · ${name}`)); };
    fold.addEventListener("toggle", () => { opened[fold.open ? "add" : "delete"](name); show(); });
    fold.open = opened.has(name);
    show();
    return fold;
  });
}
