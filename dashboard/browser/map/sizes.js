/* The country by size: on each department a circle of as many votes as its lead is, since land does not vote. */
import { standing } from "../count/store.js";
import { make } from "../text/dom.js";
import { lead, shown } from "../text/figures.js";
import { properName } from "../text/spelling.js";
import { t } from "../text/words.js";
import * as anchors from "./anchors.js";
import * as maplevels from "./levels.js";

const LARGEST = 52; // radius in units of the picture
const LEAST = 1.5;

/* Votes between the first two, nothing where there is no lead to show. */
const votesOf = (key) => lead(shown(standing()[key])).margin || 0;

/* One circle an area; they are painted as whatever shows an area once more. */
function add(svg, areas) {
  const layer = svg.appendChild(document.createElementNS(svg.namespaceURI, "g"));
  layer.setAttribute("class", "sizes");
  const places = anchors.middles(areas);
  return areas.map(({ dataset: { k } }) => {
    const circle = document.createElementNS(svg.namespaceURI, "circle");
    circle.dataset.in = k;
    [circle.cx.baseVal.value, circle.cy.baseVal.value] = places[k];
    return layer.appendChild(circle);
  });
}

function note(largest) {
  const legend = document.getElementById("map-legend");
  const known = document.getElementById("map-sizes");
  const element = known || Object.assign(make("p", "soft"), { id: "map-sizes" });
  if (!known) legend.before(element);
  const { key, votes } = largest;
  element.textContent = votes ? t("sizes.note", { name: properName(standing()[key].name), n: votes }) : "";
}

/* Shows or hides them, as the page's address says, with the numbers as they are. True where circles were added, which have no colour yet. */
export function show(svg) {
  const areas = [...svg.querySelectorAll("[data-k]")];
  const isShown = maplevels.isBySize();
  svg.classList.toggle("by-size", isShown);
  if (!isShown) { document.getElementById("map-sizes")?.remove(); return false; }
  const standingThere = [...svg.querySelectorAll(".sizes > circle")];
  const circles = standingThere.length ? standingThere : add(svg, areas);
  const largest = areas.map(({ dataset: { k: key } }) => ({ key, votes: votesOf(key) })).reduce((one, other) => (other.votes > one.votes ? other : one));
  for (const circle of circles) {
    const votes = votesOf(circle.dataset.in);
    circle.setAttribute("r", votes ? Math.max(LEAST, LARGEST * Math.sqrt(votes / largest.votes)).toFixed(1) : 0);
  }
  // A small one lies above a large one.
  circles[0].parentNode.append(...circles.sort((one, other) => other.r.baseVal.value - one.r.baseVal.value));
  note(largest);
  return !standingThere.length;
}
