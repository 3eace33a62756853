/* The map that goes nearer than the server's picture: MapLibre's, one for the visit, whose colours live in feature state. */
import { paintOf } from "../count/measures.js";
import { isTold, standing } from "../count/store.js";
import { config, expose } from "../text/config.js";
import { make } from "../text/dom.js";
import { shown as countOf } from "../text/figures.js";
import { levelBelow, levelOf } from "../text/keys.js";
import * as canvas from "./canvas.js";
import * as mapdata from "./data.js";
import * as maplabels from "./labels.js";
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
let way = null; // what the page gives: see start()
let ready = null; // the promise of the map
let map = null;
let placed = []; // keys of the polling places that stand there as points
let isExact = false; // whether some of them stand where their school is
let pointing = null;
let labels = null;
let wasKnown = false; // whether what stands is painted with what is known of it
let shown = { key: null, level: null, size: null };
let frame = null; // fits the page's areas

const page = () => document.getElementById("page").dataset;
const isDistrict = () => levelOf(page().key) === "district";
const slot = () => document.getElementById("map-slot");

/* --- making it --- */

async function create() {
  map = await canvas.create(container);
  expose({ map });
  pointing = createPointing(map, container, ids, way.open);
  labels = maplabels.create(map, container);
  frame = canvas.frame(map, () => picture.padding(slot(), PADDING_PX), () => way.isWanted() && isOfPage());
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
    putPlaces(mapstyle.empty());
    frame.show(mapdata.bounds(areas));
  }
  maplevels.followAreas(level);
  paint([...ids.keys()]);
  way.legend();
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
  const size = ({ properties: { key } }) => countOf(standing()[key]).total || 0;
  return [...features].sort((one, other) => size(other) - size(one));
}

/* Something to show: an area's numbers, or an answer that there are none. Until then the picture says more. */
const isKnown = () => isTold() || [...ids.keys()].some((key) => standing()[key]);

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
  if (!way.isWanted() || isShown() || container.parentElement !== slot()) return;
  slot().classList.add("live");
  performance.mark("map-live");
  way.legend();
  way.drawn();
}

async function places() {
  const { key } = shown;
  const isNear = shown.level === "district" && (isDistrict() || map.getZoom() >= frame.whole() + PLACES_FROM);
  const keys = isDistrict() ? [key] : isNear ? await nearby() : [];
  const found = keys.length && keys.length <= MOST_DISTRICTS ? await mapdata.placesOf(keys) : mapstyle.empty();
  if (page().key !== key) return;
  putPlaces(found);
  way.legend();
}

function putPlaces(found) {
  placed = found.features.map(({ properties: { key } }) => key);
  isExact = found.features.some(({ properties: { precision } }) => precision === "exact");
  map.removeFeatureState({ source: "places" });
  map.getSource("places").setData(found);
  paintPlaces(placed);
}

/* The districts whose middle is in sight. */
async function nearby() {
  const positions = await mapdata.labels();
  const bounds = map.getBounds();
  return [...ids.keys()].filter((key) => positions[key] && bounds.contains(positions[key]));
}

/* The reader moved the map: other areas may be due, and polling places. */
function moved() {
  if (!isOfPage() || !way.isWanted()) return;
  const [zoom, whole] = [map.getZoom(), frame.whole()];
  slot().parentElement.classList.toggle("near", zoom > whole + 0.4);
  const level = maplevels.levelAt(zoom, whole);
  if (level !== shown.level || (zoom > whole + 0.5 && mapdata.sizeAt(zoom) !== shown.size)) load(shown.key, level, mapdata.sizeAt(zoom)).catch(console.warn);
  else places();
}

/* --- colours --- */

function paint(changed) {
  // Once some areas of the level are told, the others were not read: until then nobody knows.
  const state = standing();
  const isSome = isKnown();
  const due = isSome === wasKnown ? changed : ids.keys();
  wasKnown = isSome;
  for (const key of due) {
    if (!ids.has(key)) continue;
    const { color, cover } = paintOf(state[key], key);
    const own = state[key] || isSome ? { color: color || "#ffffff", cover } : UNKNOWN;
    map.setFeatureState({ source: "areas", id: ids.get(key) }, own);
  }
}

/* A polling place takes the colour of who leads there; of one that this page does not follow nothing is known. */
function paintPlaces(changed) {
  for (const key of changed) {
    const id = placed.indexOf(key);
    const { color } = standing()[key] ? paintOf(standing()[key], key) : {};
    if (id >= 0) map.setFeatureState({ source: "places", id }, { color: color || null });
  }
}

/* --- what the page's map asks of it --- */

/* `open(path)` goes to a page, `isWanted()` says whether it shows a map, `legend()` writes that of what is painted, `drawn()`
   hears when areas stand. */
export function start(given) { way = given; }

/* The page's areas in its slot. Without WebGL this fails, each time it is asked. */
export async function show() {
  const own = slot();
  try {
    ready = ready || create();
    if (container.parentElement !== own) own.append(container);
    await ready;
  } catch (error) {
    ready = map = null;
    container.remove();
    throw error;
  }
  if (own !== slot()) return;
  map.resize();
  const isNew = !isOfPage();
  const level = isNew ? maplevels.levelAt(0, 0) : levelNow();
  const size = isNew ? config.first_size[levelBelow(page().key)] : mapdata.sizeAt(map.getZoom());
  if (isNew || level !== shown.level) await load(page().key, level, size);
  else { maplevels.followAreas(shown.level); paint([...ids.keys()]); reveal(); }
}

/* The picture is the map again. */
export function leave() {
  if (!isShown()) return;
  slot().classList.remove("live");
  slot().parentElement.classList.remove("near");
  container.remove();
  maplevels.followAreas(maplevels.own());
}

/* These have other numbers; the past has fewer levels. */
export function update(changed) {
  if (!map || !isOfPage()) return;
  if (way.isWanted() && levelNow() !== shown.level) { show(); return; }
  paint(changed);
  paintPlaces(changed);
}

const levelNow = () => maplevels.levelAt(map.getZoom(), frame.whole());
const isOfPage = () => shown.key === page().key;
export const isShown = () => Boolean(map) && slot()?.classList.contains("live");
export const canvasMap = () => map;
export const fit = () => frame.fit();
export const keys = () => [...ids.keys()];
export const level = () => shown.level;
export const hasPlaces = () => placed.length > 0;
export const hasExact = () => isExact;
export const badge = () => labels?.badge();

/* What the map shows of a key, as read back from the map itself. */
export const featureState = (key) => (ids.has(key) ? map.getFeatureState({ source: "areas", id: ids.get(key) }) : null);
