/* What the map says in words: the tooltip beside the pointer, the sheet below the map on a phone, and the legend. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const t = (name, values) => escrutinio.t(name, values);

  /* "Lima", "Norte +4.2 puntos", "98.40 % de actas · Parcial" */
  function lines(name, data) {
    const { fields, shown, properName } = escrutinio.figures;
    const { cover, leader } = escrutinio.board.paintOf(data);
    const texts = fields(shown(data), escrutinio.config.lists.map((entry) => entry.short));
    const doubts = escrutinio.issues.SIDES.filter((side) => data && (data[side] || []).length).map((side) => t(`issues.${side}`));
    if (cover === "none") return [properName(name), t("map.none"), ...doubts];
    const ahead = leader === null ? t("map.tie") : t("map.lead", { leader: texts.leader, points: texts.lead_points });
    return [properName(name), ahead, `${t("map.actas", { pct: texts.counted_pct })} · ${t(`map.${cover}`)}`, ...doubts];
  }

  function paragraphs(texts) {
    return texts.map((text, index) => (index ? make("span", "", text) : make("b", "", text)));
  }

  function tooltip(slot) {
    const element = make("div", "map-tooltip");
    element.hidden = true;
    slot.append(element);
    return {
      show(point, texts) {
        element.replaceChildren(...paragraphs(texts));
        element.hidden = false;
        const room = slot.clientWidth - element.offsetWidth - 12;
        element.style.left = `${Math.max(4, Math.min(point.x + 14, room))}px`;
        element.style.top = `${Math.max(4, point.y - element.offsetHeight - 12)}px`;
      },
      hide() { element.hidden = true; },
    };
  }

  function sheet(key, texts) {
    const element = document.getElementById("map-sheet");
    const link = make("a", "button", t("map.open", { name: texts[0] }));
    link.href = escrutinio.href(escrutinio.pathOf(key));
    const close = make("button", "quiet", t("map.close"));
    close.type = "button";
    close.addEventListener("click", () => { element.hidden = true; });
    element.replaceChildren(make("p", "", ...paragraphs(texts)), make("p", "actions", link, close));
    element.hidden = false;
  }

  function chip(color, cover, label) {
    const tile = make("i", `tile ${cover}`);
    if (color) tile.style.backgroundColor = color;
    return make("li", "", tile, label);
  }

  function ramp(index) {
    const { bins, lists, ramps } = escrutinio.config;
    const edges = bins.map((edge) => escrutinio.figures.group(Math.round(edge * 100)));
    const cells = ramps[index].map((color, place) => {
      const cell = make("i", "tile complete");
      cell.style.backgroundColor = color;
      const label = place === 0 ? `< ${edges[0]}` : place === edges.length ? `> ${edges.at(-1)}` : edges[place - 1];
      return make("li", "", cell, make("small", "", label));
    });
    return make("div", "ramp", make("b", "", lists[index].short), make("ol", "", ...cells));
  }

  /* Colours in words: a ramp for each list that leads somewhere on this page, then the three covers. */
  function legend(leaders, notice) {
    const element = document.getElementById("map-legend");
    if (!element) return;
    element.replaceChildren(
      make("h3", "", t("map.legend")),
      ...leaders.map(ramp),
      make("ul", "covers",
        chip(null, "none", t("map.legend_none")),
        chip(escrutinio.config.neutral, "partial", t("map.legend_partial")),
        chip(escrutinio.config.neutral, "complete", t("map.legend_complete"))),
      ...notice.map((text) => make("p", "soft", text)),
    );
  }

  escrutinio.mapsheet = { lines, tooltip, sheet, legend };
})(window.escrutinio);
