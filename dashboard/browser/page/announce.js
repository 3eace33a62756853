/* One polite sentence a change, for people who listen: at once, then at most one in ten seconds, the newest. */
import { config } from "../text/config.js";
import { fields, lead, shown } from "../text/figures.js";
import { t } from "../text/words.js";

const QUIET_MS = 10000;
let last = -Infinity;
let timer = null;

function sentence(name, data) {
  const count = shown(data);
  const shorts = config.lists.map((entry) => entry.short);
  const texts = fields(count, shorts);
  const shares = lead(count).order.slice(0, config.shown.announced_lists).map((index) => `${shorts[index]} ${texts[`share.${index}`]}`).join(", ");
  return t("announce.changed", { place: name, shares, counted: count.counted, total: count.total });
}

export function tell(text) {
  clearTimeout(timer);
  const wait = Math.max(0, last + QUIET_MS - performance.now());
  timer = setTimeout(() => {
    last = performance.now();
    document.getElementById("announcer").textContent = text;
  }, wait);
}

export const say = (name, data) => tell(sentence(name, data));
