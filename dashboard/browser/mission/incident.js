/* One incident: what was said, when and by whom, its photos, the moves that are legal now, and the log of all that happened. */
import { kindOf, pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { codeOf, keyOf, levelOf } from "../text/keys.js";
import { clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { aside } from "./lines.js";
import * as moves from "./moves.js";
import * as parts from "./parts.js";
import { card, facts, time } from "./parts.js";
import * as place from "./place.js";
import * as session from "./session.js";
import * as words from "./words.js";

let addresses = []; // of the photos on screen

function rubric(incident) {
  return make("span", "", words.severity(incident.severity), " ", make("span", "soft", words.rubric(incident.severity)));
}

function where(incident) {
  const key = words.keyOf(incident.place);
  return key ? parts.link(words.where(incident), pathOf(key)) : make("span", "", words.where(incident));
}

function position(incident) {
  if (!incident.position) return null;
  const { lat, lon, accuracy } = incident.position;
  return t("mission_incident.position_value", { lat: Number(lat).toFixed(4), lon: Number(lon).toFixed(4), m: Math.round(accuracy || 0) });
}

/* By how much the phone's clock is off, where it told its time as it sent. */
export function clockOf({ clock_ahead_s: ahead, is_clock_off: isOff }) {
  if (ahead === null) return [];
  const age = parts.span(Math.round(Math.abs(ahead) / 60));
  const said = isOff ? t(`mission_incident.clock_${ahead > 0 ? "ahead" : "behind"}`, { age }) : t("mission_incident.clock_right");
  return [" ", make("small", isOff ? "amber" : "soft", said)];
}

/* Phone time, by our clock, against received time: a large difference is said. */
function drift(incident) {
  const sent = Date.parse(incident.device_at) - 1000 * (incident.clock_ahead_s ?? 0);
  const minutes = Math.round((Date.parse(incident.received_at) - sent) / 60000);
  return Math.abs(minutes) < 2 ? t("mission_incident.drift_none") : t("mission_incident.drift", { n: minutes });
}

const to = (id) => parts.link(id, `/mission/incident?id=${encodeURIComponent(id)}`);

/* What it was opened from: a form's answers, or a flag. */
function evidence({ flag }) {
  if (!flag) return [];
  const [, response] = /^response\/(.+)$/.exec(flag) || [];
  const path = response ? `/mission/responses?id=${encodeURIComponent(response)}` : `/mission/flags?id=${encodeURIComponent(flag)}`;
  return [[t("mission_incident.evidence"), parts.link(t(response ? "mission_incident.from_form" : "mission_incident.from_flag"), path)]];
}

/* Reports of the same thing: the one it went into, and those it took in. */
function related(incident) {
  const taken = (incident.absorbed || []).flatMap((id) => [to(id), " "]);
  const other = incident.into ? make("span", "", to(incident.into), " ", ...(incident.into_state ? [words.state(incident.into_state)] : [])) : null;
  return [...(other ? [[t("mission_incident.merged"), other]] : []),
    ...(taken.length ? [[t("mission_incident.absorbed"), make("span", "", ...taken)]] : [])];
}

function report(incident) {
  return card(t("mission_incident.report"),
    make("p", "said", incident.text || ""),
    facts([
      [t("mission_incident.severity"), rubric(incident)],
      [t("mission_incident.where"), where(incident)],
      [t("mission_incident.by"), (incident.reporters || [incident.reporter]).join(", ")],
      [t("mission_incident.occurred"), time(incident.occurred_at)],
      [t("mission_incident.device"), make("span", "", time(incident.device_at), ...clockOf(incident))],
      [t("mission_incident.received"), make("span", "", time(incident.received_at), " ", make("small", "soft", drift(incident)))],
      [t("mission_incident.voices"), t("mission.voices", { n: incident.voices, needed: incident.voices_needed })],
      ...[["assigned", incident.assigned_to], ["basis", incident.basis && words.basisWord(incident.basis)], ["position", position(incident)]]
        .filter(([, value]) => value).map(([name, value]) => [t(`mission_incident.${name}`), value]),
      ...(incident.correction ? [[t("mission_correction.corrected"), make("span", "", time(incident.corrected_at), ` · ${incident.correction}`)]] : []),
      ...evidence(incident),
      ...related(incident),
    ]));
}

/* --- photos: fetched with the member's right to them, shown from memory --- */

async function picture(incident, photo, index) {
  const address = await api.photo(incident.id, photo.hash);
  addresses.push(address);
  const image = Object.assign(make("img"), { src: address, alt: t("mission_incident.photo", { n: index + 1 }), loading: "lazy" });
  const open = parts.set(make("a", "", image), { href: address, target: "_blank", rel: "noopener" });
  return make("figure", "photo", open, make("figcaption", "soft", make("code", "", String(photo.hash).slice(0, 12))));
}

function photos(incident) {
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [];
  if (!(incident.photos || []).length) return [];
  const host = make("div", "photos", make("p", "soft", t("mission_incident.loading")));
  Promise.all(incident.photos.map((photo, index) => picture(incident, photo, index)))
    .then((figures) => host.replaceChildren(...figures), (error) => host.replaceChildren(parts.failure(error)));
  return [card(t("mission_incident.photos"), host)];
}

/* --- the log --- */

/* One thing that was corrected, as it was and as it is. */
const FACTS = {
  category: words.category,
  severity: words.severityWord,
  location: ({ key }) => (key ? `${levelWord(key)} ${codeOf(key)}` : t("mission.no_station")),
  occurred_at: (stamp) => clock(stamp, Date.now(), config.zone),
};

const levelWord = (key) => (levelOf(key) === "mesa" ? t("mission_place.mesa") : kindOf(key));

function corrected({ before, after }) {
  const lines = Object.keys(FACTS).filter((name) => after[name]).map((name) =>
    make("li", "", `${t(`mission_correction.${name}`)}: ${FACTS[name](before[name])} → ${FACTS[name](after[name])}`));
  return make("ul", "marked", ...lines);
}

/* What only this line has: which other incident, who has it now, which picture, what is said otherwise, where it is. */
function told(detail) {
  if (!detail) return null;
  if (detail.after) return corrected(detail);
  if (detail.key) return make("span", "", FACTS.location({ key: detail.key }), " · ", FACTS.location({ key: keyOf("polling_place", detail.place) }));
  const other = detail.into || detail.incident;
  if (other) return to(other);
  if ("to" in detail) return make("span", "", detail.to || t("mission_incident.nobody"));
  return detail.hash ? make("code", "", String(detail.hash).slice(0, 12)) : null;
}

function happened(event) {
  const isFirst = event.before === "draft";
  const states = event.before === event.after ? [] : [...(isFirst ? [] : [words.state(event.before), " → "]), words.state(event.after)];
  const why = [event.basis ? words.basisWord(event.basis) : "", event.reason, event.text].filter(Boolean).join(" · ");
  const more = told(event.detail);
  return make("li", "event",
    time(event.at, false), make("b", "", words.moveWord(event.move)), make("span", "", ...states),
    make("span", "soft", words.actor(event.actor)), ...(more ? [more] : []), ...(why ? [make("p", "said", why)] : []));
}

function log(incident) {
  return card(t("mission_incident.log"), make("ol", "log", ...incident.events.map(happened)));
}

function heading(incident) {
  return make("div", "row", make("h2", "title", words.category(incident.category)), words.severity(incident.severity), words.standing(incident), ...aside(incident));
}

export async function view(host, member) {
  const { id } = parts.chosen();
  if (!id) { host.replaceChildren(parts.empty(t("mission_incident.none"))); return; }
  const [main, beside, past, moved] = [make("div", "stack"), make("div", "stack beside"), make("div", "stack past"), make("div")];
  let filled = null; // what stands beside, once it is on its way
  async function draw() {
    moved.replaceChildren();
    const incident = await api.get(`incidents/${encodeURIComponent(id)}`);
    main.replaceChildren(heading(incident), report(incident), ...photos(incident), moves.panel(incident, member, { draw, moved }));
    past.replaceChildren(log(incident));
    if (filled) await (await filled)(incident);
    return incident;
  }
  const incident = await draw();
  const back = session.isAtLeast(member, "verifier") ? parts.link(t("mission_incident.back"), "/mission/incidents") : parts.link(t("mission_incident.mine"), "/mission/report");
  host.replaceChildren(make("p", "", back), moved, make("div", "columns wide-left incident-page", main, beside, past));
  filled = place.fill(beside, incident, member);
  await filled;
}
