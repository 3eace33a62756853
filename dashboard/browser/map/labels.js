/* Names and badges on the map, in HTML: as many as fit without touching, so that no glyph file is needed. */
import { gravest, shapeOf } from "../count/incidents.js";
import { make } from "../text/dom.js";
import { properName } from "../text/spelling.js";

const GAP_PX = 3;
const HEIGHT_PX = 15;
const BESIDE_PX = 11; // from the label point to the middle of a name above it and of a badge below it
const FONT = "600 11px system-ui, sans-serif";
const LETTER_PX = 7; // where nothing can be measured
const MOST = 40;
/* Where the names of few areas may stand, in parts of their width and height: on their points, or a little beside. */
const BESIDE = [[0, 0], [0, -0.75], [0, 0.75], [-0.3, 0], [0.3, 0], [-0.3, -0.75], [0.3, -0.75], [-0.3, 0.75], [0.3, 0.75]];

function touches(one, other) {
  return one.left < other.right + GAP_PX && other.left < one.right + GAP_PX && one.top < other.bottom + GAP_PX && other.top < one.bottom + GAP_PX;
}

/* The gravest severity's shape, and how many critical and serious incidents an area has. */
function mark(key) {
  const found = gravest(key);
  return found && make("span", `badge map-badge ${found.severity}`, `${shapeOf(found.severity)} ${found.total}`);
}

/* `hear` is told whose name found no room. */
export function create(map, host, hear = (_keys) => {}) {
  const layer = make("div", "map-labels");
  layer.setAttribute("aria-hidden", "true");
  host.append(layer);
  const pen = document.createElement("canvas").getContext("2d");
  if (pen) pen.font = FONT;
  let points = []; // {key, name, at, width}, the first ones win a place
  let standing = new Map();
  let waiting = false;

  function widthOf(point) {
    if (!point.width) point.width = Math.ceil(pen?.measureText(point.name).width ?? LETTER_PX * point.name.length) + 7;
    return point.width;
  }

  const inside = (box) => box.left > 0 && box.top > 0 && box.right < layer.clientWidth && box.bottom < layer.clientHeight;

  /* What stands on the map beside the areas: abroad. */
  function beside() {
    const [block, frame] = [document.querySelector(".map-frame > .abroad")?.getBoundingClientRect(), layer.getBoundingClientRect()];
    if (!block?.width) return [];
    return [{ left: block.left - frame.left, right: block.right - frame.left, top: block.top - frame.top, bottom: block.bottom - frame.top }];
  }

  /* What fits now: badges first, then names; each with its box. */
  function fitting() {
    const taken = beside();
    const found = new Map();
    const place = (id, point, width, shift, most, [across, down] = [0, 0]) => {
      if (found.size >= most) return false;
      const { x, y } = map.project(point.at);
      const [middle, centre] = [x + across * width, y + down * HEIGHT_PX + shift];
      const box = { left: middle - width / 2, right: middle + width / 2, top: centre - HEIGHT_PX / 2, bottom: centre + HEIGHT_PX / 2 };
      if (!inside(box) || taken.some((other) => touches(box, other))) return false;
      taken.push(box);
      found.set(id, { point, box });
      return true;
    };
    for (const point of points) if (point.badge) place(`badge ${point.key}`, point, 44, BESIDE_PX, MOST);
    // A badge takes no name's room: as many names find place, and its own stands clear above it.
    const most = MOST + found.size;
    const ways = points.length > MOST ? BESIDE.slice(0, 1) : BESIDE;
    const name = (point, way) => place(point.key, point, widthOf(point), point.badge ? -BESIDE_PX : 0, most, way);
    const unnamed = points.filter((point) => !name(point, ways[0]));
    hear(unnamed.filter((point) => !ways.slice(1).some((way) => name(point, way))).map(({ key }) => key));
    return found;
  }

  function elementOf(id, point) {
    return id.startsWith("badge ") ? point.badge.cloneNode(true) : make("span", "map-label", point.name);
  }

  function arrange() {
    waiting = false;
    if (!layer.isConnected) return; // another picture stands
    const found = fitting();
    for (const [id, element] of standing) if (!found.has(id)) element.remove();
    const next = new Map();
    for (const [id, { point, box }] of found) {
      const element = standing.get(id) || layer.appendChild(elementOf(id, point));
      element.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
      if (id.startsWith("badge ")) element.style.width = `${Math.round(box.right - box.left)}px`;
      next.set(id, element);
    }
    standing = next;
  }

  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(arrange);
  }

  function badge() {
    standing.forEach((element) => element.remove());
    standing = new Map();
    for (const point of points) point.badge = mark(point.key);
    later();
  }

  map.on("move", later);
  map.on("resize", later);
  return {
    element: layer,
    badge,
    /* Label these features where `positions` ({key: [lon, lat]}) says. */
    set(features, positions) {
      points = features.filter((feature) => positions[feature.properties.key]).map(({ properties: { key, name } }) => (
        { key, name: properName(name), at: positions[key], width: 0, badge: null }
      ));
      badge();
    },
  };
}
