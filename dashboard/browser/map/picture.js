/* The picture of the areas, alive: the map until somebody goes nearer, and on paper always. A page brings its own, of the areas just below. */
import { paintOf } from "../count/measures.js";
import { dress } from "../count/paint.js";
import { isTold, standing, status } from "../count/store.js";
import { config } from "../text/config.js";
import { fullClock } from "../text/moments.js";
import { createPicking } from "./picking.js";
import * as sizes from "./sizes.js";

const pickings = new WeakMap(); // of each picture, which may stand again
let picture = null; // the one that stands, what is in it by key, and what draws the rings of one of finer areas
let picking = null;

const inSlot = () => document.querySelector("#map-slot > .picture");

/* What is too small to be seen stands once more, larger. */
function readLarger() {
  picture.larger = new Map();
  for (const shape of picture.svg.querySelectorAll("[data-in]")) {
    const key = shape.dataset.in;
    picture.larger.set(key, [...(picture.larger.get(key) ?? []), shape]);
  }
}

/* The picture that is on the page now; what it holds is read once. */
function current() {
  const svg = document.querySelector(".picture");
  if (svg && svg !== picture?.svg) {
    picture = { svg, areas: new Map([...svg.querySelectorAll("[data-k]")].map((area) => [area.dataset.k, area])), leaders: new Map(), larger: null, isKnown: false, rings: null };
    readLarger();
  }
  return svg && picture;
}

export const keys = () => [...(current()?.areas.keys() ?? [])];

/* Every area as dashboard/components/picture.py draws it. Once some are told, the others were not read. */
export function paint(changed, isWhole = false) {
  if (!current()) return;
  const { svg, areas, rings } = picture;
  const state = standing();
  const isFirst = inSlot() && areas.size && sizes.show(svg);
  if (isFirst) readLarger();
  if (!isWhole && !isTold() && !keys().some((key) => state[key])) return;
  const due = new Set(isFirst || !picture.isKnown ? areas.keys() : changed);
  let isRinged = false;
  for (const [key, area] of areas) if (due.has(key) || !state[key]) isRinged = draw(key, area, paintOf(state[key], key)) || isRinged;
  picture.isKnown = true;
  if (isRinged) rings?.([...areas.values()].filter((area) => area.dataset.cover === "partial"));
  picking?.said(changed);
}

/* Whether an area has another cover now. */
function draw(key, area, paint) {
  dress(area, paint, !picture.rings);
  for (const shape of picture.larger.get(key) ?? []) dress(shape, paint, !picture.rings);
  picture.leaders.set(key, paint.leader);
  if (area.dataset.cover === paint.cover) return false;
  area.dataset.cover = paint.cover;
  return true;
}

/* Who leads in its areas, as their colours say. */
export const leaders = () => current()?.leaders.values() ?? [];

/* What an area shows, as read back from it. */
export function paintedAs(key) {
  const area = current()?.areas.get(key);
  return area?.dataset.cover ? { color: area.getAttribute("fill"), cover: area.dataset.cover } : null;
}

/* A page was shown: its picture hears pointer and keys. */
export function mount(open) {
  const svg = inSlot();
  if (!svg) return;
  if (!pickings.has(svg)) pickings.set(svg, createPicking(svg, open));
  picking = pickings.get(svg);
  svg.after(...picking.layers);
  paint(keys());
}

/* The level of the areas that a picture in the slot shows, if not the page's own. */
export const finerLevel = () => inSlot()?.dataset.level ?? null;

/* The page's own picture, whichever stands. */
export const bare = () => (finerLevel() ? replaced : inSlot());
let replaced = null;

/* Another picture takes its place: one of finer areas, with what draws its rings, or the page's own again. */
export function put(svg, rings = null) {
  const before = inSlot();
  replaced = bare();
  for (const layer of picking?.layers ?? []) layer.remove();
  before.replaceWith(svg);
  current().rings = rings;
}

export const badge = () => picking?.badge();

/* Room around the areas within the slot, so that MapLibre's map lies exactly where the picture does. */
export function padding(slot, otherwise) {
  const drawn = slot.querySelector(".picture .areas");
  if (!drawn) return otherwise;
  const [inner, outer] = [drawn.getBoundingClientRect(), slot.getBoundingClientRect()];
  if (!inner.width) return otherwise;
  return {
    top: inner.top - outer.top, right: outer.right - inner.right, bottom: outer.bottom - inner.bottom, left: inner.left - outer.left,
  };
}

/* Paper shows what is true now, where it was read, and every moment with its day and year: it is read later. */
export function prepare() {
  for (const element of document.querySelectorAll("[data-printed]")) element.textContent = window.location.href;
  const { heardAt, skew } = status() ?? {};
  for (const element of heardAt ? document.querySelectorAll("[data-dated]") : []) {
    element.textContent = fullClock(new Date(heardAt + skew).toISOString(), config.zone);
  }
  for (const element of times()) {
    element.dataset.screen ??= element.textContent;
    element.textContent = fullClock(element.getAttribute("datetime"), config.zone);
  }
  paint(keys());
}

/* Moments, but for how long ago one is. */
const times = () => document.querySelectorAll('time[datetime]:not([data-time="checked"])');

function restore() {
  for (const element of times()) {
    if (element.dataset.screen) element.textContent = element.dataset.screen;
    delete element.dataset.screen;
  }
}

window.addEventListener("beforeprint", prepare);
window.addEventListener("afterprint", restore);
