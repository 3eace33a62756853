/* What was sent: to whom, how many read it and who did not, what they wrote back, and texts that were not understood. */
import { make } from "../../text/dom.js";
import { group, width } from "../../text/figures.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";
import { button, card, time } from "../parts.js";
import * as words from "../words.js";

/* To whom, in words: a team, a region, those without a form, one person, all. */
export function audienceName({ kind, value }, titles, name = null) {
  const called = kind === "without_form" ? titles.get(value) || value : words.areaName(value || "", name);
  return t(`mission_messages.${kind}`, { name: ["team", "person"].includes(kind) ? value : called });
}

function unread({ receivers, read, unread_by }) {
  const missing = receivers - read;
  if (!missing) return [];
  const more = missing > unread_by.length ? [make("li", "soft", t("mission_messages.more", { n: missing - unread_by.length }))] : [];
  return [make("details", "ask", make("summary", "", t("mission_messages.missing", { n: missing })),
    make("ul", "names", ...unread_by.map((name) => make("li", "", name)), ...more))];
}

function answers({ answers: given, answered }) {
  if (!answered) return [];
  const earlier = answered > given.length ? [make("li", "soft", t("mission_messages.more", { n: answered - given.length }))] : [];
  const list = given.map((each) => make("li", "said", make("b", "", each.by), " ", time(each.at, false), " ", each.text));
  return [make("details", "ask", make("summary", "", t("mission_messages.answers", { n: answered })), make("ul", "messages", ...earlier, ...list))];
}

function texts({ texts: out }) {
  if (!out) return [];
  const said = [t("mission_messages.texts", out), ...(out.given_up ? [t("mission_messages.texts_given_up", { n: out.given_up })] : [])];
  return [make("p", "soft", said.join(" · "))];
}

function line(message, titles) {
  const { progress } = message;
  const bar = make("i", "meter");
  bar.style.width = width(progress.read, progress.receivers);
  const read = t("mission_messages.progress", { read: group(progress.read), receivers: group(progress.receivers) });
  return make("li", "message", make("p", "soft", time(message.at), " · ", t("mission_messages.line", { to: audienceName(message.to, titles, message.to_name), by: message.by })),
    make("p", "said", message.text),
    make("p", "row", make("span", "track", bar), make("span", "n", read)), ...texts(progress), ...unread(progress), ...answers(message));
}

/* `more` fetches what came before, where there is more. */
export function sentList(messages, titles, more) {
  const list = messages.length ? make("ul", "messages", ...messages.map((each) => line(each, titles))) : parts.empty(t("mission_messages.sent_none"));
  return card(t("mission_messages.sent_heading"), list, ...(more ? [make("div", "row", button(t("mission_messages.earlier"), more))] : []));
}

export function misreadList(texts_) {
  const list = texts_.map((each) => make("li", "message", make("p", "soft", make("b", "", each.by), " · ", time(each.at)),
    make("p", "said", each.text), make("p", "soft", t("mission_messages.misread_answered", { reply: each.reply }))));
  return card(t("mission_messages.misread"), make("p", "soft", t("mission_messages.misread_about")), make("ul", "messages", ...list));
}
