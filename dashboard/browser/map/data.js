/* Geometry by hashed URL, each file fetched once; and the library itself, fetched when a map is first wanted. */
import { config } from "../text/config.js";
import { dress, run } from "../text/dom.js";
import { isWithin, levelOf } from "../text/keys.js";

const answers = new Map();
const FINEST = 9; // zoom from which the finest shapes are worth their bytes

function get(url) {
  if (!answers.has(url)) {
    const asked = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
      return answer.json();
    });
    asked.catch(() => answers.delete(url));
    answers.set(url, asked);
  }
  return answers.get(url);
}

export const index = async () => config.geometry || get("/api/v1/geometry");

/* The areas of a level below a key as the server draws them. */
export async function outline(key, level) {
  const { version } = await index();
  return get(`/api/v1/geometry/outlines/${key}?level=${level}${version ? `&v=${version}` : ""}`);
}

export async function layer(level, size) {
  const { layers } = await index();
  return get(layers[level][size]);
}

/* How finely to draw: coarse for a whole country on first sight, finer the nearer one looks. */
export function sizeAt(zoom) {
  if (zoom < 6) return "low";
  return zoom < FINEST ? "mid" : "high";
}

/* The areas of a level below a page's key; a district paints itself. */
export async function areasOf(key, level, size) {
  if (levelOf(key) === "district") return pick(await layer("district", size), (feature) => feature.properties.key === key);
  return pick(await layer(level, size), (feature) => isWithin(feature.properties.ubigeo, key));
}

function pick(collection, wanted) {
  return { type: "FeatureCollection", features: collection.features.filter(wanted) };
}

export async function labels() {
  return get((await index()).labels);
}

/* Polling places of some districts, as points, each with what it is worth. */
export async function placesOf(keys) {
  const url = (key) => `${config.base}/places?within=${encodeURIComponent(key)}`;
  const answers = await Promise.all(keys.map((key) => get(url(key)).catch(() => ({ places: [] }))));
  const features = answers.flatMap(({ places }) => places).map((place, id) => ({
    type: "Feature",
    id,
    properties: { key: place.key, name: place.name, precision: place.precision },
    geometry: { type: "Point", coordinates: [place.lon, place.lat] },
  }));
  return { type: "FeatureCollection", features };
}

export function bounds(collection) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (node) => {
    if (typeof node[0] !== "number") { node.forEach(visit); return; }
    box[0] = Math.min(box[0], node[0]);
    box[1] = Math.min(box[1], node[1]);
    box[2] = Math.max(box[2], node[0]);
    box[3] = Math.max(box[3], node[1]);
  };
  collection.features.forEach((feature) => visit(feature.geometry.coordinates));
  return box[0] === Infinity ? null : box;
}

let loading = null;

export function library() {
  if (loading) return loading;
  const { "maplibre-gl.css": href, "maplibre-gl.js": source } = config.vendor;
  loading = Promise.all([run(source), dress(href)]).then(() => window.maplibregl); // without its styles it takes a place in the page
  loading.catch(() => { loading = null; });
  return loading;
}
