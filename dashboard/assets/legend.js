/* The map's colours in words; dashboard/components/legend.py writes the same before any script runs. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const t = (name, values) => escrutinio.t(name, values);

  function chip(color, cover, label) {
    const tile = make("i", `tile ${cover}`);
    if (color) tile.style.backgroundColor = color;
    return make("li", "", tile, label);
  }

  function written(edge) {
    return String(Math.round(edge * 1000) / 10);
  }

  function ramp(name, colors, bins) {
    const edges = bins.map(written);
    const cells = colors.map((color, place) => {
      const cell = make("li", "", place === 0 ? `< ${edges[0]}` : place === edges.length ? `> ${edges.at(-1)}` : edges[place - 1]);
      cell.style.setProperty("--tile", color);
      return cell;
    });
    return make("div", "ramp", make("b", "", name), make("ol", "", ...cells));
  }

  function ramps(leaders) {
    const { bins, lists, measures, measure_color: color } = escrutinio.config;
    const measure = escrutinio.measures.chosen();
    const drawn = escrutinio.board.ramp;
    if (measure === escrutinio.measures.LEAD) return leaders.map((index) => ramp(lists[index].short, drawn(lists[index].color), bins));
    return [ramp("%", drawn(color), measures[measure])];
  }

  /* A heading that says what the colours are, the ramps, the three covers, and what is not exact. */
  function show(leaders, notices) {
    const element = document.getElementById("map-legend");
    if (!element) return;
    const isLead = escrutinio.measures.chosen() === escrutinio.measures.LEAD;
    element.replaceChildren(
      make("h3", "", t(`measures.${escrutinio.measures.chosen()}_legend`)),
      ...ramps(leaders),
      make("ul", "covers",
        chip(null, "none", t(isLead ? "map.legend_none" : "measures.none")),
        chip(escrutinio.config.neutral, "partial", t("map.legend_partial")),
        chip(escrutinio.config.neutral, "complete", t("map.legend_complete"))),
      ...notices.map((text) => make("p", "soft", text)),
    );
  }

  escrutinio.legend = { show };
})(window.escrutinio);
