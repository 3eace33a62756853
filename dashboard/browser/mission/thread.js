/* A polling place as one thread: its actas and how their states changed, its flags and its incidents, newest first. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { group } from "../text/figures.js";
import { codeOf, keyOf } from "../text/keys.js";
import { properName } from "../text/spelling.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { say } from "./flagtext.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { card, link, time } from "./parts.js";
import * as words from "./words.js";


const numberOf = (mesa) => mesa.mesa || codeOf(mesa.key);

function votes(data) {
  if (!data.votes) return "";
  return data.votes.map((own, index) => `${config.lists[index].short} ${group(own)}`).join(" · ");
}

/* What else there is to say, each after a dot. */
const also = (...texts) => make("span", "soft", texts.filter(Boolean).map((text) => ` · ${text}`).join(""));

function actaItem(number, change) {
  const data = change.d || {};
  const state = make("span", `acta-state ${data.state}`, t(`mesa_state.${data.state || "pending"}`));
  return { at: change.at, when: "read", kind: t("mission_thread.acta"), mark: "acta", body: [link(t("mission.mesa", { number }), `/mesa/${number}`), " ", state, also(votes(data), data.observation)] };
}

async function actas(mesas) {
  const found = await Promise.all(mesas.slice(0, config.shown.thread_mesas).map((mesa) => api.count(`mesas/${numberOf(mesa)}`)));
  return found.flatMap((mesa) => mesa.history.map((change) => actaItem(numberOf(mesa), change)));
}

function flagItem(flag) {
  const path = `/mission/flags?id=${encodeURIComponent(flag.id)}`;
  return { at: flag.at || null, when: "flagged", kind: t("mission_thread.flag"), mark: "flag", body: [link(words.flagged(flag), path), " · ", make("span", "", say(flag))] };
}

function incidentItem(incident) {
  return {
    at: incident.occurred_at, when: "happened", told: incident.received_at, kind: t("mission_thread.incident"), mark: "incident",
    body: [words.severity(incident.severity), " ", link(words.category(incident.category), lines.pathOf(incident)), " ", words.state(incident.state),
      also(words.where(incident), incident.reporter)],
  };
}

/* A moment with what it is the moment of: that something happened, that it was told, or that we read it. */
const moment = (when, at) => (at ? [" ", make("span", "soft", t(`mission_thread.${when}`)), " ", time(at)] : []);

function item({ at, when, told, kind, mark, body }) {
  return make("li", `thread-item ${mark}`, make("p", "", make("b", "", kind), ...moment(when, at), ...moment("received", told)), make("p", "", ...body));
}

const newestFirst = (one, other) => (one.at || "9") < (other.at || "9") ? 1 : -1;

/* A mesa's own: what was flagged of its acta and reported from it. */
export async function mesa(host) {
  const within = document.getElementById("page").dataset.key;
  const number = codeOf(within);
  const [{ flags }, { incidents }] = await Promise.all([api.get("flags", { within }), api.get("incidents", { within })]);
  host.replaceChildren(card(t("mission_thread.mesa"),
    lines.list(incidents, t("mission_thread.no_incident")),
    ...(flags.length ? [make("ol", "thread", ...flags.map(flagItem).map(item))] : []),
    make("p", "", link(t("mission_thread.report"), `/mission/report?mesa=${encodeURIComponent(number)}`, "button"))));
}

export async function place(host) {
  const { key } = document.getElementById("page").dataset;
  const code = key ? codeOf(key) : parts.chosen().code || "";
  const place = await api.count(`places/${encodeURIComponent(code)}`);
  const within = keyOf("polling_place", code);
  const failed = [];
  // What cannot be had leaves the rest of the thread standing, and is said.
  const or = (nothing) => (error) => { failed.push(parts.failure(error)); return nothing; };
  const [changes, { flags }, { incidents }] = await Promise.all([
    actas(place.mesas), api.get("flags", { within }).catch(or({ flags: [] })), api.get("incidents", { within }).catch(or({ incidents: [] })),
  ]);
  const items = [...changes, ...flags.map(flagItem), ...incidents.map(incidentItem)].sort(newestFirst);
  const counted = t("mission_thread.counted", { actas: place.mesas.length, flags: flags.length, incidents: incidents.length });
  host.replaceChildren(card(t("mission_thread.heading"),
    ...(key ? [] : [make("p", "", link(properName(place.name || code), `/place/${code}`))]),
    make("p", "soft", counted), make("p", "", link(t("mission_thread.report"), `/mission/report?place=${encodeURIComponent(code)}`, "button")),
    ...failed, make("ol", "thread", ...items.map(item))));
}

export { place as view };
