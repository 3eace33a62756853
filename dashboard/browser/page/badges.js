/* Incidents beside the margins: a column of the tables. The public ones come from the API; a member's own take their place. */
import { areMembers, countsOf, flagsOf, onRows, setPublic, shapeOf, words, wordsOf } from "../count/incidents.js";
import { href, moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { DASH } from "../text/figures.js";
import { clock } from "../text/moments.js";
import { GRAVE, SEVERITIES } from "../text/vocabulary.js";
import { t as word } from "../text/words.js";
import { addColumn } from "./table.js";

const t = (name, values) => word(`badges.${name}`, values);
const ASK_MS = 60000;
let timer = null;

function shape(severity, text) {
  const mark = make("i", `badge ${severity}`, shapeOf(severity));
  mark.setAttribute("aria-hidden", "true");
  return make("span", "", mark, text);
}

/* A member's counts lead to what they count. */
function led(text, page, query) {
  return areMembers() ? Object.assign(make("a", "", text), { href: href(`/mission/${page}?${new URLSearchParams(query)}`) }) : text;
}

function fill(cell) {
  const key = cell.closest("[data-area]").dataset.area;
  const counts = countsOf(key);
  cell.dataset.value = counts.reduce((sum, [severity, n]) => sum + n * 1000 ** (3 - SEVERITIES.indexOf(severity)), 0);
  const flags = flagsOf(key);
  cell.replaceChildren(
    ...counts.map(([severity, n]) => shape(severity, led(wordsOf([severity, n]), "incidents", { within: key, severity }))),
    ...(flags ? [make("span", "", "⚑ ", led(flags, "flags", { within: key }))] : []));
  if (!cell.childElementCount) cell.textContent = DASH;
}

/* Of mesas only members hear, and where there is something to hear: a phone has no room for dashes. */
function column(table) {
  const isSaid = !table.classList.contains("mesas") || (areMembers() && [...table.querySelectorAll("tr[data-area]")].some((row) => words(row.dataset.area).length));
  if (!isSaid) return;
  const head = table.querySelector("th.incidents [data-of]");
  const of = areMembers() ? "open" : "verified";
  if (head?.dataset.of === of) return;
  const name = make("span", "", t(of));
  name.dataset.of = of;
  if (head) head.replaceWith(name);
  else addColumn(table, "incidents", name, (cell) => { cell.dataset.badges = ""; });
}

/* A table was shown: its column, once there is something to say. */
export function mount() {
  if (!document.documentElement.dataset.badges) return;
  document.querySelectorAll("table.areas").forEach(column);
  document.querySelectorAll("td[data-badges]").forEach(fill);
}

function note(text) {
  const element = document.getElementById("incidents-note");
  if (!element) return;
  element.hidden = !text;
  element.textContent = text || "";
}

function paint() {
  const root = document.documentElement;
  if (areMembers()) {
    clearTimeout(timer);
    note(`${t("members")} ${legend()}`);
  }
  root.dataset.badges = areMembers() ? "member" : "public";
  mount();
}

function hide() {
  delete document.documentElement.dataset.badges;
  note(null);
}

/* What the marks on the map count. */
const legend = () => t("legend", Object.fromEntries(GRAVE.map((severity) => [severity, shapeOf(severity)])));

function told({ as_of: at, delay_minutes: delay }) {
  return `${t("note", { at: clock(at, Date.now(), config.zone), n: delay })} ${legend()}`;
}

async function ask() {
  timer = setTimeout(ask, ASK_MS * (0.75 + Math.random() / 2));
  if (areMembers() || document.hidden) return;
  const answer = await fetch(`${config.base}/incidents`).catch(() => null);
  if (!answer || areMembers()) return;
  if (!answer.ok) {
    if (answer.status === 404) { clearTimeout(timer); hide(); }
    return;
  }
  const body = await answer.json();
  if (areMembers() || (!Object.keys(body.rows).length && !document.documentElement.dataset.badges)) return;
  note(told(body));
  setPublic(body.rows);
}

/* Of the present alone. */
export function start() {
  if (!moment() && document.querySelector("table.areas, #map-slot") && timer === null) ask();
}

onRows(paint);
