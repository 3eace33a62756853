/* What the map says in words: the tooltip beside the pointer, and the sheet below the map on a phone. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const t = (name, values) => escrutinio.t(name, values);

  function ahead(data, texts) {
    const { LEAD, chosen, text } = escrutinio.measures;
    const name = chosen();
    if (name !== LEAD) return t("map.measured", { measure: t(`measures.${name}`), value: text(data) });
    return texts.leader_index === "" ? t("map.tie") : t("map.lead", { leader: texts.leader, points: texts.lead_points });
  }

  /* "Lima", "Norte +4.2 puntos", "98.40 % de actas · Parcial", "2 críticos" */
  function lines(key, name, data) {
    const { fields, shown, properName } = escrutinio.figures;
    const { cover } = escrutinio.board.paintOf(data);
    const texts = fields(shown(data), escrutinio.config.lists.map((entry) => entry.short));
    const doubts = escrutinio.issues.SIDES.filter((side) => data && (data[side] || []).length).map((side) => t(`issues.${side}`));
    const seen = escrutinio.badges.words(key);
    const more = [...doubts, ...(seen.length ? [t("badges.line", { incidents: seen.join(" · ") })] : [])];
    if (cover === "none") return [properName(name), t("map.none"), ...more];
    return [properName(name), ahead(data, texts), `${t("map.actas", { pct: texts.counted_pct })} · ${t(`map.${cover}`)}`, ...more];
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

  escrutinio.mapsheet = { lines, tooltip, sheet };
})(window.escrutinio);
