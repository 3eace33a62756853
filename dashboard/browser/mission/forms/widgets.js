/* A form's questions as controls: rendered from its definition alone, answers in and out, faults said where they are. */
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { REPORT_LIMITS, YES_NO } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import { area, button, input } from "../parts.js";
import { faultOf, look, questionsOf } from "./answers.js";
import { isAnswered } from "./conditions.js";

let numbered = 0;

/** What a form says, in the page's language or, where it has nothing of it, in Spanish. */
export const said = (words) => words?.[config.language] || words?.es || "";

/* --- each type's control: {element, fill(value)}; `changed(value)` hears every answer, null for none --- */

const options = (question) => (question.type === "yes_no"
  ? YES_NO.map((id) => [id, t(`mission_answer.${id}`)]) : question.choices.map(({ id, label }) => [id, said(label)]));

/* One of several, or several of them; what was chosen can be taken back. */
function chosen(question, name, changed) {
  const isOne = question.type !== "choices";
  const boxes = options(question).map(([id, text]) => {
    const control = set(make("input"), { type: isOne ? "radio" : "checkbox", name, value: id });
    return { control, label: make("label", "radio", control, make("span", "", text)) };
  });
  const take = button(t("mission_form.clear"), () => { fill(null); boxes[0].control.focus(); changed(null); });
  const marked = () => boxes.filter(({ control }) => control.checked).map(({ control }) => control.value);
  const element = make("div", question.type === "yes_no" ? "answers three" : "answers", ...boxes.map(({ label }) => label));
  const tell = () => { take.hidden = !isOne || !marked().length; };
  element.addEventListener("change", () => { tell(); changed(isOne ? marked()[0] ?? null : marked().length ? marked() : null); });
  function fill(value) {
    for (const { control } of boxes) control.checked = [value].flat().includes(control.value);
    tell();
  }
  fill(null);
  return { element: make("div", "stack", element, take), fill };
}

/* What is written; `read` makes an answer of the text, and the text stays as it is where it makes none. */
function written(control, changed, read = (text) => text) {
  control.addEventListener("input", () => changed(control.value.trim() ? read(control.value.trim()) : null));
  return { element: control, fill: (value) => { control.value = value ?? ""; }, isWritten: true };
}

const number = (text) => (/^-?\d{1,10}$/.test(text) ? Number(text) : text);

/* Pictures are their number here; whoever sends them hands in a control of its own. */
function pictures(question, name, changed) {
  const control = set(make("input"), { type: "file", accept: "image/*", multiple: question.most !== 1, name });
  control.addEventListener("change", () => changed(control.files.length || null));
  return { element: control, fill() {}, isWritten: true };
}

const CONTROLS = {
  yes_no: chosen,
  choice: chosen,
  choices: chosen,
  number: (_, name, changed) => written(input(name, { inputmode: "numeric" }), changed, number),
  time: (_, name, changed) => written(input(name, { type: "time" }), changed),
  text: (question, name, changed) => written(area(name, { rows: 3, maxlength: Math.min(question.most ?? Infinity, REPORT_LIMITS.longest_text) }), changed),
  photo: pictures,
};

/* --- a question: its label, hint, control and fault --- */

/* "Entre 0 y 300", "Desde 06:00": what the bounds of an answer are, of its type. */
function bounds({ type, least, most, unit }) {
  if (!["number", "time", "choices", "photo"].includes(type)) return "";
  const of = unit ? ` ${said(unit)}` : "";
  const kind = least === null ? (most === null ? "" : "most") : most === null ? "least" : "between";
  const counted = type === "choices" || type === "photo" ? "how_many" : "value";
  return kind ? t(`mission_bounds.${counted}_${kind}`, { least: String(least), most: String(most) }) + of : of.trim();
}

const saidOf = (question, kind) => t(`mission_fault.${kind === "range" ? "range" : kind}`, { bounds: bounds(question) }).trim();

/**
 * One question. `given`: {changed(value), photo?(question, name, changed) → {element, fill}}.
 * Returns {element, control, fill(value), tell(kind | null)}.
 */
