/* What the mission's pages are built of: every text is set as text, none of it is ever read as HTML. */
import { href } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make, set, select as selectOf } from "../text/dom.js";
import { DASH } from "../text/figures.js";
import { mesaLength } from "../text/keys.js";
import { ago, clock } from "../text/moments.js";
import { t } from "../text/words.js";
import { Refused } from "./api.js";

const SLOW_MS = 2000; // whatever takes longer shows that it goes on
let numbered = 0;

export { choose, openWith } from "../text/addresses.js";
export { button, set } from "../text/dom.js";

export const link = (text, path, className = "") => set(make("a", className, text), { href: href(path) });

/* A label, its control, and a hint that is read out with it. */
export function field(label, control, hint) {
  numbered += 1;
  control.id ||= `field-${numbered}`;
  const name = set(make("label", "", label), { for: control.id });
  const parts = [name, control];
  if (hint) {
    const text = set(make("p", "hint soft", hint), { id: `${control.id}-hint` });
    set(control, { "aria-describedby": text.id });
    parts.splice(1, 0, text);
  }
  return make("div", "field", ...parts);
}

export const input = (name, attributes = {}) => set(make("input"), { name, type: "text", autocomplete: "off", ...attributes });

/** A mesa's number. */
export const mesaInput = (attributes) =>
  input("mesa", { inputmode: "numeric", pattern: `[0-9]{${mesaLength()}}`, maxlength: mesaLength(), ...attributes });

export function area(name, attributes = {}) {
  return set(make("textarea"), { name, rows: 4, ...attributes });
}

/* options: [[value, text]]. */
export const select = (name, options, value = "") => set(selectOf(options, value), { name });

/* Choices of one kind, each a press: options [[value, text, hint]]. */
export function radios(legend, name, options, value = "") {
  const set_ = make("fieldset", "radios", make("legend", "", legend));
  for (const [each, text, hint] of options) {
    const control = set(make("input"), { type: "radio", name, value: each, checked: each === value, required: true });
    const label = make("label", "radio", control, make("span", "", make("b", "", text), ...(hint ? [make("small", "soft", hint)] : [])));
    set_.append(label);
  }
  return set_;
}

/* Shows that something goes on, once it takes long: in an empty slot, or above what stands there. */
export async function patiently(slot, step, text = t("mission.working"), { isAbove = false } = {}) {
  const bar = make("label", "stack soft", text, make("progress"));
  const timer = setTimeout(() => { if (isAbove || !slot.childElementCount) slot.prepend(bar); }, SLOW_MS);
  try {
    return await step;
  } finally {
    clearTimeout(timer);
    bar.remove();
  }
}

/* A form that sends once: `send(values, form)` is awaited, its failure is said in the form. */
export function form(parts, label, send) {
  const submit = set(make("button", "primary", label), { type: "submit" });
  const told = set(make("div", "told"), { role: "alert" });
  const element = make("form", "stack", ...parts, told, make("div", "row", submit));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    told.replaceChildren();
    try {
      await patiently(told, send(Object.fromEntries(new FormData(element)), element));
    } catch (error) {
      told.replaceChildren(failure(error));
    }
    submit.disabled = false;
  });
  return element;
}

export function failure(error) {
  if (!(error instanceof Refused)) throw error;
  return make("p", "note amber", error.sentence);
}

export function card(heading, ...children) {
  return make("section", "card stack", ...(heading ? [make("h2", "", heading)] : []), ...children);
}

/* pairs: [[name, value or element]]; what has no value is a dash. */
export function facts(pairs) {
  const value = (given) => (given === null || given === undefined || given === "" ? DASH : given);
  return make("dl", "facts", ...pairs.map(([name, given]) => make("div", "", make("dt", "", name), make("dd", "", value(given)))));
}

/* heads: [[text, "text" | "number"]]; rows: [[cell…]], the first of each its head. */
export function table(caption, heads, rows, kind = "ruled") {
  const columns = heads.map(([text, own]) => set(make("th", own, text), { scope: "col" }));
  const names = columns.map((column) => (column.querySelector(".visually-hidden") ? null : column.textContent));
  const row = (cells) => make("tr", "", ...cells.map((cell, index) => {
    const own = heads[index][1];
    return index ? set(make("td", own, cell), { "data-head": names[index] }) : set(make("th", own, cell), { scope: "row" });
  }));
  const element = make("table", kind, make("caption", "visually-hidden", caption),
    make("thead", "", make("tr", "", ...columns)), make("tbody", "", ...rows.map(row)));
  return set(make("div", "scroller", element), { role: "region", tabindex: 0, "aria-label": caption });
}

/* The same where each row is something by itself: on a phone a block of its own, in which every cell is named. */
export const records = (caption, heads, rows) => table(caption, heads, rows, "ruled records");

/* "14:05 · hace 3 min"; a dash where there is none. */
export function time(stamp, withAge = true) {
  if (!stamp) return make("span", "", DASH);
  const text = clock(stamp, Date.now(), config.zone);
  return set(make("time", "n", withAge ? `${text} · ${ago(stamp, Date.now())}` : text), { datetime: stamp });
}

/* "47 min", "3 h": a length of time. */
export const span = (minutes) => (minutes < 120 ? t("mission.minutes", { n: minutes }) : t("mission.hours", { n: Math.floor(minutes / 60) }));

/* How long since a moment. */
export const age = (stamp) => span(Math.max(0, Math.floor((Date.now() - Date.parse(stamp)) / 60000)));

export const hidden = (text) => make("span", "visually-hidden", text);
export const empty = (text) => make("p", "soft", text);

/* For what is shown when an answer has come: begin() says of each that begins whether it still is the last; who is not was overtaken. */
export function takingTurns() {
  let begun = 0;
  return () => {
    const own = ++begun;
    return () => own === begun;
  };
}

/* Said politely to whoever listens. */
export function say(text) {
  document.getElementById("announcer").textContent = text;
}

/* Said where it is seen first, and to whoever listens. */
export function tell(host, said, kind) {
  say(said);
  host.replaceChildren(make("p", `note ${kind}`, said));
  window.scrollTo(0, 0);
}

/* Sends what is decided upon what is shown; where that moved meanwhile, `draw` shows what stands now and `host` says so. */
export async function decide(host, send, draw) {
  try {
    await send();
  } catch (error) {
    if (!error.isMoved) throw error;
    await draw();
    tell(host, error.sentence, "amber");
    return false;
  }
  await draw();
  return true;
}

/* The address's query. */
export const chosen = () => Object.fromEntries(new URLSearchParams(window.location.search));
