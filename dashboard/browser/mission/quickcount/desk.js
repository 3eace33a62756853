/* One quick count as the team sees it: who has reported, copies beside actas, the estimate beside the official count, its publication. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { DASH, group, percent } from "../../text/figures.js";
import { clock } from "../../text/moments.js";
import { properName } from "../../text/spelling.js";
import { REPORT_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, facts, field, form, link, table, time } from "../parts.js";
import * as session from "../session.js";
import * as words from "../words.js";
import { interval, settling } from "./chart.js";
import { comparisons, entries } from "./comparing.js";
import { origin } from "./frames.js";
import { areasOf, bar, byArea, isDone } from "./areas.js";

const short = (place) => config.lists[place].short;
const names = ({ areas, keys }) => areas.map((name, n) => words.areaName(keys[n], name)).join(", ");
const part = (value) => percent(Math.round(value * 1e4), 1e4, 1);

/* --- the sample, and who has reported --- */

function sample(count) {
  const heads = [[t("mission_quick.stratum"), "text"], [t("mission_quick.reported"), "text"], [t("mission_quick.sampled"), "number"], [t("mission_quick.of_mesas"), "number"]];
  const rows = count.strata.map((one) => [names(one), bar(one.standing, one.sampled), group(one.sampled), group(one.mesas)]);
  const states = Object.entries(count.states).filter(([, n]) => n).map(([name, n]) => `${t(`copy_state.${name}`)}: ${group(n)}`).join(" · ");
  const copied = t("mission_quick.standing", { standing: count.standing, mesas: count.mesas });
  return card(count.name, make("p", "lead-sentence", copied), make("p", "soft", states),
    ...origin(count.frame), table(t("mission_quick.strata"), heads, rows), make("details", "", make("summary", "", t("mission_quick.fixed")), facts([
      [t("mission_quick.unit"), t(`quickcount_unit.${count.unit}`)], [t("mission_quick.design"), t(`quickcount_design.${count.design}`)], [t("mission_quick.size"), group(count.drawn)],
      [t("mission_quick.seed"), make("code", "", count.seed)], [t("mission_quick.frame_mesas"), group(count.frame_mesas)], [t("mission_quick.frame_digest"), make("code", "", count.frame_digest)],
      [t("mission_quick.drawn_at"), time(count.drawn_at, false)], [t("mission_quick.drawn_by"), count.drawn_by]])));
}

function units(found, open, opened) {
  const heads = () => [[t("mission_quick.mesa"), "text"], [t("mission_quick.place"), "text"], [t("mission_quick.assigned"), "text"], [t("mission_quick.state"), "text"], [parts.hidden(t("mission_quick.entries")), "text"]];
  const row = (unit) => [link(unit.mesa, `/mesa/${unit.mesa}`), [unit.place_name, unit.area_name].filter(Boolean).map(properName).join(" · "),
    unit.assigned.join(", ") || DASH, make("span", unit.state === "open" || unit.is_unknown ? "severity serious" : "", t(`copy_state.${unit.state}`), unit.is_unknown ? ` · ${t("copy_standing.no_such_mesa")}` : "", ...unit.faults.map((fault) => ` ${t(`copy_fault.${fault}`)}`)),
    unit.entries ? button(t("mission_quick.entries"), () => open(unit.mesa)) : ""];
  const draw = (mesas, suffix) => parts.records(t("mission_quick.units_table") + suffix, heads(), mesas.map(row));
  return card("", make("details", "", make("summary", "", t("mission_quick.units", { n: found.units.length })), ...byArea(found.units, { areasOf, isDone, draw, opened })));
}

function arrival(found) {
  const heads = [[t("mission_quick.trait"), "text"], [t("mission_quick.in_sample"), "number"], [t("mission_quick.in_reported"), "number"], [t("mission_quick.apart"), "number"]];
  const figure = (line, value) => (value === null ? DASH : line.trait === "registered" ? group(Math.round(value)) : part(value));
  const rows = found.lines.map((line) => [line.key ? words.areaName(line.key, line.name) : t(`arrival_trait.${line.trait}`), figure(line, line.drawn), figure(line, line.copied),
    line.standardised === null ? DASH : make("span", line.is_unlike ? "own" : "", `${line.standardised.toFixed(2)}${line.is_unlike ? ` ${t("mission_quick.unlike")}` : ""}`)]);
  const unlike = found.lines.filter((line) => line.is_unlike).length;
  return card(t("mission_quick.arrival"), make("p", "", t(found.copied ? (unlike ? "mission_quick.is_unlike" : "mission_quick.is_alike") : "mission_quick.no_copies", { n: unlike })),
    make("p", "soft", t("mission_quick.arrival_about", { unlike: found.unlike })), make("details", "", make("summary", "", t("mission_quick.as_table")), parts.records(t("mission_quick.arrival"), heads, rows)));
}

/* --- the estimate --- */

export function leadSentence(lead, isTold) {
  if (!lead) return "";
  return isTold ? t("quick_count.leads", { first: short(lead.first), second: short(lead.second), ...ends(lead) }) : t("quick_count.no_lead", { first: short(lead.first), second: short(lead.second), ...ends(lead) });
}
const ends = (lead) => Object.fromEntries(["lead", "low", "high"].map((name) => [name, 100 * lead[name]]));

