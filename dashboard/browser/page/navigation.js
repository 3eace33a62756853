/* The browser's side of the navigation. Dash fetches pages (location → route → page); until it is there links load documents. */
import { addressOf, at, here, inLanguage, moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { insist, isAway, load } from "./away.js";
import { arrive, carry, leave, start as startReturning } from "./returning.js";

const PATIENCE_MS = 8000; // then the address itself is loaded: every page also stands as plain HTML
const KEPT = ["view", "measure"]; // the reader's choices, which hold on the next page
const page = () => document.getElementById("page");
let wanted = null; // the path being fetched
let mounted = () => {};

/* Dash first shows a word of its own, and loses what it is told meanwhile. */
const isReady = () => Boolean(document.querySelector("#react-entry-point > :not(._dash-loading)") && window.dash_clientside?.set_props);

export function go(path) {
  const url = new URL(path, window.location.href);
  const given = new URLSearchParams(window.location.search);
  for (const name of KEPT) if (given.has(name) && !url.searchParams.has(name)) url.searchParams.set(name, given.get(name));
  leave();
  if (!isReady() || isAway()) { load(url); return; }
  window.history.pushState({}, "", url);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
}

function click(event) {
  const link = event.target.closest("a[href]");
  if (link?.dataset.language) carry(link);
  const plain = !event.defaultPrevented && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.target || link.dataset.language) return;
  let url = new URL(link.href);
  const past = moment();
  if (url.origin !== window.location.origin || url.hash || url.pathname.startsWith("/api/")) return;
  if (past && !url.searchParams.has("at") && !("now" in link.dataset)) url = at(link.href, past);
  event.preventDefault();
  if (past || url.searchParams.has("at")) load(url); // into the past, within it and back: documents
  else go(url);
}

function request(address) {
  const [path, search = ""] = address.split("?");
  return { path, search, language: config.language, at: Date.now() };
}

/* Clientside function of Dash: the route to fetch, unless the page already stands. */
function route(pathname, search) {
  const address = pathname && addressOf(pathname, search);
  if (!pathname || address === (wanted || page().dataset.path)) return window.dash_clientside.no_update;
  wanted = address;
  setTimeout(() => { if (wanted === address) insist(window.location.href); }, PATIENCE_MS);
  return request(address);
}

/* Clientside function of Dash: put a fetched page in place. */
function show(view) {
  const moved = view.attributes["data-path"] !== page().dataset.path;
  wanted = null;
  if (view.attributes["data-path"] !== here()) return;
  if ((view.attributes["data-at"] || null) !== moment()) { window.location.reload(); return; }
  if (view.base !== config.base) { window.location.reload(); return; } // another contest's lists
  const isReadyFor = document.getElementById(view.first) && (!view.entry || document.querySelector(`script[data-entry="${view.entry}"]`));
  if (!isReadyFor) { window.location.reload(); return; }
  const main = page();
  main.innerHTML = view.html;
  for (const name of ["data-path", "data-at", "data-key", "data-topic", "data-whole"]) {
    if (name in view.attributes) main.setAttribute(name, view.attributes[name]);
    else main.removeAttribute(name);
  }
  document.title = view.title;
  if (view.footer) document.querySelector("footer.site").innerHTML = view.footer;
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.href = inLanguage(view.attributes["data-path"], link.dataset.language);
  }
  mounted();
  if (!moved) return;
  arrive();
  main.focus({ preventScroll: true });
}

/* The page again, as the server has it now; `hasTo`: at whatever cost. Returns whether it was asked for. */
export function reload(hasTo = true) {
  const isAsked = isReady();
  if (isAsked) window.dash_clientside.set_props("route", { data: request(page().dataset.path) });
  else if (hasTo) window.location.reload();
  return isAsked || hasTo;
}

/* `shown` is called when a fetched page stands. */
export function start(shown) {
  mounted = shown;
  document.addEventListener("click", click);
  startReturning();
}

window.dash_clientside = { ...window.dash_clientside, escrutinio: { route, show } };
