/* Where a report is about: exactly one of mesa, polling place, district, or no station. Typed where there is no network, searched where there is. */
import { make, set } from "../text/dom.js";
import { codeOf, isKey, keyOf } from "../text/keys.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as area from "./area.js";
import { remember, remembered } from "../device/memory.js";
import { field, mesaInput, radios } from "./parts.js";

const LAST = "escrutinio.place"; // where this phone reported from last

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

/* The choice, and `read()`: {"mesa" | "polling_place" | "district": code}, null for no station; undefined where something is missing. */
export function chooser(given) {
  const last = given || remembered(LAST) || {};
  const kind = ["mesa", "polling_place", "district"].find((name) => last[name]) || "mesa";
  const finder = (level) => area.finder(`${level}-query`, t(`mission_where.${level}`), [level], {
    start: last[level] ? { key: keyOf(level, last[level]), name: last.name || last[level] } : null, none: t("mission_where.nothing"),
  });
  const finders = { polling_place: finder("polling_place"), district: finder("district") };
  const kinds = radios(t("mission_where.where"), "where", [
    ["mesa", t("mission_where.mesa")], ["polling_place", t("mission_where.polling_place")],
    ["district", t("mission_where.district")], ["none", t("mission.no_station")],
  ], kind);
  const mesa = mesaInput({ value: last.mesa || "" });
  const doubt = set(make("p", "note amber"), { role: "status" });
  doubt.hidden = true;
  mesa.addEventListener("change", () => ask(mesa, doubt));
  const panels = {
    mesa: make("div", "", field(t("mission_where.mesa_number"), mesa, t("mission_where.mesa_hint")), doubt),
    polling_place: finders.polling_place.element, district: finders.district.element,
  };
  const standing = () => kinds.querySelector("input:checked").value;
  const show = () => { for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== standing(); };
  kinds.addEventListener("change", show);
  show();
  const read = () => {
    const now = standing();
    if (now === "none") return null;
    const found = now === "mesa" ? null : finders[now].read();
    const code = now === "mesa" ? mesa.value.trim() : found && codeOf(found.key);
    if (!code || (now === "mesa" && !isKey(keyOf(now, code)))) return undefined;
    remember(LAST, { [now]: code, name: found ? found.name : null });
    return { [now]: code };
  };
  return { element: make("div", "stack", kinds, ...Object.values(panels)), read };
}
