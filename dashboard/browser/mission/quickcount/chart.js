/* How an estimate settled: a line and a band for each of the first lists over the number of copies, with the table of the same. */
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { group, percent } from "../../text/figures.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";

const NS = "http://www.w3.org/2000/svg";
const [HEIGHT, LEFT, RIGHT, BOTTOM] = [240, 60, 90, 28];
const [MOST, LINE] = [4, 14]; // lists, and the height of a line of lettering
/* Drawn as wide as it is shown, so that lettering has the size of the page's small print. */
const widthNow = () => Math.min(640, Math.max(300, window.innerWidth - 66));
const svg = (tag, attributes, ...children) => { const element = set(document.createElementNS(NS, tag), attributes); element.append(...children); return element; };
const share = (value) => percent(Math.round(value * 1e6), 1e6, 2);
/** "45.10 % (44.20 % – 46.00 %)" */
export const interval = ({ share: value, low, high }) => t("mission_quick.interval", { share: share(value), low: share(low), high: share(high) });
/* Of a list at one step. */
const at = ({ shares }, place) => shares.find((one) => one.list === place);
const short = (place) => config.lists[place].short;

function scales(steps, places, width) {
  const shown = steps.flatMap((step) => places.map((place) => at(step, place)));
  const [low, high] = [Math.min(...shown.map((one) => one.low)), Math.max(...shown.map((one) => one.high))];
  const last = steps[steps.length - 1].copies;
  const first = steps[0].copies;
  return {
    low, high,
    x: (copies) => LEFT + ((width - LEFT - RIGHT) * (copies - first)) / Math.max(1, last - first),
    y: (value) => 8 + ((HEIGHT - BOTTOM - 8) * (high - value)) / Math.max(1e-9, high - low),
  };
}

function drawn(steps, place, index, { x, y }) {
  const own = steps.map((step) => [x(step.copies), at(step, place)]);
  const points = (pairs) => pairs.map(([left, value]) => `${left.toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const band = points([...own.map(([left, one]) => [left, one.low]), ...own.map(([left, one]) => [left, one.high]).reverse()]);
  const color = config.lists[place].color;
  return [svg("polygon", { points: band, fill: color, "fill-opacity": 0.18 }),
    svg("polyline", { points: points(own.map(([left, one]) => [left, one.share])), fill: "none", stroke: color, "stroke-width": 2, "stroke-dasharray": index ? `${8 - 2 * index} 4` : "none" })];
}

/* The lists' names beside the ends of their lines, the highest first, none upon another. */
function names(last, places, width, { y }) {
  let below = -Infinity;
  return places.map((place) => {
    below = Math.max(below + LINE, y(at(last, place).share) + 4);
    return svg("text", { x: width - RIGHT + 6, y: below, class: "chart-text" }, short(place));
  });
}

function table(steps, places) {
  const heads = [[t("mission_quick.copies"), "number"], ...places.map((place) => [short(place), "number"])];
  const rows = steps.map((step) => [group(step.copies), ...places.map((place) => interval(at(step, place)))]);
  return make("details", "", make("summary", "", t("mission_quick.as_table")), parts.records(t("mission_quick.settled"), heads, rows));
}

/* Nothing where there are no two moments to draw a line between. */
export function settling(steps) {
  if (steps.length < 2) return [parts.empty(t("mission_quick.unsettled"))];
  const last = steps[steps.length - 1];
  const places = last.shares.map((one) => one.list).sort((one, other) => at(last, other).share - at(last, one).share).slice(0, MOST);
  const width = widthNow();
  const scale = scales(steps, places, width);
  const label = t("mission_quick.settled_label", { lists: places.map(short).join(", "), from: steps[0].copies, to: steps[steps.length - 1].copies });
  const ends = [scale.high, scale.low].map((value) => svg("text", { x: LEFT - 6, y: scale.y(value) + (value === scale.high ? 8 : 0), "text-anchor": "end", class: "chart-text" }, percent(Math.round(value * 1000), 1000, 1)));
  const counts = [steps[0], steps[steps.length - 1]].map((step, index) => svg("text", { x: scale.x(step.copies), y: HEIGHT - 8, "text-anchor": index ? "end" : "start", class: "chart-text" }, group(step.copies)));
  return [svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "settling", role: "img", "aria-label": label }, ...ends, ...counts, ...places.flatMap((place, index) => drawn(steps, place, index, scale)), ...names(last, places, width, scale)),
    table(steps, places)];
}
