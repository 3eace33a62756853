/* A form as a phone shows it, tried out: nothing of it is sent. Beside it what it opens, what it checks, and its versions. */
import { choose } from "../../text/addresses.js";
import { make, choice as select, set } from "../../text/dom.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, facts, records } from "../parts.js";
import * as words from "../words.js";
import { questionsOf } from "./answers.js";
import { fillable, said } from "./widgets.js";

const answerOf = ({ choices }, id) => {
  const chosen = choices.find((each) => each.id === id);
  return chosen ? said(chosen.label) : t(`mission_answer.${id}`);
};

/* The answers that open an incident, each with what it would be. */
function incidents(form) {
  const rows = questionsOf(form).filter(({ incident }) => incident)
    .map((question) => [said(question.label), answerOf(question, question.incident.when_answer), words.category(question.incident.category), words.severity(question.incident.severity)]);
  const heads = ["question", "answer", "category", "severity"].map((name) => [t(`mission_forms.${name}`), "text"]);
  return rows.length ? [card(t("mission_forms.incidents"), records(t("mission_forms.incidents"), heads, rows))] : [];
}

function checks(form) {
  return form.checks.length ? [card(t("mission_forms.checks"), make("ul", "plain", ...form.checks.map(({ message }) => make("li", "", said(message)))))] : [];
}

/* What is to be known of a form before it is used. */
function about(form) {
  const own = questionsOf(form);
  return facts([
    [t("mission_forms.moment"), t(`mission_moment.${form.moment}`)],
    [t("mission_forms.due"), form.due],
    [t("mission_forms.code"), form.code],
    [t("mission_forms.questions"), t("mission_forms.counted", { n: own.length, required: own.filter((question) => question.is_required).length })],
    [t("mission_forms.times"), t(form.is_once ? "mission_forms.once" : "mission_forms.often")],
  ]);
}

/* The phone; all questions are shown, those too that are not asked yet, while `all` is pressed. */
function phone(form) {
  const tried = fillable(form, { answers: {} });
  const told = set(make("p", "soft"), { role: "status" });
  const all = set(button(t("mission_forms.all"), () => {
    const isOn = tried.element.classList.toggle("all");
    all.setAttribute("aria-pressed", String(isOn));
  }), { "aria-pressed": "false" });
  const check = button(t("mission_forms.check"), () => { told.textContent = t("mission_forms.found", { n: tried.complain().length }); }, "primary");
  return make("section", "phone stack", make("h2", "", said(form.title)), ...(form.about ? [make("p", "soft", said(form.about))] : []),
    make("div", "row", all), tried.element, make("div", "row", check), told);
}

const titleOf = (form) => [said(form.title), ...(form.is_withdrawn ? [t("mission_forms.withdrawn")] : [])].join(" · ");

export async function view(host) {
  const { forms } = await api.get("forms");
  const asked = parts.chosen();
  const named = forms.find(({ id }) => id === asked.form) || forms[0];
  if (!named) { host.replaceChildren(parts.empty(t("mission_forms.none"))); return; }
  const { versions } = await api.get(`forms/${encodeURIComponent(named.id)}`);
  const standing = versions.find(({ version }) => String(version) === asked.version) || versions.at(-1);
  const go = (query) => { choose(query); view(host); };
  const which = select("form", t("mission_forms.form"), forms.map((form) => [form.id, titleOf(form)]), named.id, (form) => go({ form, version: "" }));
  const numbers = versions.map(({ version }) => [String(version), t("mission_forms.version_number", { n: version })]);
  const version = select("version", t("mission_forms.version"), numbers, String(standing.version), (chosen) => go({ version: chosen }));
  host.replaceChildren(
    card("", make("p", "soft", t("mission_forms.about")), make("div", "row", which, version)),
    make("div", "columns trial", phone(standing), make("div", "stack", card(t("mission_forms.facts"), about(standing)), ...incidents(standing), ...checks(standing))));
}
