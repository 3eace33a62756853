/* One form at one place where observers differ: question by question, whose answer stands, and why. */
import { make } from "../../text/dom.js";
import { REPORT_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { questionsOf } from "../forms/answers.js";
import * as parts from "../parts.js";
import { area, card, field, form as asking, link, radios, records, time } from "../parts.js";
import * as words from "../words.js";
import { labelOf, pathOf, titleOf, told, versionsOf } from "./answers.js";

const questionOf = (form, id) => questionsOf(form).find((question) => question.id === id);

function differences(one, form) {
  const heads = [[t("mission_conflict.question"), "text"], ...one.responses.map((response) => [link(response.observer, pathOf(response)), "text"]), [t("mission_conflict.stands"), "text"]];
  const rows = Object.entries(one.differences).map(([id, by]) => {
    const chosen = one.chosen[id];
    const stands = chosen ? told(questionOf(form, id), by[chosen]) : make("span", "silent", t("mission_conflict.open"));
    return [labelOf(form, id), ...one.responses.map((response) => told(questionOf(form, id), by[response.id])), stands];
  });
  return records(t("mission_conflict.heading"), heads, rows);
}

/* Each question by itself, or all of one observer at one press. */
function choosing(one, form, moved, draw) {
  const named = new Map(one.responses.map((response) => [response.id, response.observer]));
  const sets = Object.entries(one.differences).map(([id, by]) =>
    radios(labelOf(form, id), id, [...Object.entries(by).map(([response, answer]) => [response, told(questionOf(form, id), answer), named.get(response)]), ["", t("mission_conflict.open"), ""]], one.chosen[id] || ""));
  const whole = one.responses.map((response) => parts.button(t("mission_conflict.whole", { observer: response.observer }), () => {
    for (const set of sets) for (const control of set.querySelectorAll("input")) if (control.value === response.id) control.checked = true;
  }));
  const reason = field(t("mission_response.reason"), area("reason", { required: true, rows: 2, maxlength: REPORT_LIMITS.longest_reason }));
  const send = async ({ reason: why, ...given }) => {
    const choose = Object.fromEntries(Object.entries(given).filter(([, response]) => response));
    const path = `conflicts/${encodeURIComponent(one.form)}/${encodeURIComponent(one.place_code)}`;
    if (await parts.decide(moved, () => api.post(path, { choose, reason: why, seen: one.revision }), draw)) parts.say(t("mission_conflict.done"));
  };
  return card(t("mission_conflict.choose"), make("div", "row", ...whole), asking([...sets, reason], t("mission_conflict.send"), send));
}

function log(one, form) {
  const lines = one.rulings.map((ruling) => make("li", "event", time(ruling.at, false), make("span", "soft", ruling.by),
    make("span", "", Object.keys(ruling.choose).map((id) => labelOf(form, id)).join(" · ")), make("p", "said", ruling.reason)));
  return lines.length ? [card(t("mission_conflict.log"), make("ol", "log", ...lines))] : [];
}

export async function show(host, name, at) {
  const back = make("p", "", link(t("mission_response.back"), "/mission/responses"));
  const moved = make("div");
  async function draw() {
    moved.replaceChildren();
    const { conflicts: [one] } = await api.get("conflicts", { form: name, place: at.replace("-", "/") });
    if (!one) { host.replaceChildren(back, moved, parts.empty(t("mission_conflict.gone"))); return; }
    const form = (await versionsOf(name)).at(-1);
    const may = one.is_own ? card(t("mission_conflict.choose"), parts.empty(t("mission_conflict.own"))) : choosing(one, form, moved, draw);
    host.replaceChildren(back, moved, make("h2", "title", `${titleOf(form)} · ${words.where(one.responses[0])}`),
      card(t("mission_conflict.heading"), make("p", "soft", t("mission_conflict.about")), differences(one, form)), may, ...log(one, form));
  }
  await draw();
}
