/* What waits on this device, of every kind; what the server refused and why; and which photos of something that is in are not. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { clock } from "../../text/moments.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";
import { button, card } from "../parts.js";
import * as queue from "../queue.js";
import * as words from "../words.js";

const discard = (item) => button(t("mission_queue.discard"), () => { if (window.confirm(t("mission_queue.sure"))) queue.drop(item.key); });

/* Why it is not taken, and what may be done about it. */
function refusal(item, correct) {
  if (!item.error) return [];
  const happened = clock(item.body.occurred_at || item.body.finished_at, Date.now(), config.zone);
  const again = item.asksTime ? button(t("mission_queue.confirm_time"), () => queue.confirmTime(item)) : button(t("mission_queue.retry"), () => queue.retry(item));
  // What is in already is no more to be corrected here: it is one of its photos that failed.
  const mend = item.id || !correct ? [] : [button(t("mission_queue.correct"), () => correct(item))];
  return [make("p", "note amber", item.asksTime ? t("mission_queue.asks_time", { at: happened }) : item.error), make("div", "row", again, ...mend, discard(item))];
}

/* It is in; those of its photos that are not, each with why. */
function missing(item) {
  const names = item.refused.map(({ name, why }) => make("li", "", make("b", "", name || t("mission_queue.a_photo")), `: ${why}`));
  return [make("p", "note amber", t("mission_queue.photos_missing", { n: names.length })), make("ul", "marked", ...names),
    make("div", "row", button(t("mission_queue.understood"), () => queue.drop(item.key)))];
}

function line(item, correct) {
  return make("li", "", make("b", "", item.name || words.category(item.body.category)), " ", parts.time(item.at),
    ...(item.photos.length ? [make("span", "soft", " · ", t("mission_queue.photos", { n: item.photos.length }))] : []),
    ...(queue.isUnkept(item) ? [make("p", "note amber", t("mission_queue.unkept"))] : []),
    ...(item.isIn ? missing(item) : refusal(item, correct)));
}

/** The card of what a member has not sent yet, hidden while there is none. `correct`: by kind, what writes one again. */
export function unsent(sender, correct) {
  const list = make("ul", "marked");
  const host = card(t("mission_queue.heading"), list);
  host.hidden = true;
  queue.onChange((items) => {
    const own = items.filter((item) => item.by === sender);
    host.hidden = own.length === 0;
    list.replaceChildren(...own.map((item) => line(item, correct[item.kind])));
  });
  return host;
}
