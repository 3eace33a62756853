/* What is missing or odd before a form is sent, by name: each a way to its question. */
import { make, set } from "../../text/dom.js";
import { t } from "../../text/words.js";
import { button } from "../parts.js";
import { questionsOf } from "./answers.js";
import { said } from "./widgets.js";

const UNREADABLE = ["type", "choice"]; // the server could make nothing of it

function way(question, element) {
  const link = set(make("a", "", said(question.label)), { href: `#${question.id}` });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    element.querySelector(`[data-question="${CSS.escape(question.id)}"] :is(input, textarea)`).focus();
  });
  return link;
}

function told(form, faults, element) {
  const questions = new Map(questionsOf(form).map((question) => [question.id, question]));
  const own = faults.filter(({ id }) => questions.has(id));
  const missing = own.filter(({ kind }) => kind === "required").length;
  const odd = own.length - missing;
  const heading = [missing ? t("mission_fill.missing", { n: missing }) : "", odd ? t("mission_fill.odd", { n: odd }) : ""].filter(Boolean).join(" ");
  const lines = own.map(({ id, kind }) => make("li", "", way(questions.get(id), element), ...(UNREADABLE.includes(kind) ? [`: ${t("mission_fill.unreadable")}`] : [])));
  return [...(own.length ? [make("p", "", make("b", "", heading)), make("ul", "marked", ...lines)] : []),
    ...form.checks.filter(({ id }) => faults.some((fault) => fault.id === id)).map(({ message }) => make("p", "", said(message)))];
}

/** {element, tell(faults)}: says them and has the focus; `send` is offered where what is written can be read all the same. */
export function wrong(form, element, send) {
  const host = set(make("div", "stack note amber"), { tabindex: -1, role: "group", "aria-label": t("mission_fill.wrong") });
  host.hidden = true;
  function tell(faults) {
    const isReadable = !faults.some(({ kind }) => UNREADABLE.includes(kind));
    host.replaceChildren(...told(form, faults, element), ...(isReadable ? [make("div", "row", button(t("mission_fill.send_anyway"), send))] : []));
    host.hidden = false;
    host.focus();
  }
  return { element: host, tell };
}
