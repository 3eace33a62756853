/* Pointing at the server's picture, by mouse, finger or keys: what lies there is outlined and said, and a press opens its page. */
import { standing } from "../count/store.js";
import { href, pathOf } from "../text/addresses.js";
import { button, make, set } from "../text/dom.js";
import { codeOf } from "../text/keys.js";
import { properName } from "../text/spelling.js";
import { t } from "../text/words.js";
import * as anchors from "./anchors.js";
import * as maplabels from "./labels.js";
import * as maplevels from "./levels.js";
import * as sheet from "./sheet.js";

const SMALL_PX = 24; // an area smaller than a finger is meant by a touch beside it
const REACH_PX = 14;
const BATCH = 150; // areas whose words are written in one go
const MOST_NAMED = 120;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const isTouched = (event) => event.pointerType === "touch" || window.matchMedia("(hover: none)").matches;

function middleOf(area) {
  const { left, top, width, height } = area.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, isSmall: width < SMALL_PX && height < SMALL_PX };
}

export function createPicking(svg, open) {
  const slot = svg.parentElement;
  const areas = [...svg.querySelectorAll("[data-k]")];
  const byKey = new Map(areas.map((area) => [area.dataset.k, area]));
  const areMany = areas.length > MOST_NAMED;
  const tooltip = sheet.tooltip(slot);
  const outline = svg.querySelector(".areas").appendChild(document.createElementNS(svg.namespaceURI, "path"));
  const labels = maplabels.create(anchors.view(svg), slot, list);
  const nameOf = (key) => standing()[key]?.name ?? codeOf(key);
  const textsOf = (key) => sheet.lines(key, nameOf(key), standing()[key]);
  let chosen = null;
  outline.setAttribute("class", "chosen");

  function choose(area) {
    if (area === chosen) return;
    chosen = area;
    outline.setAttribute("d", area?.getAttribute("d") ?? "");
  }

  /* Areas whose names found no room are named below the map, where a press says what lies there. */
  function list(keys) {
    const named = areMany ? [] : keys.map((key) => button(properName(nameOf(key)), () => { choose(byKey.get(key)); sheet.sheet(key, textsOf(key)); }));
    document.getElementById("map-unnamed")?.remove();
    if (named.length) document.getElementById("map-controls").after(set(make("p", "soft", t("map.unnamed"), ...named), { id: "map-unnamed" }));
  }

  /* Where a finger lands beside a small area, that one is meant, unless it is on another such; where it is drawn larger, it is itself. */
  function at({ clientX, clientY, target }) {
    const { in: key } = target.dataset;
    if (key) return byKey.get(key);
    const own = target.closest("[data-k]");
    if (own && (areMany || middleOf(own).isSmall)) return own;
    const small = areas.map((area) => ({ area, ...middleOf(area) })).filter(({ isSmall }) => isSmall)
      .map(({ area, x, y }) => ({ area, far: Math.hypot(x - clientX, y - clientY) })).sort((one, other) => one.far - other.far)[0];
    return small?.far < REACH_PX ? small.area : own;
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
    speak(area);
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
  areas.forEach((area, place) => set(area, { role: "link", tabindex: place ? -1 : 0, "aria-label": areMany ? null : nameOf(area.dataset.k) }));
  let named = null; // for which of the picture's two views
  const stale = new Set(areas.map((area) => area.dataset.k)); // keys whose words are to be written, when nothing that is on screen waits
  let isWaiting = false;

  /* What areas are called, once that is known: where names would touch, that of more people stands. */
  function name() {
    const isBySize = maplevels.isBySize();
    if (named === isBySize || !areas.some((area) => standing()[area.dataset.k])) return;
    named = isBySize;
    const largest = anchors.bySize(areas).slice(0, MOST_NAMED);
    labels.set(anchors.named(largest, nameOf), isBySize ? anchors.middles(largest) : anchors.positions(largest));
  }

  function speak(area) {
    const { k } = area.dataset;
    area.setAttribute("aria-label", standing()[k] ? textsOf(k).join(". ") : nameOf(k));
  }

  /* Some of them at a time: a country has many districts. */
  function write() {
    isWaiting = false;
    if (!svg.isConnected) return;
    for (const key of [...stale].slice(0, BATCH)) {
      if (byKey.has(key)) speak(byKey.get(key));
      stale.delete(key);
    }
    name();
    if (stale.size) later();
  }

  function later() {
    if (!isWaiting) (window.requestIdleCallback || setTimeout)(write);
    isWaiting = true;
  }

  return {
    layers: [tooltip.element, labels.element],
    badge: () => labels.badge(),
    /* These have other numbers. */
    said(keys) {
      if (chosen && keys.includes(chosen.dataset.k) && tooltip.isShown()) tooltip.say(textsOf(chosen.dataset.k));
      for (const key of keys) stale.add(key);
      later();
    },
  };
}
