/* The map of a page: it takes the place of the server's picture; colours live in feature state. */
import { onRows } from "../count/incidents.js";
import { onChoice, paintOf } from "../count/measures.js";
import { leadPaint } from "../count/paint.js";
import { follow, isTold, standing, subscribe } from "../count/store.js";
import { moment } from "../text/addresses.js";
import { config, expose } from "../text/config.js";
import { make } from "../text/dom.js";
import { shown as countOf } from "../text/figures.js";
import { levelBelow, levelOf } from "../text/keys.js";
import { t } from "../text/words.js";
import * as canvas from "./canvas.js";
import * as mapdata from "./data.js";
import * as maplabels from "./labels.js";
import * as maplegend from "./legend.js";
import * as maplevels from "./levels.js";
import * as picture from "./picture.js";
import { createPointing } from "./pointing.js";
import * as mapstyle from "./style.js";

const PADDING_PX = 16;
const PLACES_FROM = 2; // zoom steps past the whole district level, from which polling places are drawn
const MOST_DISTRICTS = 12;
const UNKNOWN = { color: "#e6e8e6", cover: "unknown" }; // not told yet, which is not "not read"
const container = make("div", "map-canvas");
const ids = new Map(); // key → feature id, of the areas on the map
let ready = null; // the promise of the map
let map = null;
let hasPlaces = false; // whether polling places stand there as points
let pointing = null;
let labels = null;
let shown = { key: null, level: null, size: null };
let state = standing();
let frame = null; // fits the page's areas
let painted = null; // resolves when the first map has been drawn, or will not be
const settling = new Promise((resolve) => { painted = resolve; });
let open = null; // opens the page at an address

const page = () => document.getElementById("page").dataset;
const isDistrict = () => levelOf(page().key) === "district";
const slot = () => document.getElementById("map-slot");
const isWanted = () => slot() && document.documentElement.dataset.view === "map";

/* --- making it --- */

async function create() {
  map = await canvas.create(container);
  expose({ map });
  pointing = createPointing(map, container, ids, open);
  labels = maplabels.create(map, container);
  frame = canvas.frame(map, () => picture.padding(slot(), PADDING_PX), () => isWanted() && shown.key === page().key);
  map.on("moveend", moved);
}

/* --- showing a page's areas --- */

async function load(key, level, size) {
  const isNewPage = shown.key !== key;
  const areas = await mapdata.areasOf(key, level, size);
  if (page().key !== key) return;
  shown = { key, level, size };
  ids.clear();
  pointing.forget();
  map.removeFeatureState({ source: "areas" });
  areas.features.forEach((feature) => ids.set(feature.properties.key, feature.id));
  map.getSource("areas").setData(areas);
  if (isNewPage) {
    map.getSource("places").setData(mapstyle.empty());
    hasPlaces = false;
    frame.show(mapdata.bounds(areas));
  }
  followAreas(level);
  paint([...ids.keys()]);
  legend();
  around(key, areas);
}

/* What may come after the first picture: neighbours, names, polling places. */
async function around(key, areas) {
  await drawn();
  const [context, positions] = await Promise.all([mapdata.layer("department", "low"), mapdata.labels()]);
  if (page().key !== key) return;
  map.getSource("context").setData(levelBelow(page().key) === "department" ? mapstyle.empty() : context);
  labels.set(isDistrict() ? [] : bySize(areas.features), positions);
  places();
}

/* Most actas first: where names would touch, that of more people stands. */
function bySize(features) {
  const size = ({ properties: { key } }) => countOf(state[key]).total || 0;
  return [...features].sort((one, other) => size(other) - size(one));
}

/* Something to show: an area's numbers, or an answer that there are none. Until then the picture says more. */
function isKnown(keys = [...ids.keys()]) {
  return keys.some((key) => state[key]) || isTold();
}

/* The next frame that shows the areas in their colours. */
function drawn() {
  return new Promise((resolve) => {
    const look = () => {
      if (!map.isSourceLoaded("areas") || !isKnown()) return;
      map.off("render", look);
      reveal();
      resolve();
    };
    map.on("render", look);
    map.triggerRepaint();
  });
}

function reveal() {
  if (!isWanted() || slot().classList.contains("live")) return;
  slot().classList.add("live");
  performance.mark("map-live");
  painted();
}

async function places() {
  const { key } = shown;
  const isNear = shown.level === "district" && (isDistrict() || map.getZoom() >= frame.whole() + PLACES_FROM);
  const keys = isDistrict() ? [key] : isNear ? await nearby() : [];
  const found = keys.length && keys.length <= MOST_DISTRICTS ? await mapdata.placesOf(keys) : mapstyle.empty();
  if (page().key !== key) return;
  map.getSource("places").setData(found);
  hasPlaces = found.features.length > 0;
  legend();
}

