/* What the map colours and the table's own column says: the lead, or another measure. The choice lives in the URL. */
(function (escrutinio) {
  "use strict";

  const { percent, shown } = escrutinio.figures;
  const LEAD = "lead";
  const DECIMALS = 2;
  const t = (name) => escrutinio.t(`measures.${name}`);
  const missing = (number) => number === null || number === undefined;
  const names = () => [LEAD, ...Object.keys(escrutinio.config.measures)];

  /* Part and whole of each measure, both of the same actas. */
  const RULES = {
    turnout: ({ computed }) => (computed && computed.counted ? [computed.cast, computed.registered_counted] : []),
    counted: (data) => [shown(data).counted, shown(data).total],
    at_jee: (data) => [shown(data).at_jee, shown(data).total],
    blank_null(data) {
      const { blank, null: spoilt, cast } = shown(data);
      return missing(blank) || missing(spoilt) ? [] : [blank + spoilt, cast];
    },
  };

  let standing = null; // what the address says: read once a page, since a country asks for it 1,900 times

  function chosen() {
    if (standing === null) {
      const asked = new URLSearchParams(window.location.search).get("measure");
      standing = names().includes(asked) ? asked : LEAD;
    }
    return standing;
  }

  /* A share in 0..1, or null where a number is missing. */
  function share(data, name) {
    const [part, whole] = RULES[name](data || {});
    return missing(part) || !whole ? null : part / whole;
  }

  function text(data, name = chosen()) {
    const [part, whole] = name === LEAD ? [] : RULES[name](data || {});
    return percent(part, whole, DECIMALS);
  }

  /* The colour and the cover of an area by the measure that is chosen. */
  function paintOf(data) {
    const name = chosen();
    if (name === LEAD) return escrutinio.board.paintOf(data);
    const { counted, total } = shown(data);
    const value = share(data, name);
    if (value === null || (!counted && !value)) return { color: null, cover: "none", leader: null };
    const bin = escrutinio.config.measures[name].filter((edge) => value >= edge).length;
    return { color: escrutinio.board.ramp(escrutinio.config.measure_color)[bin], cover: counted < total ? "partial" : "complete", leader: null };
  }

  /* The table's column for it, made when it is first wanted. */
  function addColumn(table) {
    if (table.querySelector("th.of-measure")) return;
    const head = escrutinio.dom.make("span");
    head.dataset.measureName = "";
    escrutinio.table.addColumn(table, "of-measure", head, (cell) => { cell.dataset.m = ""; });
  }

  /* The line for it in a box abroad. */
  function addLine(lines) {
    if (lines.querySelector(".of-measure")) return;
    const line = escrutinio.dom.make("span", "of-measure");
    line.dataset.m = "";
    lines.append(line);
  }

  /* Column, boxes and tiles of everything on screen. */
  function repaint() {
    standing = null;
    const name = chosen();
    if (name !== LEAD) {
      document.querySelectorAll("table.areas:not(.mesas)").forEach(addColumn);
      document.querySelectorAll(".box > span").forEach(addLine);
    }
    const root = document.documentElement;
    if (name === LEAD) delete root.dataset.measure;
    else root.dataset.measure = name;
    for (const element of document.querySelectorAll("[data-measure-name]")) element.textContent = t(name);
    const state = escrutinio.mapview.state();
    for (const key of Object.keys(state)) escrutinio.board.remeasure(key, state[key]);
  }

  function choose(name) {
    const url = new URL(window.location.href);
    if (name === LEAD) url.searchParams.delete("measure");
    else url.searchParams.set("measure", name);
    window.history.replaceState(window.history.state, "", url);
    repaint();
    escrutinio.mapview.recolor();
  }

  function control() {
    return escrutinio.dom.choice("measure", t("choose"), names().map((name) => [name, t(name)]), chosen(), choose);
  }

  escrutinio.measures = { LEAD, chosen, control, paintOf, repaint, share, text };
})(window.escrutinio);
