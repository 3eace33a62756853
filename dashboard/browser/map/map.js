/* The map of a page: the server's picture, alive; MapLibre in its place where the reader goes nearer than the picture draws. */
import { onRows } from "../count/incidents.js";
import { onChoice } from "../count/measures.js";
import { leadPaint } from "../count/paint.js";
import { isTold, standing, subscribe } from "../count/store.js";
import { config, expose } from "../text/config.js";
import { button, make, set } from "../text/dom.js";
import { levelBelow } from "../text/keys.js";
import { t } from "../text/words.js";
import * as mapdata from "./data.js";
import * as maplegend from "./legend.js";
import * as maplevels from "./levels.js";
import * as picture from "./picture.js";

const PAN_PX = 120;
let near = null; // the module of MapLibre's map, once somebody went nearer
let moved = null; // the page whose map the reader moved: the picture cannot
let way = null; // what the page gives: see start()
let drawing = 0; // pictures on their way
let isLive = null; // the picture that stands, once it is
let painted = null; // resolves what waits for the map that was asked for last: it is live, or will not be
let settling = null;
const unsettle = () => { settling = new Promise((resolve) => { painted = resolve; }); };
unsettle();

const page = () => document.getElementById("page").dataset;
const slot = () => document.getElementById("map-slot");
const isWanted = () => slot() && document.documentElement.dataset.view === "map";
/* Areas of every level are drawn as pictures, until somebody goes nearer than one shows; a district's are points. */
const suffices = () => picture.keys().length > 0 && moved !== page().key;
const levelOfPicture = () => picture.finerLevel() ?? maplevels.own();
const isNear = () => Boolean(near?.isShown());

/* Something to show: an area's numbers, or an answer that there are none. Until then the server's paint says more. */
const isKnown = (keys) => isTold() || keys.some((key) => standing()[key]);

/* The picture has been painted: with the next frame it stands. */
function live() {
  const svg = slot()?.querySelector(".picture");
  if (drawing || !isWanted() || !isKnown(picture.keys())) return;
  if (isLive === svg) { painted(); return; }
  isLive = svg;
  requestAnimationFrame(() => {
    performance.mark("map-live");
    painted();
  });
}

/* For the areas as they are now. Before any is known, what the server wrote says more; beside the picture it wrote all. */
function legend() {
  const keys = isNear() ? near.keys() : picture.keys();
  const state = standing();
  if (isNear() ? !isKnown(keys) : !keys.some((key) => state[key])) return;
  const abroad = [...document.querySelectorAll(".box")].map((box) => box.dataset.area);
  const leaderOf = (key) => (state[key] ? leadPaint(state[key]).leader : null);
  const leaders = new Set([...(isNear() ? keys.map(leaderOf) : picture.leaders()), ...abroad.map(leaderOf)]);
  leaders.delete(null);
  const [level, hasPlaces, hasExact] = isNear() ? [near.level(), near.hasPlaces(), near.hasExact()] : [levelOfPicture(), false, false];
  maplegend.show([...leaders].sort((one, other) => one - other), level, hasPlaces, hasExact);
}

/* Everything a drag or a pinch does, as buttons; the first of them brings the map that can be moved. */
function controls() {
  const bar = document.getElementById("map-controls");
  if (bar.childElementCount) return;
  for (const kind of ["wheel", "touchstart"]) slot().addEventListener(kind, reach, { passive: false });
  const actions = [
    ["zoom_in", "+", (map) => map.zoomIn()], ["zoom_out", "−", (map) => map.zoomOut()],
    ["north", "↑", (map) => map.panBy([0, -PAN_PX])], ["west", "←", (map) => map.panBy([-PAN_PX, 0])],
    ["east", "→", (map) => map.panBy([PAN_PX, 0])], ["south", "↓", (map) => map.panBy([0, PAN_PX])], ["reset", "⤢", () => near.fit()],
  ];
  bar.append(...actions.map(([name, sign, action]) => set(button(sign, () => move(name, action), ""), { title: t(`map.${name}`), "aria-label": t(`map.${name}`) })));
}

