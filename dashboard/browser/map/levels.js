/* Which areas the map shows: those just below the page's own, or finer ones, by choice (?areas=) or by how near one looks. */
import { follow } from "../count/store.js";
import { moment, choose as write } from "../text/addresses.js";
import { choice } from "../text/dom.js";
import { levelBelow, levelOf, ubigeoLevels } from "../text/keys.js";
import { t as word } from "../text/words.js";

const STEP = 1.8; // zoom steps from one level to the next
const AUTO = "auto";
const SIZE = "size"; // the departments once more, by votes
const listeners = [];
const t = (name) => word(`levels_shown.${name}`);

const page = () => document.getElementById("page").dataset;
/* A district paints itself: below it are points. */
export const own = () => (levelOf(page().key) === "district" ? "district" : levelBelow(page().key));
/* In the past there is the page's own topic alone. */
const possible = () => ubigeoLevels().slice(ubigeoLevels().indexOf(own())).filter((level) => !moment() || !topicsFor(level).length);

const given = () => new URLSearchParams(window.location.search).get("areas");

/* The country's departments by the votes of their lead, rather than by their land. */
export const isBySize = () => own() === "department" && given() === SIZE;

function asked() {
  const level = given();
  return possible().includes(level) ? level : AUTO;
}

/* The level for a zoom, counted from the zoom at which the whole page's map fits. */
export function levelAt(zoom, whole) {
  if (asked() !== AUTO) return asked();
  const steps = Math.max(0, Math.floor((zoom - whole) / STEP));
  return possible()[Math.min(steps, possible().length - 1)];
}

/* The live topics the finer areas need beside the page's own. */
export function topicsFor(level) {
  return page().topic === "nation" && level !== "department" ? [`${level}s`] : [];
}

/* From now on the page hears of these too. */
export function followAreas(level) {
  const { topic } = page();
  const finer = topicsFor(level);
  if (topic && !moment()) follow([topic, ...finer, "corrections"], finer.length > 0);
}

function choose(level) {
  write({ areas: level === AUTO ? "" : level });
  for (const listener of listeners) listener();
}

export const onChoice = (listener) => listeners.push(listener);

export function control() {
  if (!document.getElementById("map-slot") || possible().length < 2) return [];
  const sizes = own() === "department" ? [[SIZE, word("sizes.choice")]] : [];
  const options = [[AUTO, t(AUTO)], ...possible().map((level) => [level, t(level)]), ...sizes];
  const element = choice("areas", t("choose"), options, isBySize() ? SIZE : asked(), choose);
  element.classList.add("of-map");
  return [element];
}
