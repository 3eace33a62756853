/* The measure that is chosen, on the page: the control, the table's own column, the line in a box abroad, every tile. */
import { LEAD, choose, chosen, names, onChoice, paintOf, reread, text } from "../count/measures.js";
import { standing } from "../count/store.js";
import { choice, make } from "../text/dom.js";
import { t as word } from "../text/words.js";
import { scopesOf } from "./scopes.js";
import { addColumn } from "./table.js";

const t = (name) => word(`measures.${name}`);

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

function paintTile(scope, data) {
  const tile = scope.querySelector(".tile");
  if (!tile) return;
  const { color, cover } = paintOf(data);
  tile.className = `tile ${cover}`;
  tile.style.backgroundColor = color || "";
}

/* What a key's cells and tiles say of it. */
export function remeasure(key, data) {
  for (const scope of scopesOf(key)) {
    const said = text(data);
    for (const element of scope.querySelectorAll("[data-m]")) if (element.textContent !== said) element.textContent = said;
    paintTile(scope, data);
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
  for (const element of document.querySelectorAll("[data-measure-name]")) element.textContent = t(name);
  const state = standing();
  for (const key of Object.keys(state)) remeasure(key, state[key]);
}

export const control = () => choice("measure", t("choose"), names().map((name) => [name, t(name)]), chosen(), choose);

/* A page was shown. */
export function mount() {
  reread();
  repaint();
}

onChoice(repaint);
