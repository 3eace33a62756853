/* Pointing at the map: what lies there is outlined and said, and a press opens its page, on a touch screen by way of the sheet. */
import { words } from "../count/incidents.js";
import { standing } from "../count/store.js";
import { href, pathOf } from "../text/addresses.js";
import { levelOf } from "../text/keys.js";
import { properName } from "../text/spelling.js";
import { t } from "../text/words.js";
import * as sheet from "./sheet.js";

const isTouched = (event) => event.originalEvent.pointerType === "touch" || window.matchMedia("(hover: none)").matches;

function texts({ properties: { key, name, precision } }) {
  const data = standing()[key];
  if (levelOf(key) !== "polling_place") return sheet.lines(key, name, data);
  return [...(data ? sheet.lines(key, name, data) : [properName(name), ...words(key)]), t(precision === "exact" ? "map.place_exact" : "map.place_approximate")];
}

/* `ids` are the features of the areas on the map, by key; `open(path)` goes to a page. */
export function createPointing(map, container, ids, open) {
  const tooltip = sheet.tooltip(container);
  let chosen = null;

  function choose(key) {
    if (chosen === key) return;
    for (const [each, value] of [[chosen, false], [key, true]]) {
      if (ids.has(each)) map.setFeatureState({ source: "areas", id: ids.get(each) }, { chosen: value });
    }
    chosen = key;
  }

  /* Points lie above areas. */
  const top = (event) => map.queryRenderedFeatures(event.point, { layers: ["places"] })[0] || event.features[0];

  function hover(event) {
    const feature = top(event);
    map.getCanvas().style.cursor = "pointer";
    choose(feature.properties.key);
    tooltip.show(event.point, texts(feature));
  }

  function leave() {
    tooltip.hide();
    choose(null);
    map.getCanvas().style.cursor = "";
  }

  function pick(event) {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const feature = top(event);
    const { key } = feature.properties;
    if (isTouched(event)) {
      tooltip.hide();
      choose(key);
      sheet.sheet(key, texts(feature));
    } else if (key !== document.getElementById("page").dataset.key) {
      tooltip.hide();
      open(href(pathOf(key)));
    }
  }

  for (const layer of ["areas", "places"]) {
    map.on("mousemove", layer, hover);
    map.on("mouseleave", layer, leave);
    map.on("click", layer, pick);
  }
  return {
    /* Other areas are on the map: none of them is outlined, and what was said is of none of them. */
    forget() {
      chosen = null;
      tooltip.hide();
    },
  };
}
