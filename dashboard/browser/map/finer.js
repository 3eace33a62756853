/* The picture of finer areas than the page brought, from the outline that the server has of them: the frame is the page's picture's,
   the units may be parts of its own. What is not all counted has its ring in one shape for all, since a filter each is too slow. */

const NUMBER = /-?\d+/g;
const INWARD = 0.74; // of an area's size, around its middle
const SMALL = 12; // units of the page's picture: within less there is no room for a ring
const PATTERN = "patternTransform";

/* The rings of a path as they are written, moved inward; nothing where the area is small. */
function inner(path, least) {
  const rings = path.split("M").filter(Boolean).map((ring) => ring.match(NUMBER).map(Number));
  let box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [startX, startY, ...steps] of rings) {
    let [x, y] = [startX, startY];
    for (let at = 0; at <= steps.length; at += 2) {
      box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
      [x, y] = [x + steps[at], y + steps[at + 1]];
    }
  }
  if (Math.min(box[2] - box[0], box[3] - box[1]) < least) return "";
  const toward = (start, low, high) => Math.round(start + ((low + high) / 2 - start) * (1 - INWARD));
  return rings.map(([x, y, ...steps]) => (
    `M${toward(x, box[0], box[2])} ${toward(y, box[1], box[3])}l${steps.map((step) => (step * INWARD).toFixed(1)).join(" ")}Z`
  )).join("");
}

/* Larger where the picture is empty: a frame, and where on the map it lies. */
function larger({ key, paths, frame, window: part }) {
  const shapes = Object.entries(paths).map(([area, path]) => `<path data-in="${area}" d="${path}"/>`);
  const squares = [frame, part].map(([x, y, side]) => `<path d="M${x} ${y}h${side}v${side}h-${side}Z" fill="none"/>`);
  return `<g class="inset" data-of="${key}">${shapes.join("")}${squares.join("")}</g>`;
}

/* A picture in the place of `bare`, the page's own, whose frame and signs it has. */
export function draw(bare, level, { width, height, paths, inset, grid }) {
  const svg = bare.cloneNode(false);
  const shapes = Object.entries(paths).map(([key, path]) => `<path data-k="${key}" d="${path}"/>`);
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.classList.add("finer");
  svg.dataset.level = level;
  svg.style.setProperty("--unit", `${grid}px`);
  svg.innerHTML = `<g class="areas">${shapes.join("")}</g><path class="rings"/>${inset ? larger(inset) : ""}`;
  svg.prepend(bare.querySelector("defs").cloneNode(true));
  for (const pattern of svg.querySelectorAll("pattern")) pattern.setAttribute(PATTERN, `scale(${grid}) ${pattern.getAttribute(PATTERN) ?? ""}`);
  return svg;
}

/* Draws the rings of these areas. */
export function createRings(svg) {
  const shape = svg.querySelector(".rings");
  const known = new Map();
  const least = SMALL * parseFloat(svg.style.getPropertyValue("--unit"));
  return (areas) => {
    for (const area of areas) if (!known.has(area)) known.set(area, inner(area.getAttribute("d"), least));
    shape.setAttribute("d", areas.map((area) => known.get(area)).join(""));
  };
}
