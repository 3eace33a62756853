/* Whether a condition of a form holds for answers: true, false, or null while an answer that would decide it is missing.
   mission/forms/conditions.py says the same, by the cases of tests/dashboard/cases/forms.json. */

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const OPERATORS = {
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** Whether that is an answer at all; 0 is one, an empty list or text is none. */
export const isAnswered = (value) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length);

/** Minutes since midnight of "HH:MM"; null for whatever is no such time. */
export function minutesOf(value) {
  const found = typeof value === "string" && TIME.exec(value);
  return found ? 60 * Number(found[1]) + Number(found[2]) : null;
}

const figure = (value) => (Number.isInteger(value) ? value : minutesOf(value));

function termOf(term, answers) {
  if (typeof term !== "object") return figure(term);
  if (!term.sum) return figure(answers[term.question]);
  const parts = term.sum.map((name) => figure(answers[name]));
  return parts.includes(null) ? null : parts.reduce((sum, part) => sum + part, 0);
}

function joined(parts, decisive) {
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}

function compared({ left, op, right }, answers) {
  const sides = [termOf(left, answers), termOf(right, answers)];
  return sides.includes(null) ? null : OPERATORS[op](...sides);
}

function answered({ question, is, has }, answers) {
  const given = answers[question];
  if (!isAnswered(given)) return null;
  return has === undefined ? given === is : Array.isArray(given) && given.includes(has);
}

export function decide(condition, answers) {
  if (condition.all) return joined(condition.all.map((one) => decide(one, answers)), false);
  if (condition.any) return joined(condition.any.map((one) => decide(one, answers)), true);
  if (condition.is_answered) return isAnswered(answers[condition.is_answered]);
  if (condition.question) return answered(condition, answers);
  if (!condition.not) return compared(condition, answers);
  const inner = decide(condition.not, answers);
  return inner === null ? null : !inner;
}
