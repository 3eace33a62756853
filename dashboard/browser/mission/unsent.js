/* What waits on this device, what the server refused and why, and which photos of a report that is in are not. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { clock } from "../text/moments.js";
import { t } from "../text/words.js";
import * as parts from "./parts.js";
import { button, card } from "./parts.js";
import * as queue from "./queue.js";
import * as words from "./words.js";

const discard = (report) => button(t("mission_queue.discard"), () => { if (window.confirm(t("mission_queue.sure"))) queue.drop(report.key); });

function correct(report, form) {
  return button(t("mission_queue.correct"), async () => {
    if (!form.isEmpty() && !window.confirm(t("mission_queue.replaces"))) return;
    await form.correct(report);
    await queue.drop(report.key);
  });
}

/* Why it is not taken, and what may be done about it. */
function refusal(report, form) {
  if (!report.error) return [];
  const happened = clock(report.body.occurred_at, Date.now(), config.zone);
  const again = report.asksTime ? button(t("mission_queue.confirm_time"), () => queue.confirmTime(report)) : button(t("mission_queue.retry"), () => queue.retry(report));
  // What is in already is no more to be corrected here: it is one of its photos that failed.
  return [make("p", "note amber", report.asksTime ? t("mission_queue.asks_time", { at: happened }) : report.error),
    make("div", "row", again, ...(report.id ? [] : [correct(report, form)]), discard(report))];
}

/* The report is in; those of its photos that are not, each with why. */
function missing(report) {
  const names = report.refused.map(({ name, why }) => make("li", "", make("b", "", name || t("mission_queue.a_photo")), `: ${why}`));
  return [make("p", "note amber", t("mission_queue.photos_missing", { n: names.length })), make("ul", "marked", ...names),
    make("div", "row", button(t("mission_queue.understood"), () => queue.drop(report.key)))];
}

function line(report, form) {
  return make("li", "", make("b", "", words.category(report.body.category)), " ", parts.time(report.at),
    ...(report.photos.length ? [make("span", "soft", " · ", t("mission_queue.photos", { n: report.photos.length }))] : []),
    ...(queue.isUnkept(report) ? [make("p", "note amber", t("mission_queue.unkept"))] : []),
    ...(report.isIn ? missing(report) : refusal(report, form)));
}

export function unsent(sender, form) {
  const list = make("ul", "marked");
  const host = card(t("mission_queue.heading"), list);
  host.hidden = true;
  queue.onChange((reports) => {
    const own = reports.filter((report) => report.by === sender);
    host.hidden = own.length === 0;
    list.replaceChildren(...own.map((report) => line(report, form)));
  });
  return host;
}
