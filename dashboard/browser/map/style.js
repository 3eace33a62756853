/* How the map looks: an inline style without glyphs or sprites, colours and covers from feature state. */
import { config } from "../text/config.js";

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const GREY = "#7d7d78";
/* From the country whole to its districts: small areas have a thin line. */
const nearer = (far, near) => ["interpolate", ["linear"], ["zoom"], 4, far, 8, near];
/* A thin line inside the border of what is not all counted. */
const RING = { "line-color": "#000000", "line-width": nearer(0.4, 0.9), "line-offset": nearer(1.4, 2.4) };

/* A square that tiles, as its path draws it. */
function tile(size, color, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = pen.fillStyle = color;
  pen.beginPath();
  draw(pen);
  return pen.getImageData(0, 0, size, size);
}

/* Diagonal lines, upward or downward. */
function lines(size, thickness, isDown = false) {
  return (pen) => {
    pen.lineWidth = thickness;
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - 1, isDown ? -1 : size + 1);
      pen.lineTo(shift + size + 1, isDown ? size + 1 : -1);
    }
    pen.stroke();
  };
}

function both(pen) {
  lines(12, 2)(pen);
  lines(12, 2, true)(pen);
}

function dot(pen) {
  pen.arc(7, 7, 2.4, 0, 2 * Math.PI);
  pen.fill();
}

/* Those that `config.patterns` names, as dashboard/templates/covers.svg draws them. */
export function addPatterns(map) {
  const tiles = {
    dots: tile(14, GREY, dot), hatch: tile(12, GREY, lines(12, 3)), grid: tile(12, GREY, both),
  };
  for (const [name, image] of Object.entries(tiles)) map.addImage(name, image, { pixelRatio: 2 });
}

const state = (name, otherwise) => ["coalesce", ["feature-state", name], otherwise];
const covered = (cover) => ["case", ["==", state("cover", "not_read"), cover], 1, 0];

export function style() {
  const line = token("--map-line");
  return {
    version: 8,
    sources: {
      context: { type: "geojson", data: empty() },
      areas: { type: "geojson", data: empty() },
      places: { type: "geojson", data: empty() },
    },
    layers: [
      { id: "context", type: "fill", source: "context", paint: { "fill-color": token("--map-context"), "fill-outline-color": line } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["to-color", state("color", "#ffffff")], "fill-antialias": false } },
      ...Object.entries(config.patterns).filter(([cover]) => cover !== "partial").map(([cover, pattern]) => ({
        id: pattern, type: "fill", source: "areas", paint: { "fill-pattern": pattern, "fill-opacity": covered(cover) },
      })),
      { id: "ring", type: "line", source: "areas", paint: { ...RING, "line-opacity": nearer(["*", 0.4, covered("partial")], ["*", 0.6, covered("partial")]) } },
      { id: "outline", type: "line", source: "areas", paint: { "line-color": line, "line-width": 0.8 } },
      { id: "chosen", type: "line", source: "areas", paint: { "line-color": token("--map-chosen"), "line-width": ["case", state("chosen", false), 3, 0] } },
      {
        id: "places", type: "circle", source: "places",
        paint: { "circle-radius": 7, "circle-color": ["to-color", state("color", token("--map-point"))], "circle-opacity": 0.85, "circle-stroke-color": ["case", ["==", ["get", "precision"], "exact"], token("--map-chosen"), "#ffffff"], "circle-stroke-width": 2 },
      },
    ],
  };
}

export function empty() {
  return { type: "FeatureCollection", features: [] };
}
