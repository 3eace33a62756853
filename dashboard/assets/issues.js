/* Held and flagged numbers, live: the markup of dashboard/components/issues.py, made again when it says something else. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { t } = escrutinio;
  const SIDES = ["held", "flags"];

  /* What an issue says; the rules are those of texts/issues.py. */
  function sentence({ rule, figures }) {
    const { words } = escrutinio.config;
    if (figures && words.issue[rule]) return t(`issue.${rule}`, figures);
    if (words.rules[rule]) return t(`rules.${rule}`);
    return words.flag_rules[rule] ? t(`flag_rules.${rule}`) : rule;
  }

  function told(side, issues, form) {
    const sentences = make("span", "", `${issues.map(sentence).join("; ")}.`);
    const label = t(`issues.${side}`);
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

  /* One that says the same stays as it is: somebody may have it open. */
  function paint(scope, data) {
    const sides = SIDES.filter((side) => (data[side] || []).length);
    const host = hostOf(scope, sides);
    if (!host) return;
    const wanted = sides.map((side) => told(side, data[side], host.dataset.issues));
    const standing = [...host.children].map((element) => element.outerHTML.replace(' open=""', ""));
    if (wanted.map((element) => element.outerHTML).join() !== standing.join()) host.replaceChildren(...wanted);
  }

  escrutinio.issues = { SIDES, paint };
})(window.escrutinio);