function estimated(found) {
  const told = t("mission_quick.response", { copied: found.copied, drawn: found.drawn, response: found.response });
  if (found.refusal) return card(t("mission_quick.estimate"), make("p", "", told), make("p", "note amber", t(`estimate_refusal.${found.refusal}`, { least: found.least_response, n: found.least_units })));
  const counted = found.official?.reduce((total, own) => total + own, 0);
  const heads = [[t("mission_quick.list"), "text"], [t("mission_quick.share"), "number"], [t("mission_quick.official"), "number"]];
  const rows = [...found.shares].sort((one, other) => other.share - one.share).map((one) => [short(one.list), interval(one), counted ? percent(found.official[one.list], counted, 2) : DASH]);
  return card(t("mission_quick.estimate"), make("p", "lead-sentence", leadSentence(found.lead, found.is_lead_told)), make("p", "", told), table(t("mission_quick.estimate"), heads, rows),
    make("p", "soft", t("mission_quick.estimate_about", { level: 100 * found.level })), make("h3", "", t("mission_quick.settled")), ...settling(found.settling));
}

/* --- its publication, by two people --- */

/* From which list of mesas it was drawn, as the public reads it. */
function framed(frame) {
  if (!frame) return [];
  const { origin, apart, as_of: at, digest } = frame;
  const said = [t(`quick_count_frame.${origin}`, frame)];
  if (apart !== null) said.push(t(apart ? "quick_count_frame.apart" : "quick_count_frame.same", { apart, as_of: clock(at, Date.now(), config.zone) }));
  if (frame.is_whole === false) said.push(t("quick_count_frame.partly"));
  return [make("p", "soft", said.join(" "), " ", t("quick_count_frame.digest"), " ", make("code", "digest", digest))];
}

function block(public_) {
  return make("div", "stack", make("p", "", leadSentence(public_.lead, public_.lead && public_.lead.low > 0)),
    make("ul", "marked", ...public_.shares.map((one) => make("li", "", `${short(one.list)}: ${interval(one)}`))),
    make("p", "soft", t("quick_count.sample", { reported: public_.reported, mesas: public_.mesas, response: public_.response, level: 100 * public_.level })), ...framed(public_.frame));
}

function step(id, label, body, moved, draw) {
  const path = `quick-counts/${encodeURIComponent(id)}/publication`;
  if (body.step !== "withdraw") return form([], label, () => parts.decide(moved, () => api.post(path, body), draw));
  return make("details", "ask", make("summary", "", label), form([field(t("mission_quick.why_back"), parts.area("reason", { required: true, maxlength: REPORT_LIMITS.longest_decision, rows: 2 }), t("mission_quick.why_back_hint"))], label,
    ({ reason }) => parts.decide(moved, () => api.post(path, { ...body, reason }), draw)));
}

function publication(count, member, hasEstimate, moved, draw) {
  const { proposal, public: shown, taken_back: gone } = count;
  const isCoordinator = session.isAtLeast(member, "coordinator");
  const children = [make("p", "soft", t("mission_quick.publication_about"))];
  if (shown) children.push(make("p", "", t("mission_quick.shown", { by: shown.by, confirmed: shown.confirmed_by }), " ", time(shown.at)), block(shown.public));
  if (gone) children.push(make("p", "note amber", t("mission_quick.gone", { by: gone.by, reason: gone.reason }), " ", time(gone.at)));
  if (proposal) {
    children.push(make("h3", "", t("mission_quick.proposed", { by: proposal.by })), block(proposal.public));
    if (proposal.is_own) children.push(make("p", "note amber", t("mission_quick.second_person")));
    else children.push(step(count.id, t("mission_quick.confirm"), { step: "confirm", digest: proposal.digest }, moved, draw));
  }
  if (isCoordinator && hasEstimate) children.push(step(count.id, t("mission_quick.propose"), { step: "propose" }, moved, draw));
  if (isCoordinator && (proposal || shown)) children.push(step(count.id, t("mission_quick.withdraw"), { step: "withdraw" }, moved, draw));
  return card(t("mission_quick.publication"), ...children);
}

export async function desk(host, id, member) {
  const isCoordinator = session.isAtLeast(member, "coordinator");
  const path = `quick-counts/${encodeURIComponent(id)}`;
  const [moved, head, mesa, beside, said, out] = Array.from({ length: 6 }, () => make("div", "stack"));
  const opened = new Set();
  parts.set(beside, { id: "copies" });
  const begin = parts.takingTurns();
  const open = async (number, isMoved = true) => {
    const isLast = begin();
    if (isMoved) parts.choose({ mesa: number });
    const told = await api.get(`${path}/mesas/${encodeURIComponent(number)}`)
      .then((found) => entries(id, found, moved, () => show(number)))
      .catch(parts.failure);
    if (!isLast()) return;
    mesa.replaceChildren(told);
    const heading = parts.set(mesa.querySelector("h2") || mesa, { tabindex: -1 });
    if (isMoved) heading.focus();
  };
  async function show(number) {
    moved.replaceChildren();
    const [count, all, compared, who, found] = await Promise.all([api.get(path), api.get(`${path}/units`), api.get(`${path}/comparisons`), api.get(`${path}/arrival`),
      isCoordinator ? api.get(`${path}/estimate`) : null]);
    head.replaceChildren(make("p", "", link(t("mission_quick.all"), "/mission/quick-count")), sample(count));
    const areas = new Map(all.units.map((unit) => [unit.mesa, areasOf(unit)]));
    beside.replaceChildren(comparisons(id, compared, areas, open), units(all, open, opened));
    said.replaceChildren(...(found ? [estimated(found)] : []), arrival(who));
    out.replaceChildren(publication(count, member, Boolean(found && !found.refusal), moved, () => show()));
    if (number) await open(number, false);
  }
  await show(parts.chosen().mesa);
  host.replaceChildren(moved, head, mesa, beside, make("div", "columns", said, out));
  document.getElementById(window.location.hash.slice(1))?.scrollIntoView(); // it was not there when the address was opened
}
