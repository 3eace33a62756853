/* The races on a page, live: one that changed is painted again, and nothing else. The markup is that of
   dashboard/components/racetable.py and dashboard/components/regions.py. */
import { textureOf } from "../count/paint.js";
import * as races from "../count/races.js";
import { status, subscribe } from "../count/store.js";
import { config } from "../text/config.js";
import { make, set } from "../text/dom.js";
import { group, width } from "../text/figures.js";
import { CONTEST_STATES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import { tell } from "./announce.js";

const FLASH_MS = 1600;

function write(element, text) {
  if (!element || element.textContent === text) return false;
  element.textContent = text;
  return true;
}

function entryOf(race, entry, isFull) {
  const bar = make("i");
  bar.style.width = width(entry.votes, race.valid);
  const said = [make("b", "", entry.short), make("span", "", races.shareOf(race, entry)), make("small", "", group(entry.votes))];
  const item = make("li", `texture-${textureOf(entry.index)}`, ...said, ...(isFull ? [make("em", "", races.candidacyOf(entry))] : []), bar);
  item.style.setProperty("--list", entry.color);
  return item;
}

/* A list that stays in its place keeps its bar, which then grows. */
function fillLists(host, race) {
  const wanted = race.lists.map((entry) => entryOf(race, entry, host.classList.contains("full")));
  wanted.forEach((item, place) => {
    const old = host.children[place];
    if (!old) host.append(item);
    else if (old.firstElementChild.textContent !== item.firstElementChild.textContent) old.replaceWith(item);
    else {
      for (const part of [1, 2]) write(old.children[part], item.children[part].textContent);
      old.lastElementChild.style.width = item.lastElementChild.style.width;
    }
  });
  while (host.children.length > wanted.length) host.lastElementChild.remove();
}

function mark(element, state) {
  element.className = `race-state ${state}`;
  element.replaceChildren(make("i"), t(`race_state.${state}`));
}

function flash(element) {
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), FLASH_MS);
}

function fill(scope, race) {
  const part = (name) => scope.querySelector(`[data-r="${name}"]`);
  if (scope.dataset.state !== race.state) {
    scope.dataset.state = race.state;
    mark(part("state"), race.state);
  }
  fillLists(part("lists"), race);
  write(part("counted"), races.countedOf(race));
  write(part("missing"), races.missingOf(race));
  write(part("distance"), races.distanceOf(race));
  write(part("said"), races.saidOf(race));
  for (const [name, votes] of [["blank", race.blank], ["null", race.null], ["blank_null", race.blank_null_together]]) write(part(name), group(votes));
  flash(scope.querySelector("a"));
}

function paintRegion(region, race) {
  const [cover, sign] = config.looks[race.state] ?? config.looks[""];
  const name = race.name[config.language] ?? race.name[config.default_language];
  set(region, { fill: config.looks[race.state] && race.lists.length ? race.lists[0].color : "#ffffff" });
  write(region.querySelector("title"), `${name}: ${t(`race_state.${race.state}`)}`);
  region.querySelector("use").setAttribute("fill", cover);
  write(region.querySelector("text"), sign);
}

/* How many stand how: of the whole country as the server counts them, of an area as its rows say, if it lists them all. */
function counted() {
  if (config.within === "nation") return status()?.counts;
  const rows = [...document.querySelectorAll("[data-race]")].map((row) => row.dataset);
  return document.querySelector(".behind") ? null : Object.fromEntries(races.countsOf(rows));
}

function count(host) {
  const counts = counted();
  if (!counts) return;
  const wanted = CONTEST_STATES.filter((state) => counts[state]).map((state) => {
    const [, number, rest] = t(`race_count.${state}`, { n: counts[state] }).match(/^(.*?\d) (\D.*)$/);
    return make("li", "", make("i", `race-key ${state}`), make("span", "", make("b", "", number), ` ${rest}`));
  });
  host.replaceChildren(...wanted);
}

function paint({ keys, state }) {
  for (const key of keys) {
    const race = state[key];
    const scope = document.querySelector(`[data-race="${key}"]`);
    if (scope) fill(scope, race);
    const region = document.querySelector(`[data-region="${key}"]`);
    if (region) paintRegion(region, race);
    if (scope && keys.length === 1) tell(`${scope.querySelector("a").textContent}: ${races.saidOf(race)}`);
  }
  const host = document.querySelector("[data-states]");
  if (host && keys.length) count(host);
}

export const start = () => subscribe(paint);
