/* Where a report is about: exactly one of mesa, polling place, district, or no station. Typed where there is no network, searched where there is. */
import { config } from "../text/config.js";
import { make, set } from "../text/dom.js";
import { codeOf, isKey, keyOf } from "../text/keys.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as area from "./area.js";
import { ASSIGNED, LAST, remember, remembered } from "../device/memory.js";
import { properName } from "../text/spelling.js";
import { keptHits, listedHits, nearby } from "./places/near.js";
import { field, mesaInput, radios } from "./parts.js";

const KINDS = ["mesa", "polling_place", "district", "none"];

/* A number that the count does not have may be a slip, or of a mesa that it has not heard of: that is said, and taken. */
async function ask(mesa, doubt) {
  const code = mesa.value.trim();
  doubt.hidden = true;
  if (!isKey(keyOf("mesa", code))) return;
  const isUnknown = await api.count(`mesas/${code}`).then(() => false, (error) => error.status === 404);
  if (!isUnknown || mesa.value.trim() !== code) return;
  doubt.textContent = t("mission_where.unknown_mesa", { mesa: code });
  doubt.hidden = false;
}

/** A mesa's number that says when the count does not know it. */
export function mesaField(value = "") {
  const mesa = mesaInput({ value });
  const doubt = set(make("p", "note amber"), { role: "status" });
  doubt.hidden = true;
  mesa.addEventListener("change", () => ask(mesa, doubt));
  return { mesa, element: make("div", "", field(t("mission_where.mesa_number"), mesa, t("mission_where.mesa_hint")), doubt) };
}

/** Where the observer is assigned, {key, name, district, at, places}, null for nowhere; without network, as it was last. */
export async function assigned(member) {
  const known = remembered(ASSIGNED);
  const standing = known && known.observer === member.pseudonym ? known.posting : null;
  try {
    const { posting } = await api.get("assignment");
    remember(ASSIGNED, { observer: member.pseudonym, posting });
    return posting;
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return standing;
  }
}

/** What an assignment is called. */
export const nameOf = (posting) => [area.written(posting.key, posting.name || codeOf(posting.key)), posting.district && properName(posting.district)].filter(Boolean).join(" · ");

/* What of them a search finds, which forgives accents and case. */
function fitting(places, query) {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const asked = plain(query).split(/\s+/).filter(Boolean);
  return places.filter(({ key, name }) => asked.every((word) => plain(`${name} ${codeOf(key)}`).includes(word))).slice(0, config.shown.found_places)
    .map((place) => ({ ...place, level: "polling_place" }));
}

/* Where there is no network, the places of the assignment are searched, and what else is kept of the count's. */
async function kept(query) {
  const own = remembered(ASSIGNED)?.posting?.places || [];
  return fitting([...own, ...(await keptHits()).filter(({ key }) => !own.some((place) => place.key === key))], query);
}

/* Beside what the count finds, the mission's own list. */
const others = async (query) => fitting(await listedHits(), query);

/* The choice among the kinds that are offered. `read()`: {"mesa" | "polling_place" | "district": code}, null for no station; undefined where something is missing.
   `state()` is all that is written and chosen, and `fill` puts it back: {kind, mesa, polling_place: {key, name}, district: {key, name}}. */
export function chooser(offered = KINDS, asked = t("mission_where.where")) {
  const finder = (level) => area.finder(`${level}-query`, t(`mission_where.${level}`), [level], { none: t("mission_where.nothing"), offline: kept, others });
  const finders = { polling_place: finder("polling_place"), district: finder("district") };
  const kinds = radios(asked, "where", offered.map((kind) => [kind, t(kind === "none" ? "mission.no_station" : `mission_where.${kind}`)]), offered[0]);
  const { mesa, element } = mesaField();
  const panels = { mesa: element, polling_place: finders.polling_place.element, district: finders.district.element };
  const standing = () => kinds.querySelector("input:checked").value;
  const show = () => { for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== standing(); };
  kinds.addEventListener("change", show);
  function choose(place) {
    fill({ ...state(), kind: "polling_place", polling_place: place });
    const chosen = kinds.querySelector("input:checked");
    chosen.dispatchEvent(new Event("change", { bubbles: true })); // a draft is kept of it
    chosen.focus(); // what was pressed is gone
  }
  function fill(given) {
    const kind = offered.includes(given?.kind) ? given.kind : offered[0];
    kinds.querySelector(`input[value="${kind}"]`).checked = true;
    mesa.value = given?.mesa || "";
    for (const [level, each] of Object.entries(finders)) each.pick(given?.[level] || null);
    show();
  }
  const state = () => ({ kind: standing(), mesa: mesa.value.trim(), polling_place: finders.polling_place.read(), district: finders.district.read() });
  const read = () => {
    const now = standing();
    if (now === "none") return null;
    const code = now === "mesa" ? state().mesa : codeOf(finders[now].read()?.key || "");
    return code && (now !== "mesa" || isKey(keyOf(now, code))) ? { [now]: code } : undefined;
  };
  fill(null);
  return { element: make("div", "stack", kinds, nearby(choose), ...Object.values(panels)), read, state, fill };
}

/** The next report from this phone begins there. */
export const keepLast = (state) => remember(LAST, { ...state, mesa: "" });

/** Where this phone reported from last. */
export const last = () => remembered(LAST);

/** The state of a chooser of that place: {"mesa" | "polling_place" | "district": code}, null for no station. */
export function stateOf(place, name = null) {
  if (!place) return { kind: "none" };
  const [[kind, code]] = Object.entries(place);
  return kind === "mesa" ? { kind, mesa: code } : { kind, [kind]: { key: keyOf(kind, code), name: name || code } };
}
