/* What was found: for the house with every region, and the statement, which is what may be printed and taken out. */
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { fullClock } from "../../text/moments.js";
import { t as word } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, field, select } from "../parts.js";
import * as session from "../session.js";
import * as behind from "./behind.js";
import { block, said } from "./question.js";
import { striking } from "./striking.js";

const PAGE = "/mission/findings";
const t = (name, values) => word(`mission_findings.${name}`, values);

const addressOf = (values) => `${PAGE}?${new URLSearchParams(values)}`;

function views(view, form) {
  const ways = ["house", "statement"].map((each) =>
    set(parts.link(t(each), addressOf({ view: each, ...(form ? { form } : {}) })), { "aria-current": each === view ? "page" : null }));
  return set(make("nav", "choices script-only", make("ul", "", ...ways.map((way) => make("li", "", way)))), { "aria-label": t("views") });
}

function choice(found, form, chose) {
  const control = select("form", [["", t("all_forms")], ...Object.entries(found.forms).map(([id, title]) => [id, said(title)])], form);
  control.addEventListener("change", () => chose(control.value));
  return make("div", "script-only", field(t("form"), control));
}

/* What of it goes out, and how: only of the statement. */
function exits(member) {
  const csv = session.isAtLeast(member, "coordinator") ? [button(t("csv"), () => api.save("findings.csv", {}, "findings.csv"))] : [];
  const open = button(t("open_all"), () => { for (const each of document.querySelectorAll(".findings-of-form, .findings-of-form details")) each.open = true; });
  return make("div", "row script-only", button(t("print"), () => window.print()), ...csv, open);
}

function head(found) {
  const election = found.election[config.language] ?? found.election[config.default_language];
  const method = t("method", { k: found.least_observers });
  return card(t("title"),
    make("p", "lead-sentence", `${election} · ${found.date.split("-").reverse().join("/")}`),
    make("p", "n soft", t("as_of", { time: fullClock(found.as_of, config.zone) })),
    make("p", "", method), make("p", "", found.sample ? t("drawn", { name: found.sample.name }) : t("chance")));
}

const isAnswered = ({ rows: [whole] }) => Boolean(whole.figures?.base || whole.figures?.conflicting || whole.figures?.doubtful);

/* The forms, each folded unless it is the only one. */
function sections(found, isHouse) {
  const shown = Object.entries(found.forms)
    .map(([form, title]) => [title, found.findings.filter((finding) => finding.form === form && isAnswered(finding))]).filter(([, own]) => own.length);
  return shown.map(([title, own]) => {
    const head = make("summary", "", make("h2", "", said(title)), make("span", "soft", t("questions", { n: own.length })));
    return Object.assign(make("details", "card findings-of-form", head, ...own.map((finding) => block(finding, found.names, isHouse))), { open: shown.length === 1 });
  });
}

/* Paper has every question, and of the tables those that were opened. */
function unfold() {
  const folded = [...document.querySelectorAll(":is(.findings-of-form, .finding):not([open])")];
  for (const each of folded) each.open = true;
  window.addEventListener("afterprint", () => { for (const each of folded) each.open = false; }, { once: true });
}

/* Questions of which there is nothing to tell, by why. */
function rest(found) {
  const others = found.findings.filter((finding) => !isAnswered(finding));
  const kept = others.filter(({ rows: [whole] }) => !whole.figures);
  const lines = [["kept_questions", kept.length], ["open_questions", others.length - kept.length]].filter(([, n]) => n);
  return lines.map(([name, n]) => make("p", "soft", t(name, { n, k: found.least_observers })));
}

function only(found, form) {
  if (!(form in found.forms)) return found;
  return { ...found, forms: { [form]: found.forms[form] }, findings: found.findings.filter((each) => each.form === form) };
}

export async function view(host, member) {
  const { view: asked, form = "", responses, region } = parts.chosen();
  if (responses) { await behind.view(host, responses, region); return; }
  const isHouse = asked !== "statement";
  const all = await api.get("findings", { view: isHouse ? "house" : "statement" });
  const body = make("div", "stack");
  const show = (chosen) => {
    const found = only(all, chosen);
    const shown = sections(found, isHouse);
    parts.choose({ form: chosen });
    body.replaceChildren(...striking(found), head(found), ...(shown.length ? shown : [parts.empty(t("empty"))]), ...rest(found));
  };
  host.classList.toggle("in-house", isHouse);
  host.replaceChildren(views(isHouse ? "house" : "statement", form),
    isHouse ? make("p", "note amber", t("house_only", { k: all.least_observers })) : exits(member), choice(all, form, show), body);
  show(form);
  window.addEventListener("beforeprint", unfold);
}