async function move(name, action) {
  if (suffices() && name === "reset") return; // the picture shows all there is
  moved = page().key;
  if (await goNear()) action(near.canvasMap());
}

/* Two fingers, or a wheel with the key for it, mean the map that can be moved. */
function reach(event) {
  const isMeant = event.touches ? event.touches.length > 1 : (event.ctrlKey || event.metaKey) && event.deltaY < 0;
  if (!isMeant || !suffices()) return;
  event.preventDefault();
  move("zoom_in", (map) => map.zoomIn());
}

/* All that MapLibre's map needs is asked for at once, not one after the other; who waits for it hears what fails. */
function ahead() {
  const level = maplevels.levelAt(0, 0);
  const size = config.first_size[levelBelow(page().key)];
  for (const asked of [mapdata.library(), mapdata.layer(level, size)]) asked.catch(() => {});
  maplevels.followAreas(level);
}

/* Whether MapLibre's map stands now; without WebGL the picture stays, and lives. */
async function goNear() {
  const own = slot();
  try {
    if (!near) {
      ahead();
      const found = await way.fetchMap();
      found.start({ open: way.open, isWanted, legend, drawn: () => painted() });
      near = found;
    }
    await near.show();
    return true;
  } catch (error) {
    console.warn(error);
    if (!own.querySelector(".map-unavailable")) own.append(make("p", "note map-unavailable", t("map.unavailable")));
    painted();
    return false;
  }
}

/* The picture of those areas stands in the slot, or why it does not is thrown; shapes and numbers are asked for together. */
async function draw(level) {
  const [{ key }, own] = [page(), maplevels.own()];
  unsettle();
  maplevels.followAreas(level);
  if (level === own) { picture.put(picture.bare()); return; }
  drawing += 1;
  const [finer, outline] = await Promise.all([way.fetchFiner(), mapdata.outline(key, level)]).finally(() => { drawing -= 1; });
  if (page().key !== key || maplevels.levelAt(0, 0) !== level) return; // somebody went on
  const svg = finer.draw(picture.bare(), level, outline);
  picture.put(svg, finer.createRings(svg));
}

/* The page's areas: the picture that came with it, one of finer areas, or MapLibre's in its place. */
export async function show() {
  if (!isWanted()) { painted(); return; }
  controls();
  picture.mount(way.open);
  const level = maplevels.levelAt(0, 0);
  const isDrawn = suffices() && (level === levelOfPicture() || (await draw(level).then(() => true, console.warn)));
  if (!isDrawn) { await goNear(); return; }
  near?.leave();
  picture.mount(way.open);
  legend();
  live();
}

function update({ keys, isWhole }) {
  if (!slot()) return;
  picture.paint(keys, isWhole);
  near?.update(keys);
  legend();
  if (suffices()) live();
}

/* Another measure: every area, and the legend. */
function recolor() {
  picture.paint(picture.keys());
  near?.update(near.keys());
  legend();
}

/* What the map shows of a key, as read back from the map itself. */
const featureState = (key) => (isNear() ? near.featureState(key) : picture.paintedAs(key));

function featureColor(key) {
  const { color, cover } = featureState(key) || {};
  return cover === "unknown" ? null : color || null;
}

export const control = maplevels.control;

/* When the map that was asked for last is live, or will not be. */
export const settled = () => settling;

/* From now on the map follows what is shown; `open(path)` goes to a page, `fetchFiner` brings what draws finer areas,
   `fetchMap` what goes nearer. */
export function start(given) {
  way = given;
  subscribe(update);
  onChoice(recolor);
  onRows(() => { picture.badge(); near?.badge(); });
  maplevels.onChoice(show);
  expose({ featureColor, featureState });
}
