/* Held and flagged numbers, live: the markup of dashboard/components/issues.py, made again when it says something else; one table of cases tests both. */
import { doubtsOf, sentence } from "../count/issues.js";
import { make } from "../text/dom.js";
import { t } from "../text/words.js";

function told(side, issues, form) {
  const sentences = make("span", "", `${issues.map(sentence).join("; ")}.`);
  // Not every mark is about figures that differ.
  const label = t(side === "flags" && issues[0].rule !== "reconciliation" ? "issues.noted" : `issues.${side}`);
  return form === "notes"
    ? make("p", `note amber issue ${side}`, make("b", "issue-label", label), ": ", sentences)
    : make("details", `issue ${side}`, make("summary", "issue-label", label), sentences);
}

/* Where a scope says it. A row has no place for it until there is something to say. */
function hostOf(scope, sides) {
  const host = scope.querySelector("[data-issues]");
  const head = host || !sides.length ? null : scope.querySelector('th[scope="row"]');
  if (!head) return host;
  const made = head.appendChild(make("div"));
  made.dataset.issues = "badges";
  return made;
}

/* One that says the same stays as it is; one that says something else stays open, and keeps the focus: somebody may be reading it. */
export function paint(scope, data) {
  const sides = doubtsOf(data);
  const host = hostOf(scope, sides);
  if (!host) return;
  const wanted = sides.map((side) => told(side, data[side], host.dataset.issues));
  const standing = [...host.children];
  if (wanted.map((element) => element.outerHTML).join() === standing.map((element) => element.outerHTML.replace(' open=""', "")).join()) return;
  const isFocused = standing.map((element) => element.contains(document.activeElement));
  const replaced = wanted.map((element) => standing.findIndex((old) => old.className === element.className));
  wanted.forEach((element, at) => { if (standing[replaced[at]]?.open) element.open = true; });
  host.replaceChildren(...wanted);
  wanted.forEach((element, at) => { if (isFocused[replaced[at]]) element.querySelector("summary")?.focus({ preventScroll: true }); });
}
