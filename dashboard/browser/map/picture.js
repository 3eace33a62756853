/* The server's picture of the areas, repainted: where a browser has no WebGL it is the map, and on paper it always is. */
import { paintOf } from "../count/measures.js";
import { standing } from "../count/store.js";
import { config } from "../text/config.js";

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

/* Paper shows what is true now, and where it was read. */
export function prepare() {
  for (const element of document.querySelectorAll("[data-printed]")) element.textContent = window.location.href;
  paint(standing());
}

window.addEventListener("beforeprint", prepare);
