/* What changed in the map since the election before: districts, polling places, mesas, and the open incidents there. */
import { href, pathOf } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { DASH, group, percent } from "../text/figures.js";
import { levelBelow, levelOf } from "../text/keys.js";
import { properName } from "../text/spelling.js";
import { t as word } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { card, link, table } from "./parts.js";
import * as words from "./words.js";

const PAGE = "/mission/map-changes";
const t = (name, values) => word(`mission_changes.${name}`, values);
const nameOf = (area) => words.areaName(area.key, area.name);
const into = (area) => link(nameOf(area), `${PAGE}?within=${encodeURIComponent(area.key)}`);
const namesOf = (areas) => areas.map(nameOf).join(", ");
const sum = (areas, field) => areas.reduce((whole, area) => whole + area[field], 0);

/* The way to them, where there are any. */
function incidents(n, key) {
  return n ? link(group(n), `/mission/incidents?${new URLSearchParams({ within: key })}`) : DASH;
}

function sentence({ previous, areas }) {
  const told = Object.fromEntries(["kept", "opened", "closed", "moved", "mesas", "reassigned"].map((field) => [field, sum(areas, field)]));
  return t("sentence", { year: previous.date.slice(0, 4), ...told, pct: percent(told.reassigned, told.mesas, 1) });
}

function groups(found) {
  const heads = [[t("then"), "text"], [t("now"), "text"], [t("why"), "text"]];
  const rows = found.groups.map((each) => [namesOf(each.then_areas), namesOf(each.now_areas), each.why[document.documentElement.lang] ?? each.why.es]);
  return card(t("groups"), make("p", "soft", t("groups_about")), rows.length ? table(t("groups"), heads, rows) : parts.empty(t("none")));
}

function areas(found) {
  const tellsMesas = found.previous.mesas === "kept";
  const heads = [[t("area"), "text"], [t("districts"), "number"], [t("kept"), "number"], [t("opened"), "number"], [t("closed"), "number"],
    [t("moved"), "number"], [t("reassigned"), "number"], ...(tellsMesas ? [[t("arrived"), "number"]] : []), [t("incidents"), "number"]];
  const rows = [...found.areas].sort((one, other) => other.reassigned - one.reassigned).map((area) => [
    into(area), group(area.regrouped), group(area.kept), group(area.opened), group(area.closed), group(area.moved),
    t("share", { n: area.reassigned, pct: percent(area.reassigned, area.mesas, 1) }), ...(tellsMesas ? [group(area.arrived)] : []), incidents(area.incidents, area.key)]);
  return card(t("areas"), make("p", "soft", t(tellsMesas ? "about_kept" : "about_renumbered")), rows.length ? table(t("areas"), heads, rows) : parts.empty(t("none")));
}

function change(place) {
  const from = place.then_district ? t("from", { place: properName(place.then_district_name || place.then_district) }) : "";
  const called = place.then_name ? t("called", { name: properName(place.then_name) }) : "";
  return [t(`move_${place.move}`), from, called].filter(Boolean).join(" · ");
}

function places(found) {
  const heads = [[t("place"), "text"], [t("change"), "text"], [t("mesas"), "number"], [t("incidents"), "number"]];
  const rows = found.places.map((place) => [place.key ? link(properName(place.name), pathOf(place.key)) : properName(place.name), change(place),
    t("from_to", { before: place.then_mesas, now: place.mesas }), incidents(place.incidents, place.key)]);
  return card(t("places"), make("p", "soft", t("places_about")), rows.length ? table(t("places"), heads, rows) : parts.empty(t("none")));
}

/* The ways back, to the area, and to the map. */
function ways(within) {
  const map = `${within ? pathOf(within) : "/"}?measure=reassigned&view=map`;
  return make("p", "row", ...(within ? [link(t("all"), PAGE), link(t("numbers"), pathOf(within))] : []), Object.assign(make("a", "", t("map")), { href: href(map) }));
}

export async function view(host) {
  const { within } = parts.chosen();
  const isDistrict = within && levelOf(within) === "district";
  const level = isDistrict ? "district" : levelBelow(within || "nation");
  const found = await api.get("map-changes", { level, ...(within ? { within } : {}) }).catch((error) => {
    if (error instanceof api.Refused && error.status === 404) return null;
    throw error;
  });
  if (!found) { host.replaceChildren(card("", parts.empty(t("nothing_before")))); return; }
  host.replaceChildren(
    card("", make("p", "lead-sentence", sentence(found)), ways(within)),
    isDistrict ? places(found) : areas(found), ...(within ? [] : [groups(found)]));
}
