/* What waits in the other rooms, at a glance: forms, messages, the quick count; each number is a way to what it counts. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { card, failure, link, time } from "../parts.js";

const AGAIN_MS = 60000;

function item(text, path, { isUrgent = false, section = "", at = "" } = {}) {
  const way = link(text, path, isUrgent ? "urgent" : "");
  if (section) way.href += `#${section}`;
  return make("li", "", way, ...(at ? [" ", time(at, false)] : []));
}

function forms({ all, ...waiting }) {
  const numbers = [["missing", "missing"], ["undecided", "differences"], ["to_look_at", "odd", "odd"], ["silent", "silent"]];
  return [item(t("mission_response.n_all", { n: all }), "/mission/responses"),
    ...numbers.filter(([name]) => waiting[name]).map(([name, section, word = name]) => item(t(`mission_response.n_${word}`, { n: waiting[name] }), "/mission/responses", { isUrgent: true, section }))];
}

/* Who coordinates sees who has not read; the others, what they have not read themselves. */
function messages({ all, unread, last, misread }) {
  const told = [];
  if (unread) told.push(item(t("mission_messages.unread", { n: unread }), "/mission/messages", { isUrgent: true }));
  if (last) {
    const { receivers, read } = last;
    const n = receivers - read;
    told.push(item(n ? t("mission_desk.unread_last", { n, receivers }) : t("mission_desk.all_read"), "/mission/messages", { isUrgent: n > 0 }));
  }
  if (misread) told.push(item(t("mission_desk.misread", { n: misread }), "/mission/messages", { isUrgent: true }));
  return told.length ? told : [item(t(all ? "mission_desk.all_read" : "mission_desk.no_messages"), "/mission/messages")];
}

function copies(count) {
  const path = `/mission/quick-count${api.query({ id: count.id })}`;
  return [item(t("mission_quick.standing", { standing: count.standing, mesas: count.mesas }), path),
    ...(count.different ? [item(t("mission_desk.copies_differ", { n: count.different }), path, { isUrgent: true, section: "copies" })] : []),
    ...(count.is_proposed ? [item(t("mission_quick.is_proposed"), path, { isUrgent: true })] : [])];
}

function quickCounts(counts, { frame_apart: n, frame_as_of: at }) {
  const lists = n ? [item(t("mission_frame.differs", { n }), "/mission/quick-count", { isUrgent: true, section: "frame", at })] : [];
  return [...(counts.length ? counts.flatMap(copies) : [item(t("mission_quick.none"), "/mission/quick-count")]), ...lists];
}

const ROOMS = [["mission_group.forms", "forms", forms], ["mission_title.messages", "messages", messages], ["mission_title.quick-count", "quick_counts", quickCounts]];

/** The rooms, looked at again each minute: incidents do not wait for them. */
export function rooms() {
  const told = make("div");
  const all = ROOMS.map(([name, part, items]) => [name, make("div"), part, items]);
  const cards = make("div", "rooms", ...all.map(([name, host]) => card(t(name), host)));
  async function look() {
    try {
      const found = await api.poll("waiting");
      for (const [, host, part, items] of all) host.replaceChildren(make("ul", "", ...items(found[part], found)));
      told.replaceChildren();
    } catch (error) {
      told.replaceChildren(failure(error)); // the numbers stay as they were
    }
  }
  setInterval(() => { if (!document.hidden && !cards.contains(document.activeElement)) look(); }, AGAIN_MS);
  return { slot: make("div", "stack", told, cards), look };
}
