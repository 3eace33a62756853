/* Where the names of a picture's areas stand: where an area is widest, in the picture's own units. */
import { standing } from "../count/store.js";
import { shown as countOf } from "../text/figures.js";

const ROWS = 9;
const COLUMNS = 16;
const FOOT = 12; // units of the picture

/* The longest run within an area across one of some rows; one near its middle counts for more. */
function anchor(area) {
  const { x, y, width, height } = area.getBBox();
  const point = area.ownerSVGElement.createSVGPoint();
  let best = { worth: 0, at: [x + width / 2, y + height / 2] };
  for (let row = 1; row < ROWS; row += 1) {
    point.y = y + (height * row) / ROWS;
    let run = 0;
    for (let column = 0; column <= COLUMNS; column += 1) {
      point.x = x + (width * column) / COLUMNS;
      run = area.isPointInFill(point) ? run + 1 : 0;
      const worth = run * (1 - Math.abs(row / ROWS - 0.5));
      if (worth > best.worth) best = { worth, at: [point.x - (width * (run - 1)) / 2 / COLUMNS, point.y] };
    }
  }
  return best.at;
}

/* Where an area is drawn larger beside the country, it is named there, at the foot of the frame. */
function footOf(inset) {
  const { x, y, width, height } = inset.querySelector("[fill=none]").getBBox();
  return [x + width / 2, y + height - FOOT];
}

/* Where each lies on the country itself. */
export const middles = (areas) => Object.fromEntries(areas.map((area) => [area.dataset.k, anchor(area)]));

export function positions(areas) {
  const inset = areas[0].ownerSVGElement.querySelector(".inset");
  const larger = (area) => inset?.querySelector(`[data-in="${area.dataset.k}"]`);
  const isMany = areas[0].ownerSVGElement.dataset.level;
  const place = (area) => (inset?.dataset.of === area.dataset.k ? footOf(inset) : anchor((isMany && larger(area)) || area));
  return Object.fromEntries(areas.map((area) => [area.dataset.k, place(area)]));
}

/* Most actas first: where names would touch, that of more people stands. */
export function bySize(areas) {
  const size = new Map(areas.map((area) => [area, countOf(standing()[area.dataset.k]).total || 0]));
  return [...areas].sort((one, other) => size.get(other) - size.get(one));
}

export const named = (areas, nameOf) => areas.map(({ dataset: { k: key } }) => ({ properties: { key, name: nameOf(key) } }));

/* What `labels.js` asks of a map: where a point lies in the frame, and when that changes. */
export function view(svg) {
  const matrix = () => svg.getScreenCTM();
  return {
    project([x, y]) {
      const [{ a, d, e, f }, { left, top }] = [matrix(), svg.parentElement.getBoundingClientRect()];
      return { x: a * x + e - left, y: d * y + f - top };
    },
    on(event, listener) { if (event === "resize") new ResizeObserver(listener).observe(svg); },
  };
}
