/* What may be done with an incident by whoever is looking: only legal moves are offered, each asks for what it needs. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { clock } from "../text/moments.js";
import { REPORT_LIMITS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { local } from "./form.js";
import * as parts from "./parts.js";
import { area, button, card, field, form, input, select } from "./parts.js";
import * as session from "./session.js";
import * as where from "./where.js";
import * as words from "./words.js";

const at = (incident, what) => `incidents/${encodeURIComponent(incident.id)}/${what}`;

/* Decides upon what is shown: `page` says where it is told that this moved meanwhile, and draws what stands now. */
const decide = (page, incident, what, body) => parts.decide(page.moved, () => api.post(at(incident, what), { ...body, seen: incident.revision }), page.draw);

/* What a press does: one of several verifications says which, and whether the incident is verified by it. */
function label(incident, move) {
  const { voices, voices_needed: needed } = incident;
  if (move.move !== "verify" || needed < 2) return words.moveWord(move.move);
  return t(voices + 1 < needed ? "mission_voices.give_first" : "mission_voices.give_last", { needed: words.cardinal(needed) });
}

/* One press where nothing is asked; else the press opens the questions. */
function offer(incident, move, page) {
  const name = label(incident, move);
  const send = async (body) => {
    if (await decide(page, incident, "moves", { move: move.move, ...body })) parts.say(t("mission_incident.done", { move: words.moveWord(move.move) }));
  };
  if (!move.needs_reason && !move.needs_basis) {
    return form([], name, () => send({}));
  }
  const asks = [];
  if (move.needs_basis) asks.push(field(t("mission_incident.basis"), select("basis", words.bases().filter(([code]) => code !== "none"))));
  if (move.needs_reason) asks.push(field(t("mission_incident.reason"), area("reason", { required: true, rows: 2, maxlength: REPORT_LIMITS.longest_reason })));
  return make("details", "ask", make("summary", "", name), form(asks, name, send));
}

function note(incident, page) {
  return make("details", "ask", make("summary", "", t("mission_incident.add_note")),
    form([field(t("mission_incident.note"), area("text", { required: true, rows: 2, maxlength: REPORT_LIMITS.longest_reason }))], t("mission_incident.save"),
      async ({ text }) => { await api.post(at(incident, "notes"), { text }); await page.draw(); }));
}

/* What a report says, to be said otherwise: only what is different is sent, and its reporter is told why. */
function correct(incident, page) {
  if (!incident.can_correct) return null;
  const place = where.chooser();
  place.fill(where.stateOf(incident.place, incident.place_name));
  const stands = { category: incident.category, severity: incident.severity, place: JSON.stringify(place.read()), occurred: local(Date.parse(incident.occurred_at)) };
  const occurred = input("occurred", { type: "datetime-local", required: true, value: stands.occurred });
  const asks = [
    field(t("mission_list.severity"), select("severity", words.severities(), stands.severity)),
    field(t("mission_list.category"), select("category", words.categories(), stands.category)),
    place.element, field(t("mission_incident.occurred"), occurred, t("mission_report.occurred_hint")),
    field(t("mission_incident.reason"), area("reason", { required: true, rows: 2, maxlength: REPORT_LIMITS.longest_reason }), t("mission_correction.reason_hint")),
  ];
  const send = async ({ reason, ...given }) => {
    const body = { reason };
    for (const name of ["category", "severity"]) if (given[name] !== stands[name]) body[name] = given[name];
    if (place.read() !== undefined && JSON.stringify(place.read()) !== stands.place) body.place = place.read();
    if (given.occurred !== stands.occurred) body.occurred_at = new Date(given.occurred).toISOString();
    if (await decide(page, incident, "corrections", body)) parts.say(t("mission_correction.done"));
  };
  return make("details", "ask", make("summary", "", t("mission_correction.heading")),
    make("p", "soft", t("mission_correction.about")), form(asks, t("mission_correction.send"), send));
}

function assign(incident, page) {
  return make("details", "ask", make("summary", "", t("mission_incident.assign")),
    form([field(t("mission_incident.assign_to"), input("to", { required: true, autocapitalize: "none" }))], t("mission_incident.assign"),
      (values) => decide(page, incident, "assign", values)));
}

/* Two reports of one thing: this one goes into the other, both reporters stay. Legal while it is being verified. */
function merge(incident, page) {
  if (incident.state !== "verifying") return null;
  const others = (incident.duplicates || []).map((other) => [String(other.id), `${words.category(other.category)} · ${words.where(other)} · ${other.reporter || ""}`]);
  if (!others.length) return null;
  return make("details", "ask", make("summary", "", t("mission_incident.merge")),
    form([field(t("mission_incident.merge_into"), select("into", others)), field(t("mission_incident.reason"), area("reason", { required: true, rows: 2 }))],
      t("mission_incident.merge"), (values) => decide(page, incident, "merge", values)));
}

/* All that the reporter's device has sent, put aside or taken back at one press. */
function aside(incident, page) {
  const [turn, name] = incident.is_set_aside ? [api.remove, "restore"] : [api.post, "quarantine"];
  const host = make("div", "stack", ...(incident.is_set_aside ? [make("p", "note amber", t("mission_aside.about"))] : []));
  const press = async () => {
    try { await turn(`observers/${encodeURIComponent(incident.reporter)}/quarantine`); await page.draw(); } catch (error) { host.append(parts.failure(error)); }
  };
  host.append(make("div", "row", button(t(`mission_aside.${name}`, { observer: incident.reporter }), press)));
  return host;
}

/* --- two persons for what is critical --- */

/* The voices that count: those since it was last taken. */
function given(incident) {
  const taken = incident.events.map((event) => event.move).lastIndexOf("take");
  return incident.events.slice(taken + 1).filter((event) => event.move === "verify");
}

/* How many must verify it, who did already, and who else may. */
function voices(incident, member) {
  const { voices: heard, voices_needed: needed } = incident;
  if (needed < 2 || !words.isUnverified(incident)) return [];
  const values = { needed: words.cardinal(needed) };
  if (!heard) return [make("p", "note", t("mission_voices.needs", values))];
  const who = given(incident).map((event) => t("mission_voices.by", {
    actor: event.actor === member.pseudonym ? t("mission_voices.you") : words.actor(event.actor), basis: words.basisWord(event.basis),
    at: clock(event.at, Date.now(), config.zone),
  }));
  return [make("p", "note", make("b", "", t("mission_voices.first", values)), ` ${who.join("; ")}. `, t("mission_voices.others"))];
}

/* Why there is no move. */
function nothing(incident, member) {
  if (session.isAtLeast(member, "verifier") && words.isUnverified(incident)) {
    if (incident.is_own) return t("mission_incident.own");
    if (given(incident).some((event) => event.actor === member.pseudonym)) return t("mission_voices.gave");
  }
  return t("mission_incident.no_moves");
}

/* page: `draw()` shows the incident anew; `moved` is where it is said that somebody else decided meanwhile. */
export function panel(incident, member, page) {
  const offered = (incident.moves || []).map((move) => offer(incident, move, page));
  const isCoordinator = session.isAtLeast(member, "coordinator");
  const more = [correct(incident, page), note(incident, page), ...(isCoordinator ? [assign(incident, page), merge(incident, page), aside(incident, page)] : [])].filter(Boolean);
  const none = session.isAtLeast(member, "verifier") ? [make("p", "soft", nothing(incident, member))] : [];
  return card(t("mission_incident.moves"), ...voices(incident, member), make("div", "moves", ...(offered.length ? offered : none)), make("div", "stack", ...more));
}
