/* The server's picture of the areas, alive: on the country's page it is the map, elsewhere until MapLibre's stands, and on paper always. */
import { paintOf } from "../count/measures.js";
import { dress } from "../count/paint.js";
import { isTold, standing, status } from "../count/store.js";
import { config } from "../text/config.js";
import { fullClock } from "../text/moments.js";
import { createPicking } from "./picking.js";
import * as sizes from "./sizes.js";

const areas = () => [...document.querySelectorAll(".picture [data-k]")];
/* What is too small to be seen stands once more, larger. */
const larger = (key) => document.querySelectorAll(`.picture [data-in="${key}"]`);
let picking = null; // of the picture that stands

export const keys = () => areas().map((area) => area.dataset.k);

/* Every area as dashboard/components/picture.py draws it. Once some are told, the others were not read. */
export function paint(changed, isWhole = false) {
  const state = standing();
  const all = areas();
  const svg = document.querySelector("#map-slot > .picture");
  const isFirst = svg && all.length && sizes.show(svg);
  const isSome = isWhole || isTold() || all.some((area) => state[area.dataset.k]);
  for (const area of all) {
    const key = area.dataset.k;
    if (!isSome || !(isFirst || changed.includes(key) || !state[key])) continue;
    const own = paintOf(state[key]);
    draw(area, own);
    for (const shape of larger(key)) dress(shape, own);
  }
  picking?.said(changed);
}

function draw(area, paint) {
  dress(area, paint);
  area.dataset.cover = paint.cover;
}

/* What an area shows, as read back from it. */
export function paintedAs(key) {
  const area = areas().find((each) => each.dataset.k === key);
  return area?.dataset.cover ? { color: area.getAttribute("fill"), cover: area.dataset.cover } : null;
}

/* A page was shown: its picture hears pointer and keys. */
export function mount(open) {
  const svg = document.querySelector("#map-slot > .picture");
  if (!svg) return;
  if (svg !== picking?.svg) picking = createPicking(svg, open);
  paint(keys());
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
