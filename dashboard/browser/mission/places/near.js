/* Choosing among the polling places near this phone. All of the count's are fetched, wherever it is: its position stays here,
   and is forgotten with the list. */
import { joined, listed as listedByMission } from "./listed.js";
import { near } from "./nearest.js";
import { keepPlaces, keptPlaces } from "../../device/places.js";
import { position } from "../../device/position.js";
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { group } from "../../text/figures.js";
import { codeOf } from "../../text/keys.js";
import { properName } from "../../text/spelling.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button } from "../parts.js";

const MINUTE_MS = 60_000;

async function known() {
  const count = await counted();
  return count.is_whole ? count : joined(count, await listedByMission());
}

/* Without network, as they were kept last. */
async function counted() {
  const kept = await keptPlaces(config.base);
  if (kept && Date.now() - kept.at < config.nearby.fresh_minutes * MINUTE_MS) return kept;
  try {
    const { etag, value } = await api.countSince(`places?within=${config.keys.nation}`, kept && { etag: kept.etag, value: kept });
    const found = { ...value, etag, at: Date.now() };
    await keepPlaces(config.base, found);
    return found;
  } catch (error) {
    if (!kept || !(error instanceof api.Refused)) throw error;
    return kept;
  }
}

function away(metres) {
  const step = config.nearby.step_m;
  return metres < 1000 ? t("mission_near.metres", { n: Math.max(step, Math.round(metres / step) * step) })
    : t("mission_near.kilometres", { n: group(Math.round(metres / 1000)) });
}

/* Of some nothing but the code is known. */
const calledOf = ({ key, name }) => properName(name || "") || t("mission.place", { code: codeOf(key) });

function listed({ exact, districts }, chose) {
  const line = (place, ...more) => make("li", "", button([calledOf(place), ...more].join(" · "), () => chose(place)));
  const list = (places) => make("ul", "places", ...places);
  return [...(exact.length ? [make("p", "", t("mission_near.exact")), list(exact.map((place) => line(place, away(place.away))))] : []),
    ...(districts.length ? [make("p", "soft", t(exact.length ? "mission_near.others" : "mission_near.approximate"))] : []),
    ...districts.map(({ key, name, places }, index) => Object.assign(make("details", "stack",
      make("summary", "", t("mission_near.district", { name: properName(name) || codeOf(key), n: places.length })), list(places.map((place) => line(place)))), { open: !index && !exact.length }))];
}

/* Nothing is asked of the phone before the press. `chose({key, name})` hears which place. */
export function nearby(chose) {
  const [told, found] = [set(make("div", "stack"), { role: "status" }), make("div", "stack")];
  const note = (text) => told.replaceChildren(make("p", "note amber", text));
  function choose(place) {
    for (const slot of [told, found]) slot.replaceChildren();
    chose({ key: place.key, name: calledOf(place) });
  }
  async function look() {
    for (const slot of [told, found]) slot.replaceChildren();
    const here = await position();
    if (!here) { note(t("mission_near.no_position")); return; }
    const all = await known();
    const places = near(here, all, config.nearby);
    const missing = all.is_whole ? [] : [make("p", "note", t("mission_near.incomplete"))];
    if (!places.exact.length && !places.districts.length) { note(t("mission_near.none")); told.append(...missing); return; }
    told.replaceChildren(make("p", "soft", t("mission_near.within", { margin: away(here.accuracy) })), ...missing);
    found.replaceChildren(...listed(places, choose));
  }
  async function press() {
    ask.disabled = true;
    try {
      await parts.patiently(found, look());
    } catch (error) {
      if (!(error instanceof api.Refused)) throw error;
      note(error.status ? error.sentence : t("mission_near.not_kept"));
    } finally {
      ask.disabled = false;
    }
  }
  const ask = button(t("mission_near.here"), press);
  return make("div", "stack", make("div", "row", ask, make("small", "soft", t("mission_near.stays"))), told, found);
}

const hitsOf = ({ places, districts }) => places.map((place) => ({ key: place.key, name: calledOf(place), context: properName(districts[place.district] || "") }));

/* The kept places as a search has them, where there is no network; nothing where none are kept. */
export async function keptHits() {
  return hitsOf((await keptPlaces(config.base)) || { places: [], districts: {} });
}

/* Those that the mission's list has, likewise. */
export const listedHits = async () => hitsOf(await listedByMission());
