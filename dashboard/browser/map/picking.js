/* Pointing at the server's picture, by mouse, finger or keys: what lies there is outlined and said, and a press opens its page. */
import { standing } from "../count/store.js";
import { href, pathOf } from "../text/addresses.js";
import { set } from "../text/dom.js";
import { codeOf } from "../text/keys.js";
import * as anchors from "./anchors.js";
import * as maplabels from "./labels.js";
import * as maplevels from "./levels.js";
import * as sheet from "./sheet.js";

const SMALL_PX = 24; // an area smaller than a finger is meant by a touch beside it
const REACH_PX = 14;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const isTouched = (event) => event.pointerType === "touch" || window.matchMedia("(hover: none)").matches;

function middleOf(area) {
  const { left, top, width, height } = area.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, isSmall: width < SMALL_PX && height < SMALL_PX };
}

export function createPicking(svg, open) {
  const slot = svg.parentElement;
  const areas = [...svg.querySelectorAll("[data-k]")];
  const tooltip = sheet.tooltip(slot);
  const outline = svg.querySelector(".areas").appendChild(document.createElementNS(svg.namespaceURI, "path"));
  const labels = maplabels.create(anchors.view(svg), slot);
  const nameOf = (key) => standing()[key]?.name ?? codeOf(key);
  const textsOf = (key) => sheet.lines(key, nameOf(key), standing()[key]);
  let chosen = null;
  outline.setAttribute("class", "chosen");

  function choose(area) {
    if (area === chosen) return;
    chosen = area;
    outline.setAttribute("d", area?.getAttribute("d") ?? "");
  }

  /* Where a finger lands beside a small area, that one is meant; where it is drawn larger, it is itself. */
  function at({ clientX, clientY, target }) {
    const { in: key } = target.dataset;
    if (key) return areas.find((area) => area.dataset.k === key);
    const small = areas.map((area) => ({ area, ...middleOf(area) })).filter(({ isSmall }) => isSmall)
      .map(({ area, x, y }) => ({ area, far: Math.hypot(x - clientX, y - clientY) })).sort((one, other) => one.far - other.far)[0];
    return small?.far < REACH_PX ? small.area : target.closest("[data-k]");
  }

  function tell(area, point) {
    choose(area);
    tooltip.show(point, textsOf(area.dataset.k));
  }

  function leave() {
    tooltip.hide();
    if (document.activeElement !== chosen) choose(null);
  }

  svg.addEventListener("pointermove", (event) => {
    if (isTouched(event)) return;
    const area = at(event);
    if (!area) { leave(); return; }
    const box = slot.getBoundingClientRect();
    tell(area, { x: event.clientX - box.left, y: event.clientY - box.top });
  });
  svg.addEventListener("pointerleave", leave);
  svg.addEventListener("click", (event) => {
    const area = at(event);
    if (!area) return;
    const { k } = area.dataset;
    tooltip.hide();
    if (!isTouched(event)) { open(href(pathOf(k))); return; }
    choose(area);
    sheet.sheet(k, textsOf(k));
  });

  /* --- keys: one stop for all areas, arrows go from one to the next --- */

  function focus(area) {
    for (const each of areas) each.setAttribute("tabindex", each === area ? "0" : "-1");
    area.focus({ preventScroll: true });
  }

  function next(area, [across, down]) {
    const from = middleOf(area);
    const cost = (other) => {
      const { x, y } = middleOf(other);
      const ahead = (x - from.x) * across + (y - from.y) * down;
      return ahead > 1 ? ahead + 2 * Math.abs((x - from.x) * down + (y - from.y) * across) : Infinity;
    };
    const best = areas.filter((other) => other !== area).reduce((one, other) => (cost(other) < cost(one) ? other : one));
    return cost(best) < Infinity ? best : area;
  }

  svg.addEventListener("keydown", (event) => {
    const area = event.target.closest("[data-k]");
    if (!area || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") open(href(pathOf(area.dataset.k)));
    else if (event.key === "Escape") tooltip.hide();
    else if (Object.hasOwn(ARROWS, event.key)) focus(next(area, ARROWS[event.key]));
    else return;
    event.preventDefault();
  });
  svg.addEventListener("focusin", ({ target }) => {
    if (!target.matches(":focus-visible")) return;
    const [box, { x, y }] = [slot.getBoundingClientRect(), middleOf(target)];
    tell(target, { x: x - box.left, y: y - box.top });
  });
  svg.addEventListener("focusout", () => { tooltip.hide(); choose(null); });

  svg.setAttribute("role", "group"); // a picture that is one image has nothing in it to point at
  areas.forEach((area, place) => set(area, { role: "link", tabindex: place ? -1 : 0, "aria-label": nameOf(area.dataset.k) }));
  let named = null; // for which of the picture's two views
  let stale = null; // keys whose words are to be written, when nothing that is on screen waits

  /* What areas are called, once that is known: where names would touch, that of more people stands. */
  function name() {
    const isBySize = maplevels.isBySize();
    if (named === isBySize || !areas.some((area) => standing()[area.dataset.k])) return;
    named = isBySize;
    labels.set(anchors.named(areas, nameOf), isBySize ? anchors.middles(areas) : anchors.positions(areas));
  }

  function write() {
    const keys = stale;
    stale = null;
    if (!svg.isConnected) return;
    for (const area of areas) if (keys.has(area.dataset.k)) area.setAttribute("aria-label", textsOf(area.dataset.k).join(". "));
    name();
  }

  return {
    svg,
    badge: () => labels.badge(),
    /* These have other numbers. */
    said(keys) {
      if (chosen && keys.includes(chosen.dataset.k) && tooltip.isShown()) tooltip.say(textsOf(chosen.dataset.k));
      if (stale === null) (window.requestIdleCallback || setTimeout)(write);
      stale = new Set([...(stale ?? []), ...keys]);
    },
  };
}
