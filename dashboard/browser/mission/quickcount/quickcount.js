/* The mission's quick count: the list and the draw, one count's desk, and for observers the actas of their mesas to copy. */
import { make } from "../../text/dom.js";
import { SAMPLING_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { card, field, form, input, link, select, time } from "../parts.js";
import * as session from "../session.js";
import { copying } from "./copying.js";
import { desk } from "./desk.js";
import { frames } from "./frames.js";

const pathOf = (id, more = {}) => `/mission/quick-count${api.query({ id, ...more })}`;
const UNITS = ["mesa", "place"];
const DESIGNS = ["stratified", "simple"];
const choices = (name, values) => select(name, values.map((value) => [value, t(`quickcount_${name}.${value}`)]));

/* --- drawing one: what is drawn stays --- */

/* From which list: the one that was given, first; the count's own, once it names all of its mesas. */
function lists({ given, is_whole: isWhole, mesas: n }) {
  const own = isWhole ? [["", t("mission_quick.frame_own", { n })]] : [];
  return given ? [[given.id, t("mission_quick.frame_given", { n: given.mesas })], ...own] : own;
}

function drawing(frame) {
  const known = make("p", "", t("mission_quick.frame", { n: frame.mesas }));
  const from = lists(frame);
  if (!from.length) return card(t("mission_quick.draw"), known, make("p", "note amber", t("mission_quick.no_frame")));
  const digits = { required: true, inputmode: "numeric" };
  return card(t("mission_quick.draw"), known, make("p", "soft", t("mission_quick.draw_about")), form([
    field(t("mission_quick.name"), input("name", { required: true, maxlength: 80 })),
    field(t("mission_quick.drawn_from"), select("frame", from)),
    make("div", "filters", field(t("mission_quick.unit"), choices("unit", UNITS)), field(t("mission_quick.design"), choices("design", DESIGNS)),
      field(t("mission_quick.size"), input("size", { ...digits, pattern: "[0-9]{1,6}", value: String(SAMPLING_LIMITS.usual_units) }))),
    field(t("mission_quick.seed"), input("seed", { ...digits, pattern: "[0-9]{20}", minlength: 20, maxlength: 20 }), t("mission_quick.seed_hint")),
  ], t("mission_quick.draw_now"), async (values) => {
    const made = await api.post("quick-counts", { ...values, name: values.name.trim(), size: Number(values.size), frame: values.frame || null });
    parts.openWith({ id: made.id });
  }));
}

function line(count) {
  const mark = count.is_public ? "mission_quick.is_public" : count.is_proposed ? "mission_quick.is_proposed" : null;
  return make("li", "", link(count.name, pathOf(count.id)), " · ", make("span", "n", t("mission_quick.standing", { standing: count.standing, mesas: count.mesas })),
    " · ", time(count.drawn_at, false), ...(mark ? [" · ", make("b", "", t(mark))] : []));
}

async function listed(found, member) {
  const list = found.quick_counts.length ? make("ul", "marked", ...found.quick_counts.map(line)) : parts.empty(t("mission_quick.none"));
  return [card(t("mission_quick.heading"), make("p", "soft", t("mission_quick.about")), list),
    await frames(member, () => window.location.reload()), ...(session.isAtLeast(member, "coordinator") ? [drawing(found.frame)] : [])];
}

export async function view(host, member) {
  if (!session.isAtLeast(member, "verifier")) { await copying(host, member); return; }
  const { id } = parts.chosen();
  if (id) { await desk(host, id, member); return; }
  host.replaceChildren(...await listed(await api.get("quick-counts"), member));
  document.getElementById(window.location.hash.slice(1))?.scrollIntoView(); // it was not there when the address was opened
}
