/* Areas and polling places of the count: what one is called, and choosing one by searching its name. */
import { kindOf } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { codeOf, levelOf, ubigeoLevels } from "../text/keys.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { button, field, input } from "./parts.js";
import { properName } from "../text/spelling.js";
import * as words from "./words.js";

/* "Lima (Distrito)", "IE 10001", "Mesa 000001"; the key itself where the count does not know it. */
export async function named(key) {
  const [level, code] = [levelOf(key), codeOf(key)];
  if (level === "mesa") return t("mission.mesa", { number: code });
  try {
    const { name } = await api.count(level === "polling_place" ? `places/${encodeURIComponent(code)}` : `areas/${key}`);
    return written(key, name || code);
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return key;
  }
}

/* Names of buildings stay as they are written. */
export const written = (key, name) => (levelOf(key) === "polling_place" ? properName(name) : `${words.areaName(key, name)} (${kindOf(key)})`);

/* A page that is narrowed to an area says to which, and is widened with one press. */
export function inside(key, widen) {
  const name = make("b", "", codeOf(key));
  named(key).then((text) => { name.textContent = text; }, () => {});
  return make("p", "row", make("span", "", t("mission_area.inside"), " ", name), button(t("mission_area.everywhere"), widen));
}

/* Levels of what has a name of its own: areas within the country, and polling places. */
export const levels = () => [...ubigeoLevels(), "polling_place"];

/* A field that searches the count for areas of the levels that fit; what was found is chosen with one press.
   `offline` finds them where there is no network, `others` what the count does not know. `read()` gives {key, name}, or null where nothing is chosen; `pick` chooses it. A choice is a change of the field. */
export function finder(name, label, fits, { hint, start = null, none = t("mission_area.nothing"), offline = null, others = async () => [] } = {}) {
  let chosen = null;
  const query = parts.set(input(name), { enterkeyhint: "search" });
  const found = parts.set(make("div", "stack"), { role: "status" });
  function choose(hit) {
    pick(hit);
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function pick(hit) {
    chosen = hit;
    query.value = "";
    found.replaceChildren(...(hit ? [make("p", "picked row", make("b", "", hit.name), make("span", "soft", codeOf(hit.key)),
      button(t("mission_area.clear"), () => choose(null)))] : []));
  }
  async function hitsOf(words) {
    try {
      return (await api.count(`search?q=${encodeURIComponent(words)}`)).hits;
    } catch (error) {
      if (!offline || !(error instanceof api.Refused) || error.status) throw error;
      return offline(words);
    }
  }
  async function search() {
    if (!query.value.trim()) return;
    try {
      const [known, more] = await Promise.all([hitsOf(query.value), others(query.value)]);
      const hits = [...known, ...more.filter(({ key }) => !known.some((hit) => hit.key === key))];
      const buttons = hits.filter((hit) => fits.includes(hit.level)).map((hit) => {
        const text = written(hit.key, hit.name);
        return button([text, hit.context].filter(Boolean).join(" · "), () => choose({ key: hit.key, name: text }));
      });
      found.replaceChildren(...(buttons.length ? buttons : [parts.empty(none)]));
    } catch (error) {
      found.replaceChildren(parts.failure(error));
    }
  }
  query.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });
  const element = make("div", "stack", make("div", "row end", field(label, query, hint), button(t("mission_area.search"), search)), found);
  if (start) pick(start);
  return { element, read: () => chosen, pick };
}