export function question(asked, given) {
  numbered += 1;
  const name = `answer-${numbered}`;
  const [label, hint, fault] = [said(asked.label), [said(asked.hint), bounds(asked)].filter(Boolean).join(" · "), set(make("p", "note amber"), { id: `${name}-fault` })];
  fault.hidden = true;
  const made = asked.type === "photo" && given.photo ? given.photo(asked, name, given.changed) : CONTROLS[asked.type](asked, name, given.changed);
  const text = set(make("p", "hint soft", hint), { id: `${name}-hint` });
  const title = [label, ...(asked.is_required ? [] : [" ", make("small", "soft", t("mission_form.optional"))])];
  const heard = hint ? `${text.id} ${fault.id}` : fault.id;
  const element = made.isWritten
    ? make("div", "field", set(make("label", "", ...title), { for: name }))
    : set(make("fieldset", "", make("legend", "", ...title)), { "aria-describedby": heard });
  if (made.isWritten) set(made.element, { id: name, "aria-describedby": heard, "aria-required": asked.is_required ? "true" : null });
  element.append(...(hint ? [text] : []), made.element, fault);
  element.dataset.question = asked.id;
  function tell(kind) {
    fault.textContent = kind ? saidOf(asked, kind) : "";
    fault.hidden = !kind;
    for (const control of element.querySelectorAll("input, textarea")) control.setAttribute("aria-invalid", String(Boolean(kind)));
  }
  return { element, fill: made.fill, tell };
}

/* --- a form --- */

/**
 * A whole form. `given`: {answers, changed?(answers), photo?}. A question that is not asked is hidden, and its answer kept
 * until the form is sent: whoever slips and corrects themselves loses nothing.
 * Returns {element, look() → what answers.js says of it, with `answers` of the asked questions alone, complain() → the faults, now said}.
 */
export function fillable(form, given) {
  const answers = { ...given.answers };
  const [touched, asked] = [new Set(), new Map()];
  const checks = set(make("div", "stack"), { role: "status" });
  const now = () => {
    const found = look(form, answers);
    return { ...found, answers: Object.fromEntries(Object.entries(answers).filter(([id, value]) => found.asked.has(id) && isAnswered(value))) };
  };
  function paint() {
    const found = now();
    for (const [id, each] of asked) {
      each.element.hidden = !found.asked.has(id);
      each.tell(touched.has(id) ? found.faults.find((fault) => fault.id === id && fault.kind !== "unasked")?.kind || null : null);
    }
    const failed = form.checks.filter(({ id }) => found.faults.some((fault) => fault.id === id && fault.kind === "check"));
    const texts = failed.map(({ message }) => said(message));
    if (checks.dataset.said !== texts.join("\n")) checks.replaceChildren(...texts.map((text) => make("p", "note amber", text)));
    checks.dataset.said = texts.join("\n");
    for (const section of element.querySelectorAll("section")) section.hidden = !section.querySelector("[data-question]:not([hidden])");
  }
  function answer(of, value) {
    answers[of.id] = value;
    // What is being written is not judged before it is left; what can never become right, and what is chosen, at once.
    if (!["number", "time", "text"].includes(of.type) || faultOf(of, value) === null) touched.add(of.id);
    paint();
    given.changed?.({ ...answers });
  }
  for (const of of questionsOf(form)) {
    const each = question(of, { photo: given.photo, changed: (value) => answer(of, value) });
    each.fill(answers[of.id] ?? null);
    each.element.addEventListener("change", () => { touched.add(of.id); paint(); });
    asked.set(of.id, each);
  }
  const sections = form.sections.map(({ title, questions }) =>
    make("section", "card stack", make("h3", "", said(title)), ...questions.map(({ id }) => asked.get(id).element)));
  const element = make("div", "stack form", ...sections, checks);
  paint();
  function complain() {
    for (const id of asked.keys()) touched.add(id);
    paint();
    const { faults } = now();
    const first = faults.map(({ id }) => asked.get(id)?.element).find((each) => each && !each.hidden);
    first?.querySelector("input, textarea")?.focus();
    return faults;
  }
  return { element, look: now, complain };
}
