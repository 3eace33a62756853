/* Repaints numbers in place: an element names its field (data-f text, data-w bar), an ancestor its key (data-area). */
import { text as measured } from "../count/measures.js";
import { textureOf } from "../count/paint.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { arrange, fields, shown } from "../text/figures.js";
import { t, write } from "../text/words.js";
import { paint as paintIssues } from "./issues.js";
import { remeasure } from "./measure.js";
import { scopesOf } from "./scopes.js";

const FLASH_MS = 1600;
let flashing = null; // what changed in this go: one timer for all of it

/* Every text of a count: the numbers, and by how much its leader is ahead. */
function textsOf(count) {
  const texts = fields(count, config.lists.map((entry) => entry.short));
  texts.leading = texts.standing === "leads" ? t("map.lead_short", { leader: texts.leader, points: texts.lead_points }) : t(`standing.${texts.standing}`);
  texts.ahead = ["leads", "tie"].includes(texts.standing) ? t("map.ahead", { points: texts.lead_points, votes: texts.margin }) : "";
  return texts;
}

/* One that is still fading goes on: to begin again, the page would have to be laid out for each of them. */
function flash(element) {
  if (element.classList.contains("changed")) return;
  element.classList.add("changed");
  if (flashing === null) {
    flashing = [];
    queueMicrotask(() => {
      const all = flashing;
      flashing = null;
      setTimeout(() => { for (const one of all) one.classList.remove("changed"); }, FLASH_MS);
    });
  }
  flashing.push(element);
}

function fill(scope, texts) {
  let moved = false;
  for (const element of scope.querySelectorAll("[data-f]")) {
    const text = texts[element.dataset.f];
    if (text === undefined || element.textContent === text) continue;
    write(element, text);
    flash(element);
    moved = true;
  }
  for (const element of scope.querySelectorAll("[data-w]")) {
    const width = texts[element.dataset.w];
    if (element.style.width !== width) element.style.width = width;
  }
  return moved;
}

/* A list's colour with a texture of its own, as dashboard/components/binding.py gives it. */
function colour(element, index) {
  element.className = `texture-${textureOf(index)}`;
  element.style.setProperty("--list", config.lists[index].color);
}

function paintLeader(scope, texts) {
  for (const element of scope.querySelectorAll("[data-leader]")) {
    const index = texts.leader_index;
    const said = index === "" ? t(`standing.${texts.standing}`) : texts.leader;
    if (element.dataset.leader === index && element.textContent === said) continue;
    element.dataset.leader = index;
    element.textContent = said;
    if (index === "") element.removeAttribute("class");
    else colour(element, index);
    flash(element);
  }
}

function wordState(scope, data) {
  for (const element of scope.querySelectorAll("[data-state-word]")) {
    if (!data.state || element.dataset.stateWord === data.state) continue;
    element.dataset.stateWord = data.state;
    element.className = `acta-state ${data.state}`;
    element.textContent = t(`mesa_state.${data.state}`);
    flash(element);
  }
}

/* The headline's lists stand most votes first, across the fold, which never parts a tie. */
function rankLists(scope, votes, texts) {
  const entries = new Map([...scope.querySelectorAll("[data-list]")].map((entry) => [Number(entry.dataset.list), entry]));
  if (!votes || entries.size < 2) return;
  const [top, rest] = arrange(votes, config.running, config.top_lists);
  const [home, fold] = scope.querySelectorAll(".lists");
  const standing = [...entries.keys()];
  if (home.children.length === top.length && [...top, ...rest].every((index, place) => index === standing[place])) return;
  for (const index of top) {
    home.append(entries.get(index));
    draw(entries.get(index), index, texts);
  }
  if (!fold) return;
  for (const index of rest) fold.append(entries.get(index));
  fold.previousElementSibling.textContent = t("lists.rest", { n: rest.length });
  fold.parentElement.hidden = !rest.length;
}

/* A list that stood in the fold in words alone gets its colour and its bar. */
function draw(entry, index, texts) {
  if (entry.querySelector("i")) return;
  colour(entry, index);
  const bar = make("i");
  bar.dataset.w = `width.${index}`;
  bar.style.width = texts[bar.dataset.w];
  entry.lastElementChild.before(bar);
}

/* Repaint every element of a key; true when a number on screen changed. */
export function repaint(key, data) {
  const scopes = scopesOf(key);
  if (!scopes.length) return false;
  const count = shown(data);
  const texts = { ...textsOf(count), turnout: measured(data, "turnout") };
  let moved = false;
  for (const scope of scopes) {
    moved = fill(scope, texts) || moved;
    paintLeader(scope, texts);
    wordState(scope, data);
    rankLists(scope, count.votes, texts);
    paintIssues(scope, data);
  }
  remeasure(key, data);
  return moved;
}