/* The districts whose middle is in sight. */
async function nearby() {
  const positions = await mapdata.labels();
  const bounds = map.getBounds();
  return [...ids.keys()].filter((key) => positions[key] && bounds.contains(positions[key]));
}

/* The reader moved the map: other areas may be due, and polling places. */
function moved() {
  if (shown.key !== page().key || !isWanted()) return;
  const [zoom, whole] = [map.getZoom(), frame.whole()];
  slot().parentElement.classList.toggle("near", zoom > whole + 0.4);
  const level = maplevels.levelAt(zoom, whole);
  if (level !== shown.level || (zoom > whole + 0.5 && mapdata.sizeAt(zoom) !== shown.size)) load(shown.key, level, mapdata.sizeAt(zoom)).catch(console.warn);
  else places();
}

function followAreas(level) {
  const { topic } = page();
  if (topic && !moment()) follow([topic, ...maplevels.topicsFor(level), "corrections"]);
}

/* --- colours --- */

/* For the areas as they are now. Before any is known, what the server wrote says more. */
function legend() {
  const painted = map ? [...ids.keys()] : picture.keys();
  if (!isKnown(painted)) return;
  const abroad = [...document.querySelectorAll(".box")].map((box) => box.dataset.area);
  const leaders = new Set([...painted, ...abroad].map((key) => (state[key] ? leadPaint(state[key]).leader : null)));
  leaders.delete(null);
  maplegend.show([...leaders].sort((one, other) => one - other), (map && shown.level) || maplevels.own(), hasPlaces);
}

function paint(keys) {
  // Once some areas of the level are told, the others were not read: until then nobody knows.
  const isSome = [...ids.keys()].some((key) => state[key]);
  for (const key of keys) {
    if (!ids.has(key)) continue;
    const { color, cover } = paintOf(state[key]);
    const paint = state[key] || isSome ? { color: color || "#ffffff", cover } : UNKNOWN;
    map.setFeatureState({ source: "areas", id: ids.get(key) }, paint);
  }
}

/* --- what the page asks of it --- */

/* Put the map in the page's slot and show the page's areas; without WebGL the server's picture stays, and lives. */
export async function show() {
  if (!isWanted()) { painted(); return; }
  const own = slot();
  try {
    ready = ready || create();
    if (container.parentElement !== own) own.append(container);
    await ready;
    if (own !== slot()) return;
    map.resize();
    const controls = document.getElementById("map-controls");
    if (!controls.childElementCount) controls.append(...canvas.controls(map, frame.fit));
    const isNew = shown.key !== page().key;
    const level = isNew ? maplevels.levelAt(0, 0) : maplevels.levelAt(map.getZoom(), frame.whole());
    const size = isNew ? config.first_size[levelBelow(page().key)] : mapdata.sizeAt(map.getZoom());
    if (isNew || level !== shown.level) await load(page().key, level, size);
    else { followAreas(shown.level); reveal(); }
  } catch (error) {
    console.warn(error);
    ready = map = null;
    container.remove();
    if (own.querySelector(".map-unavailable")) return;
    own.append(make("p", "note map-unavailable", t("map.unavailable")));
    painted();
  }
}

function update({ keys, state: newest }) {
  state = newest;
  if (!slot()) return;
  if (map && isWanted() && shown.key === page().key && maplevels.levelAt(map.getZoom(), frame.whole()) !== shown.level) show(); // the past has fewer levels
  else if (map && shown.key === page().key) { paint(keys); legend(); }
  else if (!map) { picture.paint(state); legend(); }
}

/* Another measure: every area, and the legend. */
function recolor() {
  picture.paint(state);
  if (!map || shown.key !== page().key) { legend(); return; }
  paint([...ids.keys()]);
  legend();
}

/* What the map shows of a key, as read back from the map itself. */
function featureState(key) {
  return map && ids.has(key) ? map.getFeatureState({ source: "areas", id: ids.get(key) }) : null;
}

function featureColor(key) {
  const { color, cover } = featureState(key) || {};
  return cover === UNKNOWN.cover ? null : color || null;
}

export const control = maplevels.control;

/* When the first map has been drawn, or will not be. */
export const settled = () => settling;

/* From now on the map follows what is shown; `open(path)` goes to a page. */
export function start(way) {
  open = way.open;
  subscribe(update);
  onChoice(recolor);
  onRows(() => labels?.badge());
  maplevels.onChoice(show);
  expose({ featureColor, featureState });
}
