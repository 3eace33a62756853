/* All incidents: a list or a board, narrowed by filters that live in the address. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { DASH } from "../text/figures.js";
import { isKey } from "../text/keys.js";
import { STATES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as alerts from "./alerts.js";
import * as api from "./api.js";
import * as area from "./area.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { button, field, input, select } from "./parts.js";
import * as session from "./session.js";
import * as words from "./words.js";

const FILTERS = ["state", "severity", "category", "within", "text", "since", "until", "reporter", "view", "order"];
// What narrows the list; the others say how it is shown.
const NARROWING = FILTERS.filter((name) => name !== "view" && name !== "order");
const ROOMY = "(min-width: 48rem)";
const AGAIN_MS = 20000;

const choice = () => Object.fromEntries(FILTERS.map((name) => [name, parts.chosen()[name] || ""]));

function options(values, all) {
  return [["", all], ...values.map(([code, text]) => [code, text])];
}

function active(chosen) {
  const n = NARROWING.filter((name) => chosen[name]).length;
  return n ? t("mission_list.filters", { n }) : t("mission_list.no_filters");
}

/* Folded where there is little room, so that the list begins on the first screen; the fold says how many narrow it. */
function filters(chosen, changed, regions) {
  const any = t("mission_list.any");
  const named = regions.map(({ key, name }) => [key, words.areaName(key, name)]);
  const controls = [
    field(t("mission_list.state"), select("state", options(words.states(), any), chosen.state)),
    field(t("mission_list.severity"), select("severity", options(words.severities(), any), chosen.severity)),
    field(t("mission_list.category"), select("category", options(words.categories(), any), chosen.category)),
    field(t("mission_list.region"), select("within", options(named, any), chosen.within)),
    field(t("mission_list.text"), input("text", { type: "search", value: chosen.text })),
    field(t("mission_list.since"), input("since", { type: "date", value: chosen.since })),
    field(t("mission_list.until"), input("until", { type: "date", value: chosen.until })),
    field(t("mission_list.reporter"), input("reporter", { value: chosen.reporter, autocapitalize: "none" })),
    field(t("mission_list.order"), select("order", [["", t("mission_list.newest")], ["oldest", t("mission_list.oldest")]], chosen.order)),
  ];
  const form = make("form", "filters", ...controls);
  // An area that is no region stays chosen until another one is: the select does not have it.
  const given = () => Object.entries(Object.fromEntries(new FormData(form))).filter(([name, value]) => name !== "within" || value || isRegion(choice().within));
  const isRegion = (key) => named.some(([each]) => each === key);
  form.addEventListener("change", () => changed(Object.fromEntries(given())));
  form.addEventListener("submit", (event) => event.preventDefault());
  const fold = make("details", "narrowing", make("summary", "", active(chosen)), form);
  fold.open = window.matchMedia(ROOMY).matches;
  return fold;
}

function toggle(chosen, changed) {
  const buttons = ["list", "board"].map((view) => {
    const isChosen = (chosen.view || "list") === view;
    return parts.set(button(t(`mission_list.${view}`), () => changed({ view: view === "list" ? "" : view })), { "aria-pressed": String(isChosen) });
  });
  return parts.set(make("div", "toggle", ...buttons), { role: "group", "aria-label": t("mission_list.how") });
}

/* Inside an area: said, and undone with one press. */
function within(chosen, changed) {
  if (!isKey(chosen.within) || chosen.within === "nation") return [];
  return [area.inside(chosen.within, () => changed({ within: "" }))];
}

function summary(found) {
  const { counts, oldest_unverified_at: oldest } = found;
  const age = oldest ? parts.age(oldest) : DASH;
  return make("p", "", t("mission_list.summary", { fresh: counts.new, verify: counts.to_verify, open: counts.verified_open, age }));
}

const asked = (chosen) => {
  const { view, ...rest } = chosen;
  return { ...rest, within: isKey(rest.within) ? rest.within : "" };
};

/* The board shows states side by side, so it takes several pages of the list. */
async function everything(chosen) {
  const first = await api.get("incidents", asked(chosen));
  let found = first;
  for (let page = 1; chosen.view === "board" && found.next && page < config.shown.board_pages; page += 1) {
    found = await api.get("incidents", { ...asked(chosen), before: found.next });
    first.incidents.push(...found.incidents);
  }
  return { ...first, next: found.next };
}

function older(chosen, found, list) {
  if (!found.next) return [];
  const more = button(t("mission_list.older"), async () => {
    const next = await api.get("incidents", { ...asked(chosen), before: found.next });
    list.append(...next.incidents.map(lines.line));
    more.replaceWith(...older(chosen, next, list));
  });
  return [more];
}

function body(chosen, found) {
  if (chosen.view === "board") return [lines.board(found.incidents, chosen.state ? [chosen.state] : STATES)];
  const list = lines.list(found.incidents, t("mission_list.none"));
  return [list, ...older(chosen, found, list)];
}

const csv = () => button(t("mission_list.csv"), () => api.save("incidents.csv", asked(choice()), "incidents.csv"));

export async function view(host, member) {
  const isTeam = session.isAtLeast(member, "verifier");
  const regions = isTeam ? (await api.get("coverage")).regions : [];
  const [told, content] = [make("div", "stack"), make("div", "stack card")];
  const begin = parts.takingTurns();
  let standing = null;
  async function show() {
    const [chosen, isLast] = [choice(), begin()];
    const found = await everything(chosen);
    if (!isLast()) return;
    const now = JSON.stringify([chosen, found, Math.floor(Date.now() / 60000)]);
    if (now === standing) return;
    standing = now;
    told.replaceChildren(summary(found));
    content.replaceChildren(...body(chosen, found));
  }
  async function changed(values) {
    parts.choose({ ...choice(), ...values });
    head();
    await show();
  }
  const [top, fold] = [make("div", "stack"), filters(choice(), changed, regions)];
  function head() {
    fold.firstElementChild.textContent = active(choice());
    top.replaceChildren(
      make("div", "row spread", toggle(choice(), changed), ...(isTeam ? [csv()] : [])),
      ...within(choice(), changed));
  }
  head();
  await show();
  host.replaceChildren(fold, top, told, content);
  const again = () => { if (!document.hidden) show().catch(() => {}); };
  setInterval(again, AGAIN_MS);
  alerts.onNew(again);
}
