/* What the map says in words: the tooltip beside the pointer, and the sheet below the map on a phone. */
import { words } from "../count/incidents.js";
import { doubtsOf } from "../count/issues.js";
import { LEAD, chosen, nameOf, text } from "../count/measures.js";
import { coverOf } from "../count/paint.js";
import { ahead as leadWords } from "../count/sentences.js";
import { href, pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { button, make, set } from "../text/dom.js";
import { arrange, fields, shown } from "../text/figures.js";
import { properName } from "../text/spelling.js";
import { t } from "../text/words.js";

function ahead(key, data, texts) {
  const name = chosen();
  if (name !== LEAD) return t("map.measured", { measure: nameOf(name), value: text(data, name, key) });
  return leadWords(texts);
}

const LEADING = 2;

/* "Norte 52.1 % · 4 210 votos", of the first two. */
function standings({ votes }, texts) {
  return arrange(votes, config.running, LEADING)[0]
    .map((index) => `${config.lists[index].short} ${texts[`share.${index}`]} · ${t("units.vote", { n: votes[index] })}`);
}

/* "Lima", "Norte +4.2 puntos", what the first two have, "98.40 % de actas · Parcial", "2 críticos" */
export function lines(key, name, data) {
  const texts = fields(shown(data), config.lists.map((entry) => entry.short));
  const doubts = doubtsOf(data).map((side) => t(`issues.${side}`));
  const seen = words(key);
  const more = [...doubts, ...(seen.length ? [t("badges.line", { incidents: seen.join(" · ") })] : [])];
  if (["not_read", "nothing_counted"].includes(texts.standing)) return [properName(name), t(`standing.${texts.standing}`), ...more];
  const cover = t(`map.${coverOf(shown(data))}`);
  const lists = texts.standing === "no_valid_votes" ? [] : standings(shown(data), texts);
  return [properName(name), ahead(key, data, texts), ...lists, `${t("map.actas", { pct: texts.counted_pct })} · ${cover}`, ...more];
}

function paragraphs(texts) {
  return texts.map((text, index) => (index ? make("span", "", text) : make("b", "", text)));
}

export function tooltip(slot) {
  const element = make("div", "map-tooltip");
  element.hidden = true;
  slot.append(element);
  const say = (texts) => element.replaceChildren(...paragraphs(texts));
  return {
    element,
    say,
    isShown: () => !element.hidden,
    show(point, texts) {
      say(texts);
      element.hidden = false;
      const room = slot.clientWidth - element.offsetWidth - 12;
      element.style.left = `${Math.max(4, Math.min(point.x + 14, room))}px`;
      element.style.top = `${Math.max(4, point.y - element.offsetHeight - 12)}px`;
    },
    hide() { element.hidden = true; },
  };
}

export function sheet(key, texts) {
  const element = document.getElementById("map-sheet");
  const link = set(make("a", "button", t("map.open", { name: texts[0] })), { href: href(pathOf(key)) });
  const close = button(t("map.close"), () => { element.hidden = true; });
  element.replaceChildren(make("p", "", ...paragraphs(texts)), make("p", "actions", link, close));
  element.hidden = false;
}
