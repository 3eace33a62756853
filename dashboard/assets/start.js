/* Stands in the document and runs before the first paint: scripts work, what to show first, and the map's files on their way. */
"use strict";
window.escrutinio = {
  words: {},
  /* Map or table: what the URL says; else a phone begins with the table. */
  wantedView() {
    return new URLSearchParams(window.location.search).get("view") || (window.matchMedia("(max-width: 47.99rem)").matches ? "table" : "map");
  },
};
(function (root, script) {
  const told = (name) => document.querySelector(`meta[name="${name}"]`).content;

  function ask(attributes) {
    const link = Object.assign(document.createElement("link"), attributes);
    script.before(link); // before a page's own styles
  }

  root.classList.add("js");
  root.dataset.view = window.escrutinio.wantedView();
  ask({ rel: "stylesheet", href: told("later-style") });
  if (root.dataset.view !== "map") return;
  for (const href of told("map-pieces").split(" ").filter(Boolean)) {
    const kind = /\.js$/.test(href) ? { as: "script" } : /\.css$/.test(href) ? { as: "style" } : { as: "fetch", crossOrigin: "anonymous" };
    ask({ rel: "preload", ...kind, href });
  }
})(document.documentElement, document.currentScript);
