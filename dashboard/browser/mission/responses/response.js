/* One response: what was answered, what looks odd, what a verifier says of it; beside it the same place in the count. */
import { make } from "../../text/dom.js";
import { REPORT_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { questionsOf } from "../forms/answers.js";
import { said } from "../forms/widgets.js";
import { clockOf } from "../incident.js";
import * as parts from "../parts.js";
import { area, card, facts, field, form as asking, link, time } from "../parts.js";
import * as place from "../place.js";
import * as session from "../session.js";
import * as words from "../words.js";
import { formOf, issues, pathOf, state, titleOf, told } from "./answers.js";
import { pictures } from "./pictures.js";

const at = (response, what) => `responses/${encodeURIComponent(response.id)}/${what}`;
const reportOf = ({ id }, question) => `/mission/report?response=${encodeURIComponent(id)}${question ? `&question=${encodeURIComponent(question)}` : ""}`;

const opens = (question, answer) => question.incident && [answer].flat().includes(question.incident.when_answer);

function answer(response, question, faults) {
  const given = response.answers[question.id];
  const fault = faults.find((each) => each.id === question.id);
  const marks = fault ? [" ", make("small", "amber", words.wordOf("mission_response_fault", fault.kind))] : [];
  const incident = opens(question, given) ? [" ", link(t("mission_response.open"), reportOf(response, question.id))] : [];
  return [said(question.label), make("span", "", told(question, given), ...marks, ...incident)];
}

function answers(response, form) {
  if (!response.answers) return card(t("mission_response.answers"), parts.empty(t("mission_response.closed")));
  const isTold = (question) => question.id in response.answers || response.faults.some((fault) => fault.id === question.id);
  const sections = form.sections.map((section) => [section, section.questions.filter(isTold)]).filter(([, questions]) => questions.length);
  return card(t("mission_response.answers"), ...sections.flatMap(([section, questions]) => [
    make("h3", "", said(section.title)), facts(questions.map((question) => answer(response, question, response.faults)))]));
}

function sent(response) {
  return card(t("mission_response.sent"), facts([
    [t("mission_response.by"), [response.observer, response.team].filter(Boolean).join(" · ")],
    [t("mission_response.where"), words.where(response)],
    [t("mission_response.finished"), make("span", "", time(response.started_at, false), " – ", time(response.finished_at, false))],
    [t("mission_response.device"), make("span", "", time(response.device_at, false), ...clockOf(response))],
    [t("mission_response.received"), time(response.received_at)]]),
    ...(response.is_set_aside ? [make("p", "note amber", t("mission_response.aside"))] : []),
    ...(response.beside.length ? [make("p", "", t("mission_response.beside"), " ", ...response.beside.flatMap((id) => [link(id, pathOf({ id })), " "]))] : []));
}

function odd(response, form) {
  const lines = issues(response, form).map(([sentence, other]) => make("li", "", sentence, ...(other ? [" ", link(other, pathOf({ id: other }))] : [])));
  return lines.length ? [card(t("mission_quality.heading"), make("ul", "marked", ...lines))] : [];
}

/* What a verifier may say: each asks why. */
function offer(response, next, moved, draw) {
  const reason = area("reason", { required: true, rows: 2, maxlength: REPORT_LIMITS.longest_reason });
  const send = async (values) => {
    const review = { state: next, reason: values.reason, seen: response.revision };
    if (await parts.decide(moved, () => api.post(at(response, "verify"), review), draw)) parts.say(words.wordOf("response_state", next));
  };
  return make("details", "ask", make("summary", "", t(`mission_response.${next}`)), asking([field(t("mission_response.reason"), reason)], t(`mission_response.${next}`), send));
}

function moves(response, member, moved, draw) {
  const log = response.reviews.map((review) => make("li", "event", time(review.at, false), make("b", "", words.wordOf("response_state", review.state)), make("span", "soft", review.by || ""), make("p", "said", review.reason)));
  const offered = ["verified", "doubtful"].filter((each) => each !== response.state).map((each) => offer(response, each, moved, draw));
  const isTeam = session.isAtLeast(member, "verifier");
  const may = isTeam && !response.is_own ? offered : [make("p", "soft", t(isTeam ? "mission_response.own" : "mission_response.not_yours"))];
  return card(t("mission_response.moves"), make("div", "moves", ...may, link(t("mission_response.open"), reportOf(response, null))), ...(log.length ? [make("ol", "log", ...log)] : []));
}

export async function show(host, member, id) {
  const [main, beside, moved] = [make("div", "stack"), make("div", "stack beside"), make("div")];
  async function draw() {
    moved.replaceChildren();
    const response = await api.get(`responses/${encodeURIComponent(id)}`);
    const form = await formOf(response);
    main.replaceChildren(make("div", "row", make("h2", "title", titleOf(form)), state(response), ...(response.is_partial ? [make("span", "soft", t("mission_response.partial"))] : [])),
      ...odd(response, form), answers(response, form), ...pictures(response, questionsOf(form)), sent(response), moves(response, member, moved, draw));
    return response;
  }
  const response = await draw();
  const isTeam = session.isAtLeast(member, "verifier");
  host.replaceChildren(make("p", "", link(t(isTeam ? "mission_response.back" : "mission_response.mine"), isTeam ? "/mission/responses" : "/mission/fill")), moved, make("div", "columns wide-left", main, beside));
  await place.fill(beside, { ...response, duplicates: [] }, member);
}
