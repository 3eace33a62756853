/* Beside an incident: the same place in the count. Actas and their states, shares within the place, flags, and what else was reported. */
import { pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { DASH, fields, group, percent, shown } from "../text/figures.js";
import { codeOf } from "../text/keys.js";
import { NOT_VALID } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import { say } from "./flagtext.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { card, link, records } from "./parts.js";
import * as session from "./session.js";
import * as words from "./words.js";

const stateOf = (mesa) => make("span", `acta-state ${mesa.state}`, t(`mesa_state.${mesa.state}`));
const numberOf = (mesa) => mesa.mesa || codeOf(mesa.key);
const sum = (votes) => votes.reduce((total, own) => total + own, 0);


/* What arithmetic says of an acta: where a figure is missing, that it says nothing. */
function arithmetic(mesa) {
  const given = [mesa.valid, mesa.cast, ...NOT_VALID.map((name) => mesa[name])];
  if (given.includes(null) || given.includes(undefined)) return t("mission_place.arithmetic_unknown");
  const parts_ = mesa.valid + sum(NOT_VALID.map((name) => mesa[name]));
  const isOver = mesa.registered !== null && mesa.cast > mesa.registered;
  return isOver || sum(mesa.votes) !== mesa.valid || parts_ !== mesa.cast ? t("mission_place.arithmetic_bad") : t("mission_place.arithmetic_good");
}

function share(mesa, index) {
  return mesa.votes ? percent(mesa.votes[index], sum(mesa.votes), 1) : DASH;
}

/* Every mesa of the place; the incident's own is marked in words. */
function mesas(found, own) {
  const lists = config.lists.slice(0, 2);
  const heads = [[t("mission_place.mesa"), "text"], [t("mission_place.state"), "text"],
    ...lists.map((list) => [list.short, "number"]), [t("mission_place.turnout"), "number"]];
  const rows = found.map((mesa) => {
    const number = numberOf(mesa);
    const name = make("span", "", link(number, `/mesa/${number}`), ...(number === own ? [" ", make("b", "own", t("mission_place.own"))] : []));
    return [name, stateOf(mesa), ...lists.map((_, index) => share(mesa, index)), percent(mesa.cast, mesa.registered, 1)];
  });
  return records(t("mission_place.mesas"), heads, rows);
}

/* An acta without votes, most often one that nobody has read yet, says that in words. */
function ownActa(mesa) {
  if (!mesa.votes) {
    const why = t(mesa.state === "pending" ? "mission_place.unread" : "mission_place.no_votes");
    return make("div", "stack", make("p", "", stateOf(mesa), make("span", "", `. ${why}`)),
      parts.facts([[t("mission_place.registered"), group(mesa.registered)], ...observed(mesa)]));
  }
  const lists = config.lists.map((list, index) => [list.short, mesa.votes ? `${group(mesa.votes[index])} · ${share(mesa, index)}` : null]);
  return parts.facts([[t("mission_place.state"), stateOf(mesa)], ...lists, [t("mission_place.cast"), `${group(mesa.cast)} / ${group(mesa.registered)}`],
    [t("mission_place.arithmetic"), arithmetic(mesa)], ...observed(mesa)]);
}

const observed = (mesa) => (mesa.observation ? [[t("mission_place.observation"), mesa.observation]] : []);

/* A district has no acta of its own: how far it is counted, and who leads by how much. */
function district(area) {
  const texts = fields(shown(area), config.lists.map((list) => list.short));
  return [make("p", "", link(words.areaName(area.key, area.name), pathOf(area.key))),
    parts.facts([[t("mission_place.actas"), `${texts.counted} / ${texts.total}`], [t("mission_place.first"), texts.leader],
      [t("mission_place.margin"), texts.margin]]), parts.empty(t("mission_place.no_acta"))];
}

/* What the count knows of the place; `within` is where else to look. A count that does not know it yet says nothing. */
async function count(incident) {
  const { place } = incident;
  if (place.mesa) {
    const mesa = await known(`mesas/${place.mesa}`);
    const home = mesa?.place ? await known(`places/${mesa.place}`) : null;
    return { mesa, home, within: home ? home.key : words.keyOf(place) };
  }
  if (place.polling_place) return { home: await known(`places/${place.polling_place}`), within: words.keyOf(place) };
  const within = words.keyOf(place);
  return { area: await known(`areas/${within}`), within };
}

async function known(path) {
  try {
    return await api.count(path);
  } catch (error) {
    if (!(error instanceof api.Refused) || error.status !== 404) throw error;
    return null;
  }
}

function counted({ mesa, home, area }) {
  if (area) return card(t("mission_place.count"), ...district(area));
  if (!mesa && !home) return card(t("mission_place.count"), parts.empty(t("mission_place.unknown")));
  const heading = home ? [make("p", "", link(home.name || home.code, pathOf(home.key)))] : [];
  return card(t("mission_place.count"), ...heading, ...(mesa ? [ownActa(mesa)] : []), ...(home ? [mesas(home.mesas, mesa && numberOf(mesa))] : []));
}

function flag(each) {
  const path = `/mission/flags?id=${encodeURIComponent(each.id)}`;
  return make("li", "", link(words.flagged(each), path), " · ", make("span", "", say(each)));
}

async function flags(within) {
  const found = await api.get("flags", { within });
  const none = found.checkpoint === null ? t("mission_place.not_tested", { first: found.first_checkpoint }) : t("mission_place.no_flags");
  return card(t("mission_place.flags"), found.flags.length ? make("ul", "marked", ...found.flags.map(flag)) : parts.empty(none));
}

async function others(incident, within) {
  const found = await api.get("incidents", { within });
  const known = new Set((incident.duplicates || []).map((other) => other.id));
  const rest = found.incidents.filter((other) => other.id !== incident.id && !known.has(other.id));
  const alike = (incident.duplicates || []).length
    ? [card(t("mission_place.duplicates"), lines.list(incident.duplicates, ""))] : [];
  return [...alike, card(t("mission_place.others"), lines.list(rest, t("mission_place.no_others")))];
}

/* Each part by itself: what cannot be had leaves the rest standing. Returns what draws the other incidents again. */
export async function fill(host, incident, member) {
  if (!words.keyOf(incident.place)) { host.replaceChildren(card(t("mission_place.count"), parts.empty(t("mission.no_station")))); return () => {}; }
  const slots = [make("div", "stack"), make("div", "stack"), make("div", "stack")];
  host.replaceChildren(...slots);
  const put = async (slot, task) => {
    try { slot.replaceChildren(...[await task()].flat()); } catch (error) { slot.replaceChildren(parts.failure(error)); }
  };
  let found = null;
  await put(slots[0], async () => { found = await count(incident); return counted(found); });
  const within = found ? found.within : words.keyOf(incident.place);
  // Flags are the team's; whoever reported has their own words beside the count.
  const isTeam = session.isAtLeast(member, "verifier");
  const list = (now) => put(slots[2], () => others(now, within));
  await Promise.all([...(isTeam ? [put(slots[1], () => flags(within))] : []), list(incident)]);
  return list;
}
