/* Answers in words, by the version of the form that they are to; and what looks odd in them, as sentences. */
import { make } from "../../text/dom.js";
import { DASH, group } from "../../text/figures.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { questionsOf } from "../forms/answers.js";
import { said } from "../forms/widgets.js";
import * as parts from "../parts.js";
import * as words from "../words.js";

const asked = new Map(); // each form once a page

/** Every version of a form. */
export function versionsOf(form) {
  if (!asked.has(form)) asked.set(form, api.get(`forms/${encodeURIComponent(form)}`).then((found) => found.versions));
  return asked.get(form);
}

/** The form of a response, as it was when it was answered. */
export const formOf = async ({ form, version }) => (await versionsOf(form)).find((each) => each.version === version);

export const titleOf = (form) => said(form.title) || form.id;
export const labelOf = (form, id) => said(questionsOf(form).find((question) => question.id === id)?.label) || id;
const checkOf = (form, id) => said(form.checks.find((check) => check.id === id)?.message) || id;
export const pathOf = ({ id }) => `/mission/responses?id=${encodeURIComponent(id)}`;

const choice = (question, id) => (question.type === "yes_no" ? words.wordOf("mission_answer", id) : said(question.choices.find((each) => each.id === id)?.label) || id);

/** An answer in words; a dash where there is none. */
export function told(question, answer) {
  if (answer === null || answer === undefined) return DASH;
  if (!question) return String(answer);
  if (["yes_no", "choice", "choices"].includes(question.type)) return [answer].flat().map((id) => choice(question, id)).join(", ");
  if (question.type === "photo") return t("mission_response.photos", { n: Array.isArray(answer) ? answer.length : answer });
  const unit = question.unit ? ` ${said(question.unit)}` : "";
  return (typeof answer === "number" ? group(answer) : answer) + unit;
}

/** What looks odd, each a sentence; a response that it is about is a link. */
export function issues(response, form) {
  return response.issues.map(({ kind, figures }) => {
    const { question, check, minutes, moment, response: other, ...numbers } = figures;
    const values = { ...numbers, ...(question ? { question: labelOf(form, question) } : {}), ...(check ? { check: checkOf(form, check) } : {}),
      ...(minutes === undefined ? {} : { span: parts.span(minutes) }), ...(moment ? { moment: words.wordOf("mission_moment", moment).toLowerCase() } : {}) };
    return [t(`mission_quality.${kind}`, values), other];
  });
}

export const state = (response) => {
  const mark = { verified: "verified", doubtful: "rejected" }[response.state] || "";
  return make("span", `incident-state ${mark}`, words.wordOf("response_state", response.state));
};
