/* What a form's answer says, for the report that is opened from it: as what, how bad, where, in words. */
import { t } from "../../text/words.js";
import * as api from "../api.js";
import { questionsOf } from "../forms/answers.js";
import { said } from "../forms/widgets.js";
import { formOf, titleOf, told } from "./answers.js";

/** @param {{response: string, question?: string}} chosen */
export async function evidence({ response, question: id }) {
  const found = await api.get(`responses/${encodeURIComponent(response)}`);
  const form = await formOf(found);
  const question = questionsOf(form).find((each) => each.id === id);
  const { category = "", severity = "" } = question?.incident || {};
  const answer = found.answers?.[id];
  const text = question && answer !== undefined ? t("mission_response.evidence", { form: titleOf(form), question: said(question.label), answer: told(question, answer) }) : titleOf(form);
  return { flag: `response/${response}`, category, severity, text, place: found.place, place_name: found.place_name };
}
