/* Map or table: the choice lives in the URL. */
import { names, onChoice } from "../count/measures.js";
import * as map from "../map/map.js";
import { choose as write } from "../text/addresses.js";
import { wantedView } from "../text/view.js";
import * as measure from "./measure.js";

function show(view) {
  document.documentElement.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view]:is(button)")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  if (view === "map") map.show();
}

function choose(view) {
  write({ view });
  show(view);
}

let offered = 0; // measures in the control

function offer() {
  offered = names().length;
  const choices = document.getElementById("map-choices");
  if (choices) choices.replaceChildren(measure.control(), ...map.control());
}

/* Whoever signed in has a measure more. */
onChoice(() => { if (names().length !== offered) offer(); });

/* A page was shown: its choices, and what was chosen. */
export function mount() {
  offer();
  const buttons = document.querySelectorAll("button[data-view]");
  buttons.forEach((button) => button.addEventListener("click", () => choose(button.dataset.view)));
  show(buttons.length ? wantedView() : "table");
}
