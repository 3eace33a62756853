/* How far somebody is in a form: sections that want nothing more, out of those that are asked; and answers in each. */
import { make } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as parts from "../parts.js";
import { isAnswered } from "./conditions.js";

/** Of each section that is asked: {id, answered, questions, isWhole}. `found`: what is said of the answers. */
export function sectionsOf(form, { asked, faults, answers }) {
  return form.sections.map(({ id, questions }) => {
    const own = questions.filter((question) => asked.has(question.id));
    const answered = own.filter((question) => isAnswered(answers[question.id])).length;
    const isFaulty = faults.some((fault) => own.some((question) => question.id === fault.id));
    return { id, answered, questions: own.length, isWhole: !isFaulty && answered > 0 };
  }).filter(({ questions }) => questions);
}

/* `element` is the form's, with one section for each of its own. */
export function progress(form, element) {
  const bar = parts.set(make("progress"), { "aria-hidden": "true" });
  const text = make("span", "");
  const marks = new Map(form.sections.map(({ id }, index) => {
    const mark = make("span", "soft n", "");
    element.querySelectorAll(":scope > section")[index].querySelector("h3").append(" ", mark);
    return [id, mark];
  }));
  function tell(found) {
    const sections = sectionsOf(form, found);
    const whole = sections.filter(({ isWhole }) => isWhole).length;
    Object.assign(bar, { max: sections.length || 1, value: whole });
    text.textContent = t("mission_fill.progress", { done: whole, of: sections.length });
    for (const { id, answered, questions, isWhole } of sections) marks.get(id).textContent = `${isWhole ? "✓ " : ""}${answered}/${questions}`;
  }
  return { element: make("div", "progress", bar, text), tell };
}
