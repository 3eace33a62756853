/* Pages: the browser's side of the navigation, and the wiring of live changes to what stands on screen. */
(function (escrutinio) {
  "use strict";

  const SPREAD_MS = 4000; // a new row asks the server for the page again: not everybody in the same instant
  const PATIENCE_MS = 8000; // then the address itself is loaded: every page also stands as plain HTML
  const KEPT = ["view", "measure"]; // the reader's choices, which hold on the next page
  const page = () => document.getElementById("page");
  const topics = () => [page().dataset.topic, "corrections"].filter(Boolean);
  let live = null;
  let wanted = null; // the path being fetched
  let refreshing = null;

  /* --- navigation: Dash's location → route → page --- */

  /* Dash first shows a word of its own, and loses what it is told meanwhile. */
  const ready = () => Boolean(document.querySelector("#react-entry-point > :not(._dash-loading)") && window.dash_clientside && window.dash_clientside.set_props);

  function go(href) {
    const url = new URL(href, window.location.href);
    const given = new URLSearchParams(window.location.search);
    for (const name of KEPT) if (given.has(name) && !url.searchParams.has(name)) url.searchParams.set(name, given.get(name));
    if (!ready()) { window.location.assign(url); return; }
    window.history.pushState({}, "", url);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function click(event) {
    const link = event.target.closest("a[href]");
    const plain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || link.target || link.dataset.language) return;
    let url = new URL(link.href);
    const at = escrutinio.moment();
    if (url.origin !== window.location.origin || url.hash || url.pathname.startsWith("/api/")) return;
    if (at && !url.searchParams.has("at") && !("now" in link.dataset)) url = escrutinio.past.at(link.href, at);
    event.preventDefault();
    if (at || url.searchParams.has("at")) window.location.assign(url); // into the past, within it and back: documents
    else go(url);
  }

  /* A page's own address: the rules of dashboard/routes.py. */
  function addressOf(pathname, search) {
    const given = new URLSearchParams(search);
    const chosen = [...(escrutinio.config.choices[pathname] || []), "at"].filter((name) => given.has(name)).map((name) => `${name}=${given.get(name)}`);
    return chosen.length ? `${pathname}?${chosen.join("&")}` : pathname;
  }

  const here = () => addressOf(window.location.pathname, window.location.search);

  function request(address) {
    const [path, search = ""] = address.split("?");
    return { path, search, language: escrutinio.config.language, at: Date.now() };
  }

  /* Clientside function of Dash: the route to fetch, unless the page already stands. */
  function route(pathname, search) {
    const address = pathname && addressOf(pathname, search);
    if (!pathname || address === (wanted || page().dataset.path)) return window.dash_clientside.no_update;
    wanted = address;
    setTimeout(() => { if (wanted === address) window.location.reload(); }, PATIENCE_MS);
    return request(address);
  }

  /* Clientside function of Dash: put a fetched page in place. */
  function show(view) {
    const moved = view.attributes["data-path"] !== page().dataset.path;
    wanted = null;
    if (view.attributes["data-path"] !== here()) return;
    if ((view.attributes["data-at"] || null) !== escrutinio.moment()) { window.location.reload(); return; }
    if (!view.scripts.every((name) => document.querySelector(`script[src^="/assets/${name}?"]`))) { window.location.reload(); return; }
    const main = page();
    main.innerHTML = view.html;
    for (const name of ["data-path", "data-at", "data-key", "data-child", "data-topic"]) {
      if (name in view.attributes) main.setAttribute(name, view.attributes[name]);
      else main.removeAttribute(name);
    }
    document.title = view.title;
    if (view.footer) document.querySelector("footer.site").innerHTML = view.footer;
    for (const link of document.querySelectorAll("a[data-language]")) {
      link.href = escrutinio.inLanguage(view.attributes["data-path"], link.dataset.language);
    }
    mount();
    if (!moved) return;
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }

  /* --- live --- */

  function paint(keys, state) {
    const { key } = page().dataset;
    if (!key) return;
    const child = key.startsWith("place/") ? "mesa" : page().dataset.child;
    let missing = false;
    for (const each of keys) {
      if (!state[each]) continue;
      const moved = escrutinio.board.repaint(each, state[each]);
      if (each === key && moved) escrutinio.status.changed(state[each]);
      missing = missing || (child && each.startsWith(`${child}/`) && !escrutinio.board.isShown(each));
    }
    escrutinio.mapview.update(keys, state);
    if (missing && !escrutinio.moment() && page().dataset.key !== "scope/abroad" && page().dataset.key !== "scope/domestic") refetch();
  }

  function changed({ keys, reason, state }) {
    if (escrutinio.status.isPaused() || escrutinio.moment()) return;
    paint(keys, state);
    const { key } = page().dataset;
    if (!keys.includes(key)) return;
    if (key === "nation") escrutinio.outlook.refresh();
    escrutinio.why.refresh();
    if (reason !== "start" && reason !== "snap") escrutinio.announce.say(document.querySelector("h1").textContent, state[key]);
  }

  /* A row this page does not have yet: ask for the page again. */
  function refetch() {
    if (refreshing) return;
    refreshing = setTimeout(() => {
      refreshing = null;
      if (ready()) reload();
    }, Math.random() * SPREAD_MS);
  }

  function reload() {
    if (!ready()) { window.location.reload(); return; }
    window.dash_clientside.set_props("route", { data: request(page().dataset.path) });
  }

  function mount() {
    const main = page();
    escrutinio.table.mount();
    escrutinio.column.mount();
    escrutinio.status.mount();
    escrutinio.news.mount();
    if (escrutinio.moment()) {
      if (main.dataset.topic) escrutinio.past.load().then((state) => paint(Object.keys(state), state));
    } else {
      live.follow(topics());
      paint(Object.keys(live.state), live.state);
    }
    escrutinio.mapview.show();
    escrutinio.replay.mount();
  }

  function start() {
    const { base, feed } = escrutinio.config;
    if (!base) return;
    live = escrutinio.live.createLive({ base, feed, topics: topics() });
    escrutinio.client = live;
    live.on("change", changed);
    live.on("correction", ({ changes }) => escrutinio.news.add(changes));
    escrutinio.status.start(live, () => { paint(Object.keys(live.state), live.state); escrutinio.news.paint(); });
    escrutinio.search.start();
    document.addEventListener("click", click);
    mount();
    if (!escrutinio.moment()) connect();
    escrutinio.mapview.settled().then(escrutinio.badges.start);
    escrutinio.navigation.start(escrutinio.mapview.settled());
  }

  /* Only a page of the present follows the count. */
  function connect() {
    window.addEventListener("online", () => live.wake());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) live.wake(); });
    live.start();
  }

  escrutinio.page = { go, here, reload };
  window.dash_clientside = Object.assign({}, window.dash_clientside, { escrutinio: { route, show } });
  document.addEventListener("DOMContentLoaded", start); // after the page's own scripts
})(window.escrutinio);
