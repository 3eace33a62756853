/* What a form asks after certain answers, and what is wrong with them: as mission/forms/answers.py, so that the phone says it at once. */
import { YES_NO } from "../../text/vocabulary.js";
import { decide, isAnswered, minutesOf } from "./conditions.js";

export const questionsOf = (form) => form.sections.flatMap((section) => section.questions);

const bound = (given) => (typeof given === "string" ? minutesOf(given) : given);
const integer = (given) => (Number.isInteger(given) && Math.abs(given + 0.5) < 2 ** 31 ? given : null);
const areTexts = (given) => Array.isArray(given) && given.every((one) => typeof one === "string");
const photos = (given) => (areTexts(given) ? given.length : Number.isInteger(given) && given >= 0 ? integer(given) : null);
/* What the bounds of a type are about; null: the answer is none of that type. */
const MEASURES = {
  choices: (given) => given.length,
  number: integer,
  time: minutesOf,
  text: (given) => (typeof given === "string" ? [...given].length : null),
  photo: photos,
};

function faultOfChoice(question, given) {
  const known = question.type === "yes_no" ? YES_NO : question.choices.map(({ id }) => id);
  const chosen = question.type === "choices" ? given : [given];
  if (!areTexts(chosen) || new Set(chosen).size < chosen.length) return "type";
  return chosen.every((one) => known.includes(one)) ? null : "choice";
}

/** What is wrong with one answer: "required", "type", "choice", "range"; null for nothing. */
export function faultOf(question, given) {
  if (!isAnswered(given) || (question.type === "photo" && given === 0)) return question.is_required ? "required" : null;
  if (["yes_no", "choice", "choices"].includes(question.type)) {
    const kind = faultOfChoice(question, given);
    if (kind || question.type !== "choices") return kind;
  }
  const measure = MEASURES[question.type](given);
  if (measure === null) return "type";
  const [least, most] = [bound(question.least), bound(question.most)];
  return (least === null || least <= measure) && (most === null || measure <= most) ? null : "range";
}

const BLOCKING = ["type", "choice"];

/**
 * What is asked and what is wrong: `asked` the ids of the questions that are asked, `counted` their answers that can be
 * read (the others are gone), `faults` [{id, kind}] in the form's order.
 */
export function look(form, answers) {
  const known = new Set(questionsOf(form).map(({ id }) => id));
  const faults = Object.keys(answers).filter((id) => !known.has(id)).map((id) => ({ id: id.slice(0, 40), kind: "type" }));
  const [asked, counted] = [new Set(), {}];
  const holds = (when) => !when || decide(when, counted) === true;
  for (const section of form.sections) {
    const isOpen = holds(section.when);
    for (const question of section.questions) {
      const given = answers[question.id];
      const kind = faultOf(question, given);
      if (!isOpen || !holds(question.when)) {
        // It is kept, and so has to be readable too.
        if (isAnswered(given)) faults.push({ id: question.id, kind: BLOCKING.includes(kind) ? kind : "unasked" });
        continue;
      }
      asked.add(question.id);
      if (kind) faults.push({ id: question.id, kind });
      if (isAnswered(given) && (kind === null || kind === "range")) counted[question.id] = given;
    }
  }
  for (const check of form.checks) if (decide(check.must, counted) === false) faults.push({ id: check.id, kind: "check" });
  return { asked, counted, faults };
}
