/* Repaints an embed's numbers, bars and map in place; the markup is that of dashboard/embed/. */
import { dress, leadPaint } from "../count/paint.js";
import { ahead } from "../count/sentences.js";
import { config } from "../text/config.js";
import { arrange, fields, shown } from "../text/figures.js";
import { t, write } from "../text/words.js";

const FLASH_MS = 1600;
const shorts = config.lists.map((entry) => entry.short);

function say(element, text) {
  if (text === undefined || element.textContent === text) return;
  write(element, text);
  element.classList.remove("changed");
  void element.offsetWidth; // restarts the animation
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), FLASH_MS);
}

const leadWords = (count) => ahead(fields(count, shorts));

function paintMap(key, data, count) {
  for (const group of document.querySelectorAll(`[data-map="${CSS.escape(key)}"]`)) {
    dress(group.querySelector("path, rect"), leadPaint(data));
    const title = group.querySelector("title");
    const name = title.textContent.split(": ")[0];
    const counted = t("map.actas", { pct: fields(count, shorts).counted_pct });
    title.textContent = `${name}: ${leadWords(count)} · ${counted}`;
  }
}

function paintNumbers(key, data, count) {
  const texts = fields(count, shorts);
  for (const scope of document.querySelectorAll(`[data-area="${CSS.escape(key)}"]`)) {
    for (const element of scope.querySelectorAll("[data-f]")) say(element, texts[element.dataset.f]);
    const cell = scope.querySelector("[data-lead]");
    if (!cell) continue;
    dress(cell.querySelector("rect"), leadPaint(data));
    say(cell.querySelector("span"), leadWords(count));
  }
}

function place(bars, start, width) {
  for (const bar of bars) {
    bar.setAttribute("x", `${start.toFixed(3)}%`);
    bar.setAttribute("width", `${width.toFixed(3)}%`);
  }
}

/* Most votes first, in the bar as in the list. */
function paintLists(votes) {
  const whole = (votes || []).reduce((sum, own) => sum + own, 0);
  if (!whole) return;
  const [top, rest] = arrange(votes, config.running, config.top_lists);
  let start = 0;
  for (const index of [...top, ...rest]) {
    const width = (100 * votes[index]) / whole;
    place(document.querySelectorAll(`[data-bar="${index}"] rect`), start, width);
    start += width;
  }
  const entries = new Map([...document.querySelectorAll("[data-list]")].map((entry) => [Number(entry.dataset.list), entry]));
  const [home, fold] = document.querySelectorAll(".lists");
  const standing = [...entries.keys()];
  if (home.children.length === top.length && [...top, ...rest].every((index, rank) => index === standing[rank])) return;
  for (const index of top) home.append(entries.get(index));
  if (!fold) return;
  for (const index of rest) fold.append(entries.get(index));
  fold.previousElementSibling.textContent = t("lists.rest", { n: rest.length });
  fold.parentElement.hidden = !rest.length;
}

function paintActas(count) {
  let start = 0;
  for (const bar of document.querySelectorAll("[data-bucket]")) {
    const width = count.total ? (100 * (count[bar.dataset.bucket] || 0)) / count.total : 0;
    place([bar], start, width);
    start += width;
  }
}

/* Everything of one key; true when it is the page's own. */
export function paint(key, data) {
  const count = shown(data);
  paintNumbers(key, data, count);
  paintMap(key, data, count);
  if (key !== config.key) return false;
  paintLists(count.votes);
  paintActas(count);
  return true;
}

/* Lists without a bar yet, or a page without the acta's numbers: only the server can draw those. */
export function lacks(data) {
  return Boolean((shown(data).votes || []).some(Boolean)) && !document.querySelector("[data-bar]");
}
