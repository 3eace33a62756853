/* What waits in the other rooms, at a glance: forms, messages, the quick count; each number is a way to what it counts. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { card, failure, link } from "../parts.js";
import { apart } from "../quickcount/frames.js";
import { missing } from "../responses/matrix.js";

const AGAIN_MS = 60000;

function item(text, path, { isUrgent = false, section = "" } = {}) {
  const way = link(text, path, isUrgent ? "urgent" : "");
  if (section) way.href += `#${section}`;
  return make("li", "", way);
}

async function forms() {
  const [found, { counts }, { undecided }] = await Promise.all([api.get("completeness"), api.get("responses", { to_look_at: true }), api.get("conflicts")]);
  const numbers = [["missing", missing(found), "missing"], ["undecided", undecided, "differences"], ["odd", counts.to_look_at, "odd"], ["silent", found.silent.length, "silent"]];
  return [item(t("mission_response.n_all", { n: counts.all }), "/mission/responses"),
    ...numbers.filter(([, n]) => n).map(([name, n, section]) => item(t(`mission_response.n_${name}`, { n }), "/mission/responses", { isUrgent: true, section }))];
}

/* Who coordinates sees who has not read; the others, what they have not read themselves. */
async function messages() {
  const { messages: [last], unread, misread } = await api.get("messages");
  const told = [];
  if (unread) told.push(item(t("mission_messages.unread", { n: unread }), "/mission/messages", { isUrgent: true }));
  if (last?.progress) {
    const { receivers, read } = last.progress;
    const n = receivers - read;
    told.push(item(n ? t("mission_desk.unread_last", { n, receivers }) : t("mission_desk.all_read"), "/mission/messages", { isUrgent: n > 0 }));
  }
  if (misread?.length) told.push(item(t("mission_desk.misread", { n: misread.length }), "/mission/messages", { isUrgent: true }));
  return told.length ? told : [item(t(last ? "mission_desk.all_read" : "mission_desk.no_messages"), "/mission/messages")];
}

async function copies(count) {
  const path = `/mission/quick-count${api.query({ id: count.id })}`;
  const { counts } = await api.get(`quick-counts/${encodeURIComponent(count.id)}/comparisons`);
  return [item(t("mission_quick.standing", { standing: count.standing, mesas: count.mesas }), path),
    ...(counts.different ? [item(t("mission_desk.copies_differ", { n: counts.different }), path, { isUrgent: true, section: "copies" })] : []),
    ...(count.is_proposed ? [item(t("mission_quick.is_proposed"), path, { isUrgent: true })] : [])];
}

async function quickCounts() {
  const { quick_counts: counts, frame } = await api.get("quick-counts");
  const n = frame?.given ? apart(frame.given.beside) : 0;
  const lists = n ? [item(t("mission_frame.differs", { n }), "/mission/quick-count", { isUrgent: true, section: "frame" })] : [];
  return [...(counts.length ? (await Promise.all(counts.map(copies))).flat() : [item(t("mission_quick.none"), "/mission/quick-count")]), ...lists];
}

const ROOMS = [["mission_group.forms", forms], ["mission_title.messages", messages], ["mission_title.quick-count", quickCounts]];

/* One that cannot be asked for now says so, and the others stand. */
async function fill(told, ask) {
  try {
    told.replaceChildren(make("ul", "", ...await ask()));
  } catch (error) {
    told.replaceChildren(failure(error));
  }
}

/** The rooms, looked at again each minute: incidents do not wait for them. */
export function rooms() {
  const all = ROOMS.map(([name, ask]) => [name, make("div"), ask]);
  const slot = make("div", "rooms", ...all.map(([name, told]) => card(t(name), told)));
  const look = () => Promise.all(all.map(([, told, ask]) => fill(told, ask)));
  setInterval(() => { if (!document.hidden && !slot.contains(document.activeElement)) look(); }, AGAIN_MS);
  return { slot, look };
}
