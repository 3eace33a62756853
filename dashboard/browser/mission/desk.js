/* The first page after signing in: what waits, how long the oldest waits, where nobody looked, alerts, and the feed. */
import { pathOf } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { DASH, group } from "../text/figures.js";
import { ago, clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as alerts from "./alerts.js";
import * as api from "./api.js";
import * as library from "./forms/library.js";
import * as lines from "./lines.js";
import * as parts from "./parts.js";
import { card, link } from "./parts.js";
import * as queue from "./queue.js";
import { count as unread } from "./messages/unread.js";
import { rooms } from "./pages/rooms.js";
import { waiting } from "./quickcount/today.js";
import * as session from "./session.js";
import * as where from "./where.js";
import * as words from "./words.js";

const AGAIN_MS = 20000;
const LONG_MS = 30 * 60 * 1000; // an unverified report that waits longer is marked

function tile(label, value, path, isUrgent) {
  const text = make("b", "n", value);
  const element = link("", path, isUrgent ? "tile-link urgent" : "tile-link");
  element.append(text, make("span", "", label));
  return make("li", "", element);
}

/* "new 3 · to verify 5 · verified open 2 · oldest unverified 47 min" */
function tiles(found) {
  const { counts, oldest_unverified_at: oldest } = found;
  const age = oldest ? parts.age(oldest) : DASH;
  const isOld = Boolean(oldest) && Date.now() - Date.parse(oldest) > LONG_MS;
  return make("ul", "tiles",
    tile(t("mission_desk.new"), group(counts.new), "/mission/incidents?state=reported"),
    tile(t("mission_desk.to_verify"), group(counts.to_verify), "/mission/incidents?state=verifying"),
    tile(t("mission_desk.verified_open"), group(counts.verified_open), "/mission/incidents?state=verified"),
    tile(t("mission_desk.oldest"), age, "/mission/incidents?state=reported&order=oldest", isOld));
}

function region(each) {
  const text = each.last_report_at
    ? t("mission_desk.silent_since", { at: clock(each.last_report_at, Date.now(), config.zone) })
    : t(each.observers ? "mission_desk.no_report" : "mission_desk.no_observer");
  return make("li", "", link(words.areaName(each.key, each.name), pathOf(each.key)), " ", make("span", "soft", text));
}

/* Where nobody looked: regions without a report for three hours, the emptiest first. */
function coverage(found) {
  const silent = found.regions.filter((each) => each.is_silent).sort((one, other) => (one.last_report_at || "").localeCompare(other.last_report_at || ""));
  const seen = t("mission_desk.visited", { visited: found.places_visited, places: found.places || null });
  const rest = silent.length - config.shown.desk_regions;
  return [
    make("p", "", make("b", "", seen)),
    make("h3", "", t("mission_desk.silent", { n: silent.length, hours: found.silent_after_hours })),
    make("ul", "marked", ...silent.slice(0, config.shown.desk_regions).map(region)),
    ...(rest > 0 ? [make("p", "soft", t("mission_desk.more", { n: rest }))] : []),
    make("p", "", link(t("mission_title.coverage"), "/mission/coverage")),
  ];
}

/* The feed's state in the words of the public pages; `assets/status.js` keeps them true. */
function feed() {
  const { state, checked_at } = config.feed;
  const status = parts.set(make("span", "", t(`status.${state}`)), { id: "status", "data-state": state });
  const checked = parts.set(make("time", "n", ago(checked_at, Date.now())), { "data-time": "checked", datetime: checked_at });
  return [make("p", "status-line", status), make("p", "soft", `${t("mission_desk.checked")} `, checked),
    make("p", "row", link(t("mission_desk.count"), "/"), link(t("mission_desk.corrections"), "/corrections"))];
}

async function observerDesk(body, member) {
  const posting = await where.assigned(member);
  const mine = make("div");
  const [copies, told] = [make("div"), make("div")];
  body.replaceChildren(told, assignment(posting), queue.badge(), copies,
    card(t("mission_desk.mine"), mine), card(t("mission_desk.alerts"), alerts.list()));
  queue.start(member);
  unread().then((n) => told.replaceChildren(...(n ? [make("p", "note amber", link(t("mission_messages.unread", { n }), "/mission/messages"))] : [])), () => {});
  waiting().then((found) => copies.replaceChildren(...found), () => {}); // what cannot be asked for now is not told
  library.forms().catch(() => {}); // so that the phone has them before it is without network
  try {
    mine.replaceChildren(lines.list((await api.get("incidents", { mine: 1 })).incidents, t("mission_desk.none_mine")));
  } catch (error) {
    mine.replaceChildren(parts.failure(error));
  }
}

/* Where the observer is assigned comes first, and one press reports from there or fills in its forms. */
function assignment(posting) {
  const told = posting ? make("p", "", make("b", "", link(where.nameOf(posting), pathOf(posting.key)))) : make("p", "soft", t("mission_desk.unassigned"));
  return card(posting ? t("mission_desk.assignment") : "", told, make("div", "row",
    link(t(posting ? "mission_desk.report_here" : "mission_desk.report"), "/mission/report", "button"), link(t("mission_fill.open"), "/mission/fill", "button")));
}

async function teamDesk(body) {
  const [numbers, waiting, seen] = [make("div"), make("div"), make("div", "stack")];
  const put = (found) => {
    numbers.replaceChildren(tiles(found));
    waiting.replaceChildren(lines.list(found.incidents.slice(0, config.shown.desk_reports), t("mission_desk.none_waiting")));
  };
  const refresh = async () => put(await api.get("incidents", { state: "reported", order: "oldest" }));
  const look = async () => seen.replaceChildren(...coverage(await api.get("coverage")));
  const others = rooms();
  others.look();
  await Promise.all([refresh(), look()]);
  body.replaceChildren(numbers, others.slot, make("div", "columns",
    make("div", "stack", card(t("mission_desk.waiting"), waiting), card(t("mission_desk.alerts"), alerts.list())),
    make("div", "stack", card(t("mission_desk.coverage"), seen), card(t("mission_desk.feed"), ...feed()))));
  const again = () => { if (!document.hidden) refresh().catch(() => {}); };
  setInterval(again, AGAIN_MS);
  alerts.onNew(again);
}

export const view = (body, member) => (session.isAtLeast(member, "verifier") ? teamDesk(body) : observerDesk(body, member));
