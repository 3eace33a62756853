/* The measure that is chosen, on the page: the control, the table's own column, the line in a box abroad, every tile. */
import { LEAD, choose, chosen, nameOf, names, onChoice, paintOf, rankOf, reread, text } from "../count/measures.js";
import { standing } from "../count/store.js";
import { choice, make } from "../text/dom.js";
import { t } from "../text/words.js";
import { scopesOf } from "./scopes.js";
import { addColumn } from "./table.js";

/* Made when it is first wanted. */
function column(table) {
  if (table.querySelector("th.of-measure")) return;
  const head = make("span");
  head.dataset.measureName = "";
  addColumn(table, "of-measure", head, (cell) => { cell.dataset.m = ""; });
}

function line(lines) {
  if (lines.querySelector(".of-measure")) return;
  const made = make("span", "of-measure");
  made.dataset.m = "";
  lines.append(made);
}

function paintTile(scope, key, data) {
  const tile = scope.querySelector(".tile");
  if (!tile) return;
  const { color, cover } = paintOf(data, key);
  tile.className = `tile ${cover}`;
  tile.style.backgroundColor = color || "";
}

function say(element, said, rank) {
  if (element.textContent !== said) element.textContent = said;
  if (rank === "") delete element.dataset.value;
  else element.dataset.value = rank;
}

/* What a key's cells and tiles say of it. */
export function remeasure(key, data) {
  for (const scope of scopesOf(key)) {
    for (const element of scope.querySelectorAll("[data-m]")) say(element, text(data, chosen(), key), rankOf(key, data));
    paintTile(scope, key, data);
  }
}

/* Column, boxes and tiles of everything on screen. */
function repaint() {
  const name = chosen();
  if (name !== LEAD) {
    document.querySelectorAll("table.areas:not(.mesas)").forEach(column);
    document.querySelectorAll(".box > span").forEach(line);
  }
  const root = document.documentElement;
  if (name === LEAD) delete root.dataset.measure;
  else root.dataset.measure = name;
  for (const element of document.querySelectorAll("[data-measure-name]")) element.textContent = nameOf(name);
  const state = standing();
  for (const key of Object.keys(state)) remeasure(key, state[key]);
}

export const control = () => choice("measure", t("measures.choose"), names().map((name) => [name, nameOf(name)]), chosen(), choose);

/* A page was shown. */
export function mount() {
  reread();
  repaint();
}

onChoice(repaint);
