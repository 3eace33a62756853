/* Stands in the document and runs before the first paint: scripts work, what to show first, and the map's files on their way. */
"use strict";
window.escrutinio = {
  words: {},
  /* Map or table: what the URL says; else a phone begins with the table. */
  wantedView() {
    return new URLSearchParams(window.location.search).get("view") || (window.matchMedia("(max-width: 47.99rem)").matches ? "table" : "map");
  },
};
(function (root) {
  root.classList.add("js");
  root.dataset.view = window.escrutinio.wantedView();
  const pieces = document.querySelector('meta[name="map-pieces"]').content.split(" ").filter(Boolean);
  if (root.dataset.view !== "map") return;
  for (const piece of pieces) {
    const link = document.createElement("link");
    link.rel = "preload";
    link.as = /\.js$/.test(piece) ? "script" : /\.css$/.test(piece) ? "style" : "fetch";
    if (link.as === "fetch") link.crossOrigin = "anonymous";
    link.href = piece;
    document.head.append(link);
  }
})(document.documentElement);
