/* Where somebody looked and where nobody did, region by region, the unseen first. */
import { pathOf } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { DASH, group, percent, width } from "../text/figures.js";
import { ago } from "../text/moments.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as area from "./area.js";
import * as parts from "./parts.js";
import { card, field, form, link, select, table, time } from "./parts.js";
import * as session from "./session.js";
import * as words from "./words.js";


/* Of a region whose polling places the count does not know yet nothing is a share. */
function seen(visited, places) {
  const bar = make("i", "meter");
  bar.style.width = width(visited, places);
  return make("span", "", make("span", "track", bar), make("span", "n", `${group(visited)} / ${places ? group(places) : DASH}`));
}

function row(region) {
  const at = region.last_report_at;
  const last = at ? make("span", "", time(at, false), make("span", "n ago", ` · ${ago(at, Date.now())}`)) : t("mission_coverage.never");
  return [link(words.areaName(region.key, region.name), pathOf(region.key)),
    seen(region.visited, region.places), group(region.observers), make("span", region.is_silent ? "silent" : "", last)];
}

/* --- who is where; the coordinators say so --- */

const nameOf = (posting) => words.areaName(posting.key, posting.name);

function standing({ postings, unassigned }) {
  const heads = [[t("mission_posting.observer"), "text"], [t("mission_posting.key"), "text"], [t("mission_posting.since"), "text"]];
  const rows = postings.map((posting) => [posting.observer, link(nameOf(posting), pathOf(posting.key)), time(posting.at, false)]);
  const told = t("mission_posting.numbers", { posted: postings.length, rest: unassigned.length });
  return make("div", "stack", make("p", "soft", told),
    ...(rows.length ? [make("details", "ask", make("summary", "", t("mission_posting.who")), table(t("mission_posting.who"), heads, rows))] : []));
}

function assign(found, slot) {
  const where = area.finder("place-query", t("mission_posting.key"), area.levels(), { hint: t("mission_posting.key_hint") });
  const nobody = [["", t("mission_posting.choose")]];
  const free = found.unassigned.map((name) => [name, t("mission_posting.free", { name })]);
  const posted = found.postings.map((posting) => [posting.observer, `${posting.observer} · ${nameOf(posting)}`]);
  const who = parts.set(select("observer", [...nobody, ...free, ...posted]), { required: true });
  return form([field(t("mission_posting.observer"), who), where.element], t("mission_posting.send"), async ({ observer }) => {
    const key = where.read() ? where.read().key : null;
    show(await api.post("postings", { postings: [{ observer, key }] }), slot);
    parts.say(t("mission_posting.done", { observer }));
  });
}

const show = (found, slot) => slot.replaceChildren(standing(found), ...(slot.dataset.mayAssign ? [assign(found, slot)] : []));

async function posting(member) {
  const slot = make("div", "stack");
  if (session.isAtLeast(member, "coordinator")) slot.dataset.mayAssign = "yes";
  show(await api.get("postings"), slot);
  return card(t("mission_posting.heading"), make("p", "soft", t("mission_posting.about")), slot);
}

export async function view(host, member) {
  const found = await api.get("coverage");
  const regions = [...found.regions].sort((one, other) => (one.last_report_at || "").localeCompare(other.last_report_at || ""));
  const silent = regions.filter((region) => region.is_silent).length;
  const heads = [[t("mission_coverage.region"), "text"], [t("mission_coverage.visited"), "number"],
    [t("mission_coverage.observers"), "number"], [t("mission_coverage.last"), "text"]];
  host.replaceChildren(
    card("", make("p", "lead-sentence", t("mission_coverage.sentence", {
      visited: found.places_visited, places: found.places || null, pct: percent(found.places_visited, found.places, 1), silent, hours: found.silent_after_hours, observers: found.observers,
    })), make("p", "soft", t("mission_coverage.about"))),
    card(t("mission_coverage.heading"), table(t("mission_coverage.heading"), heads, regions.map(row))), await posting(member));
}
