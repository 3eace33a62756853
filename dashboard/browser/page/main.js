/* A page of the dashboard: what starts with it, what is mounted again on every page, and live changes on their way to the screen. */
import { setMembers } from "../count/incidents.js";
import * as store from "../count/store.js";
import { createLive } from "../live/client.js";
import * as map from "../map/map.js";
import { moment } from "../text/addresses.js";
import { config, expose } from "../text/config.js";
import { levelBelow, levelOf } from "../text/keys.js";
import { say } from "./announce.js";
import * as badges from "./badges.js";
import { repaint } from "./board.js";
import * as dash from "./dash.js";
import * as lead from "./lead.js";
import * as measure from "./measure.js";
import { go, reload, start as startNavigation } from "./navigation.js";
import * as news from "./news.js";
import * as past from "./past.js";
import * as proving from "./proving.js";
import * as replay from "./replay.js";
import { isShown } from "./scopes.js";
import * as search from "./search.js";
import * as sentences from "./sentences.js";
import * as share from "./share.js";
import * as status from "./status.js";
import * as table from "./table.js";
import * as views from "./views.js";

const PRIMED_MS = 200; // a state that is not here by then comes when it comes
const SPREAD_MS = 4000; // a new row asks the server for the page again: not everybody in the same instant
const page = () => document.getElementById("page");
const topics = () => [page().dataset.topic, "corrections"].filter(Boolean);
let live = null;
let refreshing = null;

/* The numbers of these keys, in place; a row that this page does not have yet is asked for. */
function paint({ keys, state, isWhole }) {
  const { key } = page().dataset;
  if (!key) return;
  const below = levelBelow(key);
  let isMissing = false;
  for (const each of keys) {
    if (!state[each] && !isWhole) continue;
    const moved = repaint(each, state[each] || {});
    if (each === key && moved) sentences.moved();
    if (each === key && moved && !isWhole) status.changed(state[each]);
    isMissing ||= levelOf(each) === below && !isShown(each);
  }
  // A scope's page has not a row for everything below the nation.
  if (isMissing && !moment() && levelOf(key) !== "scope") refetch();
}

function changed({ keys, reason, state }) {
  if (status.isPaused() || moment()) return;
  store.show(keys, state);
  const { key } = page().dataset;
  if (!keys.includes(key)) return;
  sentences.refresh();
  if (reason !== "start" && reason !== "snap") say(document.querySelector("h1").textContent, state[key]);
}

function refetch() {
  if (refreshing) return;
  refreshing = setTimeout(() => {
    refreshing = null;
    if (!reload(false)) refetch();
  }, Math.random() * SPREAD_MS);
}

const showAll = (state) => store.show(Object.keys(state), state);

function mount() {
  table.mount();
  measure.mount();
  views.mount(); // and the map, which is looked at first
  badges.mount();
  lead.mount();
  status.mount();
  news.mount();
  if (moment()) {
    if (page().dataset.topic) past.load().then((state) => { if (state) store.show(Object.keys(state), state, true); });
  } else {
    live.follow(topics());
    showAll(live.state);
    sentences.begin();
  }
  map.show();
  replay.mount();
}

/* Only a page of the present follows the count. Its state was asked for with the map's pieces, if it shows one, and is mostly
   here before this: then the page is painted once, with it. */
function connect() {
  window.addEventListener("online", () => live.wake());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) live.wake(); });
  const asked = document.querySelector(`link[rel="preload"][href^="${config.base}/state?"]`);
  live.start();
  if (!asked) return null;
  return Promise.race([live.prime(asked.getAttribute("href")), new Promise((resolve) => { setTimeout(resolve, PRIMED_MS); })]);
}

/* Of one count, or of the table of all contests, whose pages are documents of their own. */
async function clientOf({ base, feed, table }, fetchTable) {
  if (!table) return createLive({ base, feed, topics: topics() });
  const { createTable } = await fetchTable();
  return createTable({ base, feed, ...table });
}

/* `fetchTable` brings the client of the table, `fetchFiner` what draws finer areas, `fetchMap` the map that goes nearer than pictures,
   `fetchProof` what checks a proof. */
export async function start({ fetchTable, fetchFiner, fetchMap, fetchProof }) {
  share.start();
  if (!config.base) return;
  live = await clientOf(config, fetchTable);
  expose({ client: live, go, show: store.show, setMembers });
  store.followBy(live);
  store.subscribe(paint);
  live.on("correction", ({ changes }) => news.add(changes));
  status.start(live, () => { showAll(live.state); news.paint(); });
  search.start();
  proving.start(fetchProof);
  if (!config.table) startNavigation(mount);
  map.start({ open: go, fetchFiner, fetchMap });
  if (!moment()) await connect();
  live.on("change", changed); // what came before is painted when the page is mounted
  mount();
  map.settled().then(badges.start);
  if (!config.table) dash.start(map.settled);
}
