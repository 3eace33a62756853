/* The field's words on screen: a state, a severity with its rubric, a category, a place; each with a mark beside its colour. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import * as keys from "../text/keys.js";
import { properName } from "../text/spelling.js";
import { BASES, CATEGORIES, REPORT_PLACES, SEVERITIES, STATES, UNVERIFIED } from "../text/vocabulary.js";
import { t } from "../text/words.js";

const BETWEEN = " · "; // as the server joins the names of a place

/* Whether the texts have a word for a code: a newer server may know more than this page, and then the code is shown. */
export const known = (section, code) => Object.hasOwn(config.words[section] || {}, code);
export const wordOf = (section, code) => (known(section, code) ? t(`${section}.${code}`) : String(code));

export const severityWord = (code) => wordOf("severity", code);
export const severity = (code) => make("span", `severity ${SEVERITIES.includes(code) ? code : ""}`, severityWord(code));
export const rubric = (code) => (known("severity", `${code}_rubric`) ? t(`severity.${code}_rubric`) : "");
export const category = (code) => wordOf("category", code);
export const stateWord = (code) => wordOf("incident_state", code);
export const state = (code) => make("span", `incident-state ${known("incident_state", code) ? code : ""}`, stateWord(code));
export const moveWord = (code) => wordOf("incident_move", code);
export const basisWord = (code) => wordOf("basis", code);
export const cardinal = (n) => wordOf("cardinal", n);
export const roleWord = (code) => wordOf("role", code);

/* Who acted: a pseudonym; to an observer only the role. */
export const actor = (name) => (known("role", name) ? roleWord(name) : String(name || ""));

export const severities = () => SEVERITIES.map((code) => [code, severityWord(code), rubric(code)]);
export const categories = () => CATEGORIES.map((code) => [code, category(code)]);
export const states = () => STATES.map((code) => [code, stateWord(code)]);
export const bases = () => BASES.map((code) => [code, basisWord(code)]);

/* The key of the count that an incident's place is: "mesa/000001"; null for one that is at no station. */
export function keyOf(place) {
  const kind = place && REPORT_PLACES.find((name) => place[name]);
  return kind ? keys.keyOf(kind, place[kind]) : null;
}

/* What an area is called: abroad, and what is there, as this language writes it, as on the public pages; its code where the source has
   not named it yet. */
export function areaName(key, name) {
  const code = keys.codeOf(key);
  if (keys.isArea(key) && known("area", code)) return t(`area.${code}`);
  return keys.isArea(key) && known("abroad_name", code) ? t(`abroad_name.${code}`) : properName(name || code);
}

/* Where it was, in words, with what is known of it: "Mesa 000001 · IE 10001 · Chachapoyas", "Distrito Lima". */
export function where(incident) {
  const { place } = incident;
  if (!keyOf(place)) return t("mission.no_station");
  const names = String(incident.place_name || "").split(BETWEEN).filter((name) => name && name !== place.mesa).map(properName);
  if (place.district) return t("mission.district", { code: names[0] || place.district });
  const station = place.mesa ? [t("mission.mesa", { number: place.mesa })] : names.length ? [] : [t("mission.place", { code: place.polling_place })];
  return [...station, ...names].join(BETWEEN);
}

export const isBetweenVoices = (incident) => incident.state === "verifying" && incident.voices > 0 && incident.voices < incident.voices_needed;

/* The state of an incident; one that waits for a second person says so. */
export function standing(incident) {
  const element = state(incident.state);
  if (isBetweenVoices(incident)) element.append(` · ${t("mission.voices", { n: incident.voices, needed: incident.voices_needed })}`);
  return element;
}

export const isUnverified = (incident) => UNVERIFIED.includes(incident.state);

/* Whom a flag is about, in few words. */
export function flagged(flag) {
  const code = keys.codeOf(flag.key);
  return keys.levelOf(flag.key) === "mesa" ? t("mission.mesa", { number: code }) : areaName(flag.key, flag.area_name);
}
