/* The desk of the forms: how complete the day is, who is silent, what looks odd, where observers differ. */
import { make } from "../../text/dom.js";
import { DASH } from "../../text/figures.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { card, link, records } from "../parts.js";
import * as session from "../session.js";
import * as words from "../words.js";
import { formOf, issues, pathOf, titleOf, versionsOf } from "./answers.js";
import { matrix, missing } from "./matrix.js";

const AGAIN_MS = 60000;
const SECTIONS = { missing: "missing", undecided: "differences", odd: "odd", silent: "silent" }; // where each number is told

function silent(found, member) {
  if (!found.silent.length) return parts.empty(t("mission_silence.none"));
  const heads = [["observer", "text"], ["team", "text"], ["region", "text"], ["last", "text"]].map(([name, kind]) => [t(`mission_silence.${name}`), kind]);
  const named = (who) => (session.isAtLeast(member, "coordinator") ? link(who, `/mission/messages${api.query({ person: who })}`) : who);
  const rows = found.silent.map((one) => [named(one.observer), one.team || DASH, (one.region ? words.areaName(one.region, found.names[one.region]) : DASH),
    make("span", "silent", one.last_at ? t("mission_silence.since", { age: parts.age(one.last_at) }) : t("mission_silence.never"))]);
  return records(t("mission_silence.heading"), heads, rows);
}

async function odd(response) {
  const form = await formOf(response);
  return make("li", "response-line", make("span", "what", link(titleOf(form), pathOf(response)), make("span", "soft where", words.where(response))),
    make("span", "soft", [response.observer, response.team].filter(Boolean).join(" · ")), parts.time(response.received_at, false),
    make("ul", "marked", ...issues(response, form).map(([sentence]) => make("li", "", sentence))));
}

async function differing(one) {
  const form = (await versionsOf(one.form)).at(-1);
  const path = `/mission/responses?form=${encodeURIComponent(one.form)}&place=${encodeURIComponent(one.place_code)}`;
  const [first] = one.responses;
  const n = one.undecided.length;
  const mark = make("span", `incident-state ${n ? "" : "verified"}`, n ? t("mission_conflict.undecided", { n }) : t("mission_conflict.decided"));
  return make("li", "response-line", make("span", "what", link(titleOf(form), path), make("span", "soft where", words.where(first))),
    make("span", "soft", one.responses.map((each) => each.observer).join(" · ")), mark);
}

/* What there is in one line, each number a way to what it counts. */
function summary(found, counts, undecided) {
  const numbers = { all: counts.all, odd: counts.to_look_at, missing: missing(found), undecided, partial: counts.partial, silent: found.silent.length };
  const parts_ = Object.entries(numbers).flatMap(([name, n]) => {
    const text = t(`mission_response.n_${name}`, { n });
    return [" · ", n && SECTIONS[name] ? parts.set(make("a", "", text), { href: `#${SECTIONS[name]}` }) : text];
  });
  return make("p", "lead-sentence", ...parts_.slice(1));
}

const section = (name, ...children) => parts.set(card(...children), { id: name });

/* The first of a list: the others follow as these are settled. */
const listed = (items, next, none) => (items.length ? make("div", "stack", make("ol", "response-list", ...items), ...(next ? [parts.empty(t("mission_response.first", { n: items.length }))] : [])) : parts.empty(none));

async function draw(host, member, isFree = () => true) {
  const [found, waiting, conflicts] = await Promise.all([api.get("completeness"), api.get("responses", { to_look_at: true }), api.get("conflicts")]);
  const { counts } = waiting;
  const distances = found.are_distances_told ? [] : [make("p", "soft", t("mission_quality.no_distances"))];
  const [oddities, differences] = await Promise.all([Promise.all(waiting.responses.map(odd)), Promise.all(conflicts.conflicts.map(differing))]);
  if (!isFree()) return;
  host.replaceChildren(
    card("", summary(found, counts, conflicts.undecided)),
    section("missing", t("mission_completeness.heading"), make("p", "soft", t("mission_completeness.about", { late: found.late_minutes })), ...matrix(found)),
    make("div", "columns",
      section("differences", t("mission_conflict.heading"), make("p", "soft", t("mission_conflict.about")), listed(differences, conflicts.next, t("mission_conflict.none"))),
      section("odd", t("mission_quality.heading"), make("p", "soft", t("mission_quality.about")), ...distances, listed(oddities, waiting.next, t("mission_quality.none")))),
    section("silent", t("mission_silence.heading"), make("p", "soft", t("mission_silence.about", { age: parts.span(found.silent_minutes) })), silent(found, member)));
}

/* Drawn again each minute, unless somebody reads or works in it. */
export async function show(host, member) {
  await draw(host, member);
  document.getElementById(window.location.hash.slice(1))?.scrollIntoView(); // it was not there when the address was opened
  const isFree = () => !host.contains(document.activeElement);
  setInterval(async () => {
    if (document.hidden || !isFree()) return;
    try { await draw(host, member, isFree); } catch (error) { parts.failure(error); }
  }, AGAIN_MS);
}
