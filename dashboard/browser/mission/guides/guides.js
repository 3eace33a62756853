/* The mission's guides: a list, one to read, and a search in all of them. The device keeps them, so that they open without network. */
import { make, set } from "../../text/dom.js";
import { t as word } from "../../text/words.js";
import * as device from "../../device/guides.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, field, input, link } from "../parts.js";
import { article, find, pathOf, side } from "./document.js";

const PAGE = "/mission/guides";
const LISTENS_MS = 600; // a search is said once whoever types has paused
const t = (name, values) => word(`mission_guides.${name}`, values);

/* What is new is fetched, what has gone is dropped; without network, what was kept. */
async function load() {
  const kept = await device.keptGuides();
  const known = new Map(kept.map((guide) => [`${guide.name} ${guide.digest}`, guide]));
  try {
    const { guides: lines, faults } = await api.get("guides");
    const guides = await Promise.all(lines.map(({ name, digest }) => known.get(`${name} ${digest}`) ?? api.get(`guides/${name}`)));
    return { guides, faults, told: (await device.keepGuides(guides)) ? "kept" : "unkept" };
  } catch (error) {
    if (!(error instanceof api.Refused) || error.status) throw error;
    return { guides: kept, faults: [], told: kept.length ? "offline" : "nothing" };
  }
}

function results(guides, words) {
  const found = guides.flatMap((guide) => find(guide, words).map((each) => ({ guide, ...each })));
  const lines = found.map(({ guide, heading, before, words: match, after }) => make("li", "",
    link([side(guide).title, heading].filter(Boolean).join(" · "), pathOf(guide.name, { q: words })),
    set(make("p", "soft", before, make("mark", "", match), after), { lang: side(guide).language })));
  return [make("p", "soft", t("found", { n: found.length })), make("ol", "results", ...lines)];
}

/* `isShown`: what the address asks for is listed at once. */
function search(guides, words, isShown) {
  const slot = make("div", "stack");
  const control = set(input("q", { type: "search", value: words }), { "aria-controls": "guide-results" });
  let saying = 0;
  slot.id = "guide-results";
  const show = () => slot.replaceChildren(...(control.value.trim() ? results(guides, control.value) : []));
  if (isShown) show();
  control.addEventListener("input", () => {
    show();
    clearTimeout(saying);
    saying = setTimeout(() => parts.say(slot.firstChild?.textContent ?? ""), LISTENS_MS);
  });
  return set(card("", field(t("search"), control), slot), { class: "card stack script-only" });
}

const list = (guides) => card(t("heading"), make("ul", "guide-list", ...guides.map((guide) =>
  make("li", "", set(link(side(guide).title, pathOf(guide.name)), { lang: side(guide).language })))));

function reading(guide, words) {
  const ways = make("div", "row script-only", link(t("all"), PAGE), button(t("print"), () => window.print()));
  const body = card(side(guide).title, article(guide, words), ways);
  requestAnimationFrame(() => body.querySelector("mark")?.scrollIntoView({ block: "center" }));
  return body;
}

export async function view(host) {
  const { name, q = "" } = parts.chosen();
  const { guides, faults, told } = await load();
  const chosen = guides.find((guide) => guide.name === name);
  host.replaceChildren(
    ...(faults.length ? [make("div", "note amber", make("p", "", t("faults")), make("ul", "marked", ...faults.map((fault) => make("li", "", fault))))] : []),
    ...(guides.length ? [search(guides, q, !chosen)] : []),
    ...(name && !chosen ? [parts.empty(t("missing"))] : []),
    ...(chosen ? [reading(chosen, q)] : guides.length ? [list(guides)] : []),
    make("p", "soft", t(told)));
}
