/* The mission on the public pages, for whoever signed in on this browser: incidents and flags in every row and on the map,
   the filter "close and troubled", and the joined thread of a polling place. Everybody else's browser sends nothing. */
import { setMembers } from "../count/incidents.js";
import { offer } from "../count/measures.js";
import { choose, href, kindOf, moment, pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { button, make, run, set } from "../text/dom.js";
import { properName } from "../text/spelling.js";
import { isArea, isKey, isWithin, levelBelow, levelOf, listedOn } from "../text/keys.js";
import { SEEING } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import { mesa, place } from "./thread.js";

const BASE = "/api/v1/mission";
const AGAIN_MS = 30000;
const SOON_MS = 5000;
const CHOICE = "troubled"; // in an address: the filter is on, and was pressed on the page of that area
const page = () => document.getElementById("page");
let troubled = null; // areas, once asked for
let isFiltered = false;
let isEmpty = true;

async function get(path) {
  const answer = await fetch(`${BASE}/${path}`, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/* What the page's tables hold: the areas or places below it, and single mesas. */
async function paint() {
  const { key } = page().dataset;
  if (moment() || !key) return;
  const asked = isArea(key) ? [`badges?level=${levelBelow(key)}`] : [];
  if (["district", "polling_place"].includes(levelOf(key))) asked.push(`badges?level=mesa&within=${encodeURIComponent(key)}`);
  if (!asked.length) return;
  const found = await Promise.all(asked.map(get));
  const rows = Object.assign({}, ...found.map((each) => each.rows));
  isEmpty = !Object.keys(rows).length;
  setMembers(rows);
}

/* The first report of a mission should not wait for half a minute. */
function again() {
  setTimeout(() => (document.hidden ? Promise.resolve() : paint().catch(() => {})).then(again), isEmpty ? SOON_MS : AGAIN_MS);
}

/* --- "close and troubled" --- */

async function applyFilter() {
  if (isFiltered && troubled === null) troubled = (await get("troubled")).areas;
  for (const row of document.querySelectorAll("table.areas tbody tr[data-area]")) {
    row.hidden = isFiltered && !troubled.some((area) => area.key === row.dataset.area);
  }
  document.getElementById("troubled-elsewhere")?.remove();
  if (!isFiltered) return;
  const n = rowsShown();
  if (!n) tell(t("member.elsewhere", { n: troubled.length }));
  else if (cameFrom()) tell(t("member.opened", { from: rowsOf(cameFrom()), to: rowsOf(page().dataset.key), n }));
  document.getElementById("announcer").textContent = t("member.shown", { n });
}

const rowsShown = () => document.querySelectorAll("table.areas tbody tr[data-area]:not([hidden])").length;
const rowsOf = (key) => t(`search.${levelBelow(key)}`);

/* The page on which no row was left, so that this one was opened: the address says so, also to a page that loads anew. */
function cameFrom() {
  const from = new URLSearchParams(window.location.search).get(CHOICE);
  return from && isKey(from) && isArea(from) ? from : null;
}

/* Where no row of this level is left: the page of a level that has some, below this one if it can be, the closest first.
   Only for whoever pressed: to go on from a row with the filter on must not lead back. */
function openOther() {
  const { key } = page().dataset;
  const listed = troubled.filter((area) => area.key !== listedOn(area.key));
  const meant = listed.find((area) => isWithin(area.key, key)) || listed[0];
  if (rowsShown() || !meant || listedOn(meant.key) === key) return;
  const path = href(pathOf(listedOn(meant.key)));
  const link = Object.assign(make("a", "", rowsOf(listedOn(meant.key))), { href: `${path}${path.includes("?") ? "&" : "?"}${CHOICE}=${key}` });
  document.getElementById("troubled-elsewhere").append(link);
  link.click();
}

/* A note above the table, with the areas that are meant and stand in no row of it. */
function tell(text) {
  const others = troubled.filter((area) => !document.querySelector(`table.areas tr[data-area="${area.key}"]`));
  const links = others.slice(0, config.shown.member_areas).map((area) => make("li", "", Object.assign(make("a", "", properName(area.name || area.key)), { href: href(pathOf(area.key)) }), ` · ${kindOf(area.key)}`));
  const told = make("div", "note amber", make("p", "", text), ...(links.length ? [make("ul", "marked", ...links)] : []));
  told.id = "troubled-elsewhere";
  document.getElementById("troubled-only").parentElement.after(told);
}

async function toggleFilter(press) {
  isFiltered = !isFiltered;
  if (!isFiltered) choose({ [CHOICE]: null });
  press.setAttribute("aria-pressed", String(isFiltered));
  await applyFilter();
  if (isFiltered) openOther();
}

function addFilter() {
  const table = [...document.querySelectorAll("table.areas")].find((each) => !each.classList.contains("mesas"));
  if (!table || document.getElementById("troubled-only")) return;
  isFiltered ||= cameFrom() !== null;
  const press = button(t("member.troubled"), () => toggleFilter(press).catch(() => { press.disabled = true; }));
  set(press, { id: "troubled-only", "aria-pressed": String(isFiltered) });
  table.closest(".table-panel").querySelector("h2").after(make("p", "", press));
  if (isFiltered) applyFilter().catch((error) => console.warn(error.message));
}

/* --- reassigned stations: a measure of the map for whoever verifies --- */

const LAYER = "reassigned";
const changed = new Map(); // by level: mesas in a place that is no old one, and all, by area

function offerLayer() {
  const told = offer(LAYER, (_data, key) => {
    const level = levelOf(key);
    if (!isArea(key)) return [];
    if (!changed.has(level)) {
      changed.set(level, new Map());
      get(`map-changes?level=${level}`).then(({ areas }) => {
        changed.set(level, new Map(areas.map((area) => [area.key, [area.reassigned, area.mesas]])));
        told();
      }, (error) => console.warn(error.message));
    }
    return changed.get(level).get(key) ?? [];
  });
}

/* --- the thread of a polling place, and what the mission knows of a mesa --- */

let borrowed = null;

/* What a thread says and how it looks, which the public pages do not bring along. */
function borrow() {
  if (borrowed) return borrowed;
  const { words, style } = config.thread;
  document.head.append(Object.assign(make("link"), { rel: "stylesheet", href: style }));
  borrowed = run(words);
  borrowed.catch(() => { borrowed = null; });
  return borrowed;
}

async function addThread(member) {
  const { key } = page().dataset;
  if (!key || isArea(key) || document.getElementById("mission-thread")) return;
  const host = make("div", "stack");
  host.id = "mission-thread";
  document.querySelector(".below").append(host);
  await borrow();
  await (levelOf(key) === "mesa" ? mesa : place)(host, member);
}

/* --- starting --- */

function addLink() {
  const to = () => Object.assign(make("a", "language", t("member.mission")), { href: href("/mission") });
  document.querySelector("footer.site .about").prepend(Object.assign(to(), { className: "" }));
  if (window.matchMedia("(max-width: 47.99rem)").matches) return; // a phone's header is full
  const language = document.querySelector("header.site .language");
  language.before(to());
  language.style.marginLeft = "0";
}

/* Pages of the mission load as documents, from wherever they are linked. */
function leaveByDocument(event) {
  const link = event.target.closest("a[href]");
  if (link && /^\/mission(\/|$)/.test(new URL(link.href).pathname)) event.stopPropagation();
}

/* A page of the past shows no incidents of now. */
function mount(member) {
  if (page().querySelector("#mission") || moment()) return;
  const quietly = (task) => task.catch((error) => console.warn(error.message));
  quietly(paint());
  addFilter();
  quietly(addThread(member));
}

export async function start() {
  let member;
  try {
    member = await get("session");
  } catch {
    return;
  }
  if (!member) return;
  document.body.addEventListener("click", leaveByDocument);
  addLink();
  if (config.previous && SEEING.includes(member.role)) offerLayer();
  mount(member);
  new MutationObserver(() => mount(member)).observe(page(), { attributes: true, attributeFilter: ["data-path"] });
  again();
}
