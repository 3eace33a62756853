/* Alerts of the mission over the live socket: a topic for members, opened by a ticket that is good once. */
import { createLive } from "../live/client.js";
import { config, expose } from "../text/config.js";
import { make } from "../text/dom.js";
import { codeOf, levelOf } from "../text/keys.js";
import { ALERT_KINDS } from "../text/vocabulary.js";
import { t, told } from "../text/words.js";
import * as words from "./words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";

const TOPIC = "mission";
const OF_COPY = ["alert.copy_lists", "alert.copy_others", "alert.copy_margin"];
const listeners = [];
const seen = new Set(); // keys of all alerts that this page was told of
let known = null; // until the whole list was heard once, be it empty

/* A socket that asks for its ticket first and puts it into every subscription. */
function openWithTicket(url, protocol) {
  const shell = { close() { shell.closed = true; if (shell.inner) shell.inner.close(); } };
  api.post("ticket").then(({ ticket }) => {
    if (shell.closed) return;
    const inner = new WebSocket(url, protocol);
    shell.inner = inner;
    shell.send = (text) => inner.send(JSON.stringify({ ...JSON.parse(text), ticket }));
    for (const name of ["onopen", "onmessage", "onclose", "onerror"]) inner[name] = (event) => shell[name](event);
  }, () => shell.onclose());
  return shell;
}

/* Where sockets are blocked the list itself is asked for, as the count is then. */
async function fetchAlerts(url) {
  if (!url.includes("/state?")) return fetch(url, { headers: { Accept: "application/json" } });
  const { alerts } = await api.get("alerts");
  const state = Object.fromEntries(alerts.map((alert) => [`alert/${alert.id}`, alert]));
  return { ok: true, status: 200, json: async () => ({ epoch: "alerts", seq: alerts.length ? alerts[0].id : 0, state }) };
}

/* Of all that are known, or of those with these keys; the newest first. */
const newest = (keys = Object.keys(known || {})) => keys
  .filter((key) => key.startsWith("alert/"))
  .map((key) => ({ key, ...known[key] }))
  .sort((one, other) => (one.at < other.at ? 1 : -1))
  .slice(0, config.shown.alerts);

function areaName({ key, name: stated }, whole) {
  const [level, name] = [levelOf(key), stated && words.areaName(key, stated)];
  if (level === "nation") return whole;
  if (level !== "mesa" && (name || level !== "polling_place")) return name || key;
  return told([`alert.${level}`, "alert.in"], { number: codeOf(key), name });
}

/* As mission/alerts.py says it in mails. */
function said(alert) {
  const { areas = [], place, contest, said: spoken, ...figures } = alert.figures || {};
  const whole = t(contest ? "alert.whole" : "alert.nation");
  const named = { areas: areas.map((area) => areaName(area, whole)).join(", ") || null, place: place ? areaName(place, whole) : null };
  const names = [`alert.${alert.kind}`, "alert.runoff", "alert.first_round", ...OF_COPY, "alert.at", "alert.more"];
  const own = spoken ? spoken[config.language] ?? spoken[config.default_language] : null;
  const text = told(names, { ...figures, ...named, said: own }) || told([`mission_alert.${alert.kind}`], {});
  const whose = contest ? t("alert.of", { contest: contest[config.language] ?? contest[config.default_language], text }) : text;
  // A bulletin says it by itself.
  return figures.is_test && !spoken ? t("alert.rehearsed", { text: whose }) : whose;
}

function line(alert) {
  const kind = ALERT_KINDS.includes(alert.kind) ? t(`mission_alert.${alert.kind}`) : String(alert.kind);
  // Only a path of this site is ever a link.
  const path = /^\/(?!\/)/.test(alert.href || "") ? alert.href : null;
  const text = path ? parts.link(said(alert), path) : make("span", "", said(alert));
  return make("li", `alert ${ALERT_KINDS.includes(alert.kind) ? alert.kind : ""}`, make("b", "", kind), text, parts.time(alert.at));
}

/* What is there when the page opens stands in the desk's list; all that comes later, however it came, is new. */
function changed({ keys, reason, state }) {
  const isFirst = known === null && reason !== "delta" && reason !== "resume";
  const fresh = keys.filter((key) => state[key] && !seen.has(key));
  fresh.forEach((key) => seen.add(key));
  known = { ...state };
  const news = isFirst ? [] : newest(fresh);
  listeners.forEach((listener) => listener(newest(), news));
  const first = news.slice(0, config.shown.strip_alerts);
  const n = news.length - first.length;
  if (news.length) parts.say([...first.map((alert) => t("mission_alert.said", { text: said(alert) })), ...(n ? [t("mission_alert.more", { n })] : [])].join(" "));
}

function follow() {
  const { base, feed } = config;
  if (!base) return;
  const live = createLive({ base, feed, topics: [TOPIC], env: { open: openWithTicket, listen: null, fetch: fetchAlerts } });
  live.on("change", changed);
  live.on("status", ({ seq }) => { if (seq >= 0) known ??= {}; });
  window.addEventListener("online", () => live.wake());
  live.start();
  expose({ alerts: live });
}

/* Above every page: the alerts that came while it is open, until somebody closes them; one takes no other's place. */
export function strip() {
  const [host, list, more] = [make("div", "strip"), make("ul", "alerts"), make("p", "more")];
  let unread = 0;
  const close = () => { host.hidden = true; unread = 0; list.replaceChildren(); };
  host.append(make("div", "told", list, more), parts.button(t("mission_alert.close"), close));
  host.hidden = true;
  listeners.push((_, fresh) => {
    if (!fresh.length) return;
    unread += fresh.length;
    // Those that stand already stay where they are: somebody may be about to follow one.
    list.prepend(...fresh.map(line));
    while (list.childElementCount > config.shown.strip_alerts) list.lastChild.remove();
    const n = unread - list.childElementCount;
    more.replaceChildren(...(n ? [parts.link(t("mission_alert.more", { n }), "/mission")] : []));
    host.hidden = false;
  });
  follow();
  return host;
}

/* The desk's list, kept as new ones come. */
export function list() {
  const host = make("ul", "alerts");
  const paint = (alerts) => host.replaceChildren(...(alerts.length ? alerts.map(line) : [make("li", "soft", t("mission_alert.none"))]));
  paint(newest());
  listeners.push(paint);
  return host;
}

export const onNew = (task) => listeners.push((_, fresh) => { if (fresh.length) task(fresh); });
