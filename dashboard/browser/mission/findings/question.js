/* One question's findings: its answers as bars that carry their numbers, and a table by region and setting. */
import { config } from "../../text/config.js";
import { make, set } from "../../text/dom.js";
import { DASH, group, percent, width } from "../../text/figures.js";
import { keyOf } from "../../text/keys.js";
import { t as word } from "../../text/words.js";
import * as parts from "../parts.js";
import { link, records } from "../parts.js";
import * as words from "../words.js";

const t = (name, values) => word(`mission_findings.${name}`, values);
/* Where the responses behind a finding are listed. */
const behind = (form, region) => `/mission/findings?${new URLSearchParams({ responses: form, ...(region ? { region } : {}) })}`;
const MEASURED = new Set(["number", "time"]);

export const said = (words) => words?.[config.language] ?? words?.[config.default_language] ?? "";

function answerWord(question, answer) {
  if (question.type === "yes_no") return word(`mission_answer.${answer}`);
  const choice = question.choices.find(({ id }) => id === answer);
  return choice ? said(choice.label) : answer; // one that an earlier version offered
}

const unitOf = (question) => (question.unit ? ` ${said(question.unit)}` : "");
/* Numbers have one decimal where they need it. */
const measure = (value) => (typeof value === "number" ? group(Math.round(10 * value) / 10) : value);

function quartiles(question, { low, median, high }) {
  return t("quartiles", { low: measure(low), median: measure(median), high: measure(high), unit: unitOf(question) });
}

function bar(question, { answer, n }, base) {
  const fill = make("i", "meter");
  fill.style.width = width(n, base);
  return make("div", "finding-bar", make("dt", "", answerWord(question, answer)),
    make("dd", "", make("span", "track", fill), make("span", "n", base ? `${percent(n, base, 1)} · ${t("of", { n, base })}` : DASH)));
}

function figures(question, row) {
  if (!row.figures) return parts.empty(t("kept"));
  if (!row.figures.base) return parts.empty(t("nothing"));
  if (MEASURED.has(question.type)) return make("p", "lead-sentence", quartiles(question, row.figures.quartiles));
  return make("dl", "finding-bars", ...row.figures.answers.map((answer) => bar(question, answer, row.figures.base)));
}

/* What the figures are of, and what is in none of them. */
function ground(row) {
  const { not_applicable: na, conflicting, doubtful } = row.figures ?? { not_applicable: 0, conflicting: 0, doubtful: 0 };
  const apart = [["na", na], ["undecided", conflicting], ["doubtful", doubtful]].filter(([, n]) => n).map(([name, n]) => t(name, { n }));
  return make("p", "soft", [t("visited_n", { n: row.visited }) + (row.assigned ? `, ${t("assigned_n", { n: row.assigned })}` : ""), t("observers_n", { n: row.observers }), ...apart].join(" · "));
}

/* Of a random sample: every answer's share with its interval, or why there is none. */
function sampled(question, found) {
  if (!found?.answered) return [];
  const shares = Object.entries(found.shares);
  const line = ([answer, { share, low, high }]) => make("li", "", t("sampled_share", { answer: answerWord(question, answer), pct: per(share), low: per(low), high: per(high) }));
  return [make("div", "sampled", make("p", "soft", t(shares.length ? "sampled" : "sampled_few", found)), make("ul", "", ...shares.map(line)))];
}

/* A share, 0..1, with one decimal. */
const per = (share) => `${(100 * share).toFixed(1)} %`;

/* --- by region and by setting --- */

function name(row, names) {
  if (row.group === "region") return row.region ? words.areaName(keyOf("department", row.region), names[row.region]) : t("unknown_region");
  if (row.group === "setting") return t(`setting_${row.setting}`);
  return t(row.group, { n: row.regions });
}

function cells(question, row) {
  const found = row.figures;
  if (!MEASURED.has(question.type)) return question.answers.map((answer) => {
    const given = found?.answers.find((each) => each.answer === answer);
    return given && found.base ? `${percent(given.n, found.base, 1)} (${group(given.n)})` : DASH;
  });
  return [found?.quartiles ? quartiles(question, found.quartiles) : DASH];
}

/** The rows but for the first, which is of everything. @param {any} finding @param {Record<string, string>} names @param {boolean} isHouse */
function breakdown({ form, question, rows }, names, isHouse) {
  const answers = rows[0].figures?.answers.map(({ answer }) => answer) ?? [];
  const asked = { ...question, answers };
  const heads = [[t("where"), "text"], [t("visited"), "number"], [t("observers"), "number"], [t("answers"), "number"],
    ...(MEASURED.has(question.type) ? [[t("median"), "number"]] : answers.map((answer) => [answerWord(question, answer), "number"])),
    [t("undecided_head"), "number"], [t("doubtful_head"), "number"]];
  const lines = rows.slice(1).map((row) => {
    const label = isHouse && row.region ? link(name(row, names), behind(form, keyOf("department", row.region))) : name(row, names);
    const head = row.is_few && isHouse ? make("span", "", label, " ", make("small", "few", t("few"))) : label;
    return [head, row.assigned ? t("of", { n: row.visited, base: row.assigned }) : group(row.visited), group(row.observers), row.figures ? group(row.figures.base) : DASH,
      ...cells(asked, row), row.figures ? group(row.figures.conflicting) : DASH, row.figures ? group(row.figures.doubtful) : DASH];
  });
  return records(said(question.label), heads, lines);
}

/* Drawn when it is opened: a mission has a hundred questions. */
function opened(finding, names, isHouse) {
  const element = make("details", "ask", make("summary", "", t("by_place")));
  element.addEventListener("toggle", () => {
    if (element.open && element.childElementCount === 1) element.append(breakdown(finding, names, isHouse));
  });
  return element;
}

/* The question's answer in one line: the middle of what was measured, or what most answered. */
function inShort(question, { figures: found }) {
  if (!found) return t("kept");
  if (!found.base) return t("nothing");
  if (MEASURED.has(question.type)) return `${measure(found.quartiles.median)}${unitOf(question)}`;
  const most = found.answers.reduce((one, other) => (other.n > one.n ? other : one));
  return told(question, most, found.base);
}

/** An answer, its share, and how many of how many gave it. @param {any} question @param {{ answer: string, n: number }} given @param {number} base */
export const told = (question, { answer, n }, base) => `${answerWord(question, answer)}: ${percent(n, base, 1)} · ${t("of", { n, base })}`;

export const anchor = ({ form, question }) => `${form}-${question.id}`;

/** Folded to one line until it is asked for. @param {any} finding @param {Record<string, string>} names @param {boolean} isHouse */
export function block(finding, names, isHouse) {
  const [whole] = finding.rows;
  const head = make("summary", "", make("h3", "", said(finding.question.label)), make("span", "in-short soft", inShort(finding.question, whole)));
  return set(make("details", "finding", head, make("div", "stack", figures(finding.question, whole), ground(whole),
    ...sampled(finding.question, finding.sampled),
    ...(finding.rows.length > 1 ? [opened(finding, names, isHouse)] : []),
    ...(isHouse ? [make("p", "script-only", link(t("responses"), behind(finding.form)))] : []))), { id: anchor(finding) });
}
