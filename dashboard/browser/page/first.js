/* Stands in the document and runs before the first paint: scripts work, what to show first, and the map's files on their way. */
import { wantedView } from "../text/view.js";

const root = document.documentElement;
const script = document.currentScript;
const told = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? ""; // a page with a map says it

function ask(attributes) {
  const link = Object.assign(document.createElement("link"), attributes);
  script.before(link); // before a page's own styles
}

function kindOf(path) {
  if (path.endsWith(".js")) return { as: "script" };
  return path.endsWith(".css") ? { as: "style" } : { as: "fetch", crossOrigin: "anonymous" };
}

root.classList.add("js");
root.dataset.view = wantedView();
if (told("later-style")) ask({ rel: "stylesheet", href: told("later-style") });
if (root.dataset.view === "map") {
  for (const href of told("map-pieces").split(" ").filter(Boolean)) ask({ rel: "preload", ...kindOf(href), href });
}
