/* Incidents beside the margins: how many of each severity an area has, in the table and on the map, in words and shapes.
   The public layer comes from the API; a member's own (/mission) takes its place through set(). */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const t = (name, values) => escrutinio.t(`badges.${name}`, values);
  const SEVERITIES = ["critical", "serious", "minor", "info"];
  const SHAPES = { critical: "▲", serious: "◆", minor: "●", info: "○" };
  const ASK_MS = 60000;
  let rows = {};
  let isMembers = false;
  let timer = null;

  /* Both layers' rows: {critical: 2, …} of the public one, {incidents: {…}, flags: 3} of the mission's. */
  function countsOf(key) {
    const row = rows[key];
    if (!row) return [];
    const own = row.incidents || row;
    return SEVERITIES.filter((severity) => own[severity]).map((severity) => [severity, own[severity]]);
  }

  function flagsOf(key) {
    const { flags } = rows[key] || {};
    return flags ? t(flags === 1 ? "flags_one" : "flags_many", { n: flags }) : null;
  }

  const word = (severity, n) => t(`${severity}_${n === 1 ? "one" : "many"}`, { n });

  /* "2 críticos · 1 grave", or an empty list. */
  function words(key) {
    return [...countsOf(key).map(([severity, n]) => word(severity, n)), flagsOf(key)].filter(Boolean);
  }

  function shape(severity, text) {
    const mark = make("i", `badge ${severity}`, SHAPES[severity]);
    mark.setAttribute("aria-hidden", "true");
    return make("span", "", mark, text);
  }

  /* A member's counts lead to what they count. */
  function led(text, page, query) {
    return isMembers ? Object.assign(make("a", "", text), { href: escrutinio.href(`/mission/${page}?${new URLSearchParams(query)}`) }) : text;
  }

  function fill(cell) {
    const key = cell.closest("[data-area]").dataset.area;
    const counts = countsOf(key);
    cell.dataset.value = counts.reduce((sum, [severity, n]) => sum + n * 1000 ** (3 - SEVERITIES.indexOf(severity)), 0);
    const flags = flagsOf(key);
    cell.replaceChildren(
      ...counts.map(([severity, n]) => shape(severity, led(word(severity, n), "incidents", { within: key, severity }))),
      ...(flags ? [make("span", "", "⚑ ", led(flags, "flags", { within: key }))] : []));
    if (!cell.childElementCount) cell.textContent = escrutinio.figures.DASH;
  }

  /* A mark for the map: the gravest severity's shape and all its incidents. */
  function mark(key) {
    const counts = countsOf(key);
    if (!counts.length) return null;
    const [[severity]] = counts;
    return make("span", `badge map-badge ${severity}`, `${SHAPES[severity]} ${counts.reduce((sum, [, n]) => sum + n, 0)}`);
  }

  /* Of mesas only members hear, and where there is something to hear: a phone has no room for dashes. */
  function addColumn(table) {
    const isSaid = !table.classList.contains("mesas") || (isMembers && [...table.querySelectorAll("tr[data-area]")].some((row) => words(row.dataset.area).length));
    if (table.querySelector("th.incidents") || !isSaid) return;
    escrutinio.table.addColumn(table, "incidents", make("span", "", t("column")), (cell) => { cell.dataset.badges = ""; });
  }

  /* A table was shown: its column, once there is something to say. */
  function mount() {
    if (!document.documentElement.dataset.badges) return;
    document.querySelectorAll("table.areas").forEach(addColumn);
    document.querySelectorAll("td[data-badges]").forEach(fill);
  }

  function note(text) {
    const element = document.getElementById("incidents-note");
    if (!element) return;
    element.hidden = !text;
    element.textContent = text || "";
  }

  function paint() {
    const root = document.documentElement;
    root.dataset.badges = isMembers ? "member" : "public";
    mount();
    escrutinio.mapview.badge();
  }

  function hide() {
    delete document.documentElement.dataset.badges;
    note(null);
  }

  /* A member's rows, by area key; from now on the public ones are not asked for. */
  function set(own) {
    isMembers = true;
    clearTimeout(timer);
    rows = own;
    note(null);
    paint();
  }

  function told({ as_of: at, delay_minutes: delay }) {
    const { clock } = escrutinio.moments;
    return t("note", { at: clock(at, Date.now(), escrutinio.config.zone), n: delay });
  }

  async function ask() {
    timer = setTimeout(ask, ASK_MS * (0.75 + Math.random() / 2));
    if (isMembers || document.hidden) return;
    const answer = await fetch(`${escrutinio.config.base}/incidents`).catch(() => null);
    if (!answer || isMembers) return;
    if (!answer.ok) {
      if (answer.status === 404) { clearTimeout(timer); hide(); }
      return;
    }
    const body = await answer.json();
    rows = body.rows;
    if (!Object.keys(rows).length && !document.documentElement.dataset.badges) return;
    note(told(body));
    paint();
  }

  /* Of the present alone. */
  function start() {
    if (!escrutinio.moment() && document.querySelector("table.areas, #map-slot") && timer === null) ask();
  }

  escrutinio.badges = { mark, mount, set, start, words };
})(window.escrutinio);
