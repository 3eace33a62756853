/* The map's colours in words; dashboard/components/legend.py writes the same before any script runs. */
import { LEAD, chosen } from "../count/measures.js";
import { binLabels, ramp as rampOf } from "../count/paint.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { t } from "../text/words.js";

function chip(color, cover, label) {
  const tile = make("i", `tile ${cover}`);
  if (color) tile.style.backgroundColor = color;
  return make("li", "", tile, label);
}

function ramp(name, colors, bins) {
  const labels = binLabels(bins);
  const cells = colors.map((color, place) => {
    const cell = make("li", "", labels[place]);
    cell.style.setProperty("--tile", color);
    return cell;
  });
  return make("div", "ramp", make("b", "", name), make("ol", "", ...cells));
}

function ramps(leaders) {
  const { bins, lists, measures, measure_color: color } = config;
  const measure = chosen();
  if (measure === LEAD) return leaders.map((index) => ramp(lists[index].short, rampOf(lists[index].color), bins));
  return [ramp("%", rampOf(color), measures[measure])];
}

/* A heading that says what the colours are, the ramps, the three covers, and what is not exact. */
export function show(leaders, notices) {
  const element = document.getElementById("map-legend");
  if (!element) return;
  const isLead = chosen() === LEAD;
  element.replaceChildren(
    make("h3", "", t(`measures.${chosen()}_legend`)),
    ...ramps(leaders),
    make("ul", "covers",
      chip(null, "none", t(isLead ? "map.legend_none" : "measures.none")),
      chip(config.neutral, "partial", t("map.legend_partial")),
      chip(config.neutral, "complete", t("map.legend_complete"))),
    ...notices.map((text) => make("p", "soft", text)),
  );
}
