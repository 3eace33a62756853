/* Where forms are filled in: the polling place of the assignment, another of it, or one that is searched; or one mesa. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { codeOf, isKey, keyOf, levelOf } from "../../text/keys.js";
import { t } from "../../text/words.js";
import * as area from "../area.js";
import * as parts from "../parts.js";
import { button } from "../parts.js";
import * as where from "../where.js";
import * as words from "../words.js";

const KINDS = ["polling_place", "mesa"];

/** A response's place of a key. */
export const placeOf = (key) => ({ [levelOf(key)]: codeOf(key) });
/** What an address says of it. */
export const queryOf = (key) => (levelOf(key) === "mesa" ? { mesa: codeOf(key), place: "" } : { place: codeOf(key), mesa: "" });

/** The key that the address names, or else the assignment's only place; null: none yet. */
export function standing({ mesa, place }, posting) {
  const named = mesa ? keyOf("mesa", mesa) : place ? keyOf("polling_place", place) : null;
  if (named && isKey(named)) return named;
  return posting && levelOf(posting.key) === "polling_place" ? posting.key : null;
}

/** What a place is called; its code where nothing is known of it. */
export function nameOf(key, posting) {
  if (levelOf(key) === "mesa") return t("mission.mesa", { number: codeOf(key) });
  if (posting?.key === key) return where.nameOf(posting);
  const known = [...(posting?.places || []), where.last()?.polling_place].find((each) => each?.key === key);
  return known ? area.written(key, known.name) : t("mission.place", { code: codeOf(key) });
}

/* `chose(key)` hears which. Few places of an assignment are listed; among many, and beyond them, one searches. */
export function chooser(posting, chose) {
  const given = (posting?.places || []).slice(0, config.shown.assigned_places + 1);
  const listed = given.length > 1 && given.length <= config.shown.assigned_places
    ? [make("ul", "places", ...given.map(({ key, name }) => make("li", "", button(area.written(key, name), () => chose(key)))))] : [];
  const choice = where.chooser(KINDS, t(listed.length ? "mission_fill.other_place" : "mission_fill.search_place"));
  const told = parts.set(make("div"), { role: "alert" });
  function take() {
    const place = choice.read();
    told.replaceChildren(...(place ? [] : [make("p", "note amber", t("mission_fill.no_place"))]));
    if (!place) return;
    where.keepLast(choice.state());
    chose(words.keyOf(place));
  }
  return make("div", "stack", ...listed, choice.element, told, make("div", "row", button(t("mission_fill.here"), take)));
}
