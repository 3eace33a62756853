/* What to look at first: the answers that open an incident, those that were given most often before all others. */
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { t as word } from "../../text/words.js";
import { card } from "../parts.js";
import { anchor, said, told } from "./question.js";

const t = (name, values) => word(`mission_findings.${name}`, values);

/* Of too few observers nothing is called striking. */
function troubles({ findings }) {
  return findings.flatMap((finding) => {
    const [{ figures, is_few: isFew }] = finding.rows;
    const given = figures?.answers.find(({ answer }) => answer === finding.question.incident?.when_answer);
    return given?.n && !isFew ? [{ finding, given, base: figures.base }] : [];
  }).sort((one, other) => other.given.n / other.base - one.given.n / one.base);
}

/* Opens all that the question is folded in, and goes there. */
function open(event, id) {
  event.preventDefault();
  const block = document.getElementById(id);
  for (let at = block; at; at = at.parentElement.closest("details")) at.open = true;
  const head = block.querySelector("summary");
  head.scrollIntoView();
  head.focus({ preventScroll: true });
}

/* The same question may stand in several forms. */
function line({ finding, given, base }, { forms }) {
  const id = anchor(finding);
  const way = set(make("a", "", said(finding.question.label)), { href: `#${id}` });
  way.addEventListener("click", (event) => open(event, id));
  return make("li", "", way, make("span", "in-short", [...(Object.keys(forms).length > 1 ? [said(forms[finding.form])] : []), told(finding.question, given, base)].join(" · ")));
}

/** A way through the page, which is no part of the statement: paper does without. @param {any} found */
export function striking(found) {
  const lines = troubles(found).slice(0, config.shown.findings).map((each) => line(each, found));
  if (!lines.length) return [];
  const list = card(t("striking"), make("p", "soft", t("striking_about", { k: found.least_observers })), make("ol", "striking", ...lines));
  list.classList.add("script-only");
  return [list];
}
