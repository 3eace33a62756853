/* The search box: a combobox over /search; six digits are a mesa. The API forgives accents and case. */
import { href, kindOf, pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make, set } from "../text/dom.js";
import { t } from "../text/words.js";
import { go } from "./navigation.js";
import { properName } from "../text/spelling.js";

const DEBOUNCE_MS = 200;
const NARROW = window.matchMedia("(max-width: 24rem)");
let input = null;
let list = null;
let note = null;
let timer = null;
let hits = [];
let active = -1;
let asked = 0;

/* Beside the other buttons of a phone there is room for a word; whoever is in the field has the whole line. */
function hint() {
  input.placeholder = t(NARROW.matches && document.activeElement !== input ? "search.short" : "search.placeholder");
}

function build(host) {
  input = set(make("input"), {
    type: "search", id: "search-input", autocomplete: "off",
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "search-hits", "aria-expanded": "false",
  });
  const label = set(make("label", "visually-hidden", t("search.label")), { for: input.id });
  list = set(make("ul", "hits"), { id: "search-hits", hidden: true, role: "listbox", "aria-label": t("search.label") });
  note = set(make("div", "visually-hidden"), { role: "status" });
  host.append(label, input, list, note);
  for (const [source, event] of [[NARROW, "change"], [input, "focus"], [input, "blur"]]) source.addEventListener(event, hint);
  hint();
}

function close() {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function option(hit, index) {
  const name = properName(hit.name);
  const kind = [kindOf(hit.key), properName(hit.context || "")].filter(Boolean).join(" · ");
  const item = set(make("li", "", make("b", "", name), make("small", "", kind)), { id: `search-hit-${index}`, role: "option" });
  item.addEventListener("mousedown", (event) => { event.preventDefault(); open(index); });
  return item;
}

function show(found, query) {
  hits = found;
  active = -1;
  const empty = make("li", "soft", t("search.none", { query }));
  list.replaceChildren(...(hits.length ? hits.map(option) : [empty]));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
  note.textContent = hits.length ? t("search.found", { n: hits.length }) : t("search.none", { query });
}

function mark(index) {
  active = (index + hits.length) % hits.length;
  [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
  input.setAttribute("aria-activedescendant", `search-hit-${active}`);
  list.children[active].scrollIntoView({ block: "nearest" });
}

function open(index) {
  const { key } = hits[index];
  input.value = "";
  close();
  go(href(pathOf(key)));
}

async function ask() {
  const query = input.value.trim();
  const own = ++asked;
  if (query.length < config.shown.search_letters) { close(); return; }
  try {
    const answer = await fetch(`${config.base}/search?q=${encodeURIComponent(query)}`);
    const found = answer.ok ? (await answer.json()).hits : [];
    if (own === asked) show(found, query);
  } catch {
    note.textContent = t("search.failed");
  }
}

async function enter() {
  clearTimeout(timer);
  if (list.hidden) await ask();
  if (hits.length && !list.hidden) open(Math.max(0, active));
}

function keydown(event) {
  const keys = {
    ArrowDown: () => hits.length && !list.hidden && mark(active + 1),
    ArrowUp: () => hits.length && !list.hidden && mark(active < 0 ? hits.length - 1 : active - 1),
    Enter: enter,
    Escape: close,
  };
  if (!Object.hasOwn(keys, event.key)) return;
  if (event.key !== "Escape" || !list.hidden) event.preventDefault();
  keys[event.key]();
}

export function start() {
  const host = document.getElementById("search");
  if (!host) return;
  build(host);
  input.addEventListener("keydown", keydown);
  input.addEventListener("blur", close);
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, DEBOUNCE_MS); });
}
