/* The server's picture of the areas, repainted: where a browser has no WebGL it is the map, and on paper it always is. */
import { paintOf } from "../count/measures.js";
import { standing, status } from "../count/store.js";
import { config } from "../text/config.js";
import { fullClock } from "../text/moments.js";

const areas = () => [...document.querySelectorAll(".picture [data-k]")];

export const keys = () => areas().map((area) => area.dataset.k);

/* Every area twice, as dashboard/components/picture.py draws it: its colour, then its cover. */
export function paint(state) {
  for (const area of areas()) {
    const data = state[area.dataset.k];
    if (!data) continue;
    const { color, cover } = paintOf(data);
    area.setAttribute("fill", color || "#ffffff");
    area.nextElementSibling.setAttribute("fill", config.patterns[cover] ? `url(#${config.patterns[cover]})` : "none");
  }
}

/* Room around the areas within the slot, so that the live map lies exactly where the picture does. */
export function padding(slot, otherwise) {
  const areas = slot.querySelector(".picture .areas");
  if (!areas) return otherwise;
  const [inner, outer] = [areas.getBoundingClientRect(), slot.getBoundingClientRect()];
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
  paint(standing());
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
