/* How the map looks: an inline style without glyphs or sprites, colours and covers from feature state. */

const PATTERNS = { none: "hatch", partial: "lines" };

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* A square of diagonal lines that tiles: dense for "nothing counted", sparse for "partly counted". */
function diagonal(size, thickness, color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = color;
  pen.lineWidth = thickness;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

export function addPatterns(map) {
  map.addImage("hatch", diagonal(12, 3, "#7d7d78"), { pixelRatio: 2 });
  map.addImage("lines", diagonal(20, 2, "rgba(20, 20, 20, 0.45)"), { pixelRatio: 2 });
}

const state = (name, otherwise) => ["coalesce", ["feature-state", name], otherwise];
const covered = (cover) => ["case", ["==", state("cover", "none"), cover], 1, 0];

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
      ...Object.entries(PATTERNS).map(([cover, pattern]) => ({
        id: pattern, type: "fill", source: "areas", paint: { "fill-pattern": pattern, "fill-opacity": covered(cover) },
      })),
      { id: "outline", type: "line", source: "areas", paint: { "line-color": line, "line-width": 0.8 } },
      { id: "chosen", type: "line", source: "areas", paint: { "line-color": token("--map-chosen"), "line-width": ["case", state("chosen", false), 3, 0] } },
      {
        id: "places", type: "circle", source: "places",
        paint: { "circle-radius": 7, "circle-color": token("--map-point"), "circle-opacity": 0.85, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
      },
    ],
  };
}

export function empty() {
  return { type: "FeatureCollection", features: [] };
}
