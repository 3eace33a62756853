/* The rules that Python has too, by one table of cases: tests/dashboard/cases, which test_cases.py runs there. */
import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { leadPaint } from "../../../dashboard/browser/count/paint.js";
import { look } from "../../../dashboard/browser/mission/forms/answers.js";
import { decide } from "../../../dashboard/browser/mission/forms/conditions.js";
import { pathOf } from "../../../dashboard/browser/text/addresses.js";
import { config } from "../../../dashboard/browser/text/config.js";
import * as figures from "../../../dashboard/browser/text/figures.js";
import * as keys from "../../../dashboard/browser/text/keys.js";
import * as moments from "../../../dashboard/browser/text/moments.js";
import { properName } from "../../../dashboard/browser/text/spelling.js";
import { told } from "../../../dashboard/browser/text/words.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), "utf8"));

test("every text of a count is written as in Python", () => {
  for (const { count, shorts, texts } of read("figures").fields) deepEqual(figures.fields(count, shorts), texts);
});

for (const [name, rule] of Object.entries({ percent: figures.percent, points: figures.points, change: figures.change, group: figures.group })) {
  test(`${name} writes what Python writes`, () => {
    for (const row of read("figures")[name]) equal(rule(...row.slice(0, -1)), row.at(-1), JSON.stringify(row));
  });
}

test("a name is spelled as in Python", () => {
  const { spelling, names } = read("spelling");
  Object.assign(config, { spelling });
  for (const [stated, spelled] of names) equal(properName(stated), spelled);
});

test("lists are arranged as in Python", () => {
  for (const [votes, among, most, expected] of read("figures").arrange) deepEqual(figures.arrange(votes, among, most), expected, JSON.stringify(votes));
});

test("a sentence is filled in as in Python", () => {
  const { texts, cases } = read("words");
  Object.assign(config, { words: texts, language: "es" });
  for (const { rule, names, values, said } of cases) equal(told(names, values), said, rule);
  equal(told(["say.of_a_newer_server", "say.end"], {}), "Fin.");
});

test("an area is painted as in Python", () => {
  const { settings, paints } = read("paint");
  Object.assign(config, settings);
  for (const { data, paint } of paints) deepEqual(leadPaint(data), paint, JSON.stringify(data));
});

test("a key says what it says in Python", () => {
  const { settings, keys: cases, within, noKeys } = read("keys");
  config.keys = settings;
  for (const { key, level, code, below, isArea, isAbroad, path } of cases) {
    deepEqual([keys.levelOf(key), keys.codeOf(key), keys.levelBelow(key) ?? null], [level, code, below], key);
    deepEqual([keys.isKey(key), keys.isArea(key), keys.isAbroad(key), pathOf(key)], [true, isArea, isAbroad, path], key);
    if (code) equal(keys.keyOf(level, code), key);
  }
  for (const [where, area, expected] of within) equal(keys.isWithin(where, area), expected, `${where} in ${area}`);
  deepEqual(noKeys.filter(keys.isKey), []);
});

test("a time is written as in Python", () => {
  const { now, zone, clock, fullClock, told } = read("moments");
  for (const [stamp, text] of clock) equal(moments.clock(stamp, Date.parse(now), zone), text);
  for (const [stamp, at, is] of told) equal(moments.told(stamp, at), is ? stamp : null);
  for (const [stamp, text] of fullClock) equal(moments.fullClock(stamp, zone), text);
});

test("a form's condition holds, fails or is undecided as in Python", () => {
  for (const { of, condition, cases } of read("forms").conditions) {
    for (const [answers, expected] of cases) equal(decide(condition, answers), expected, `${of}: ${JSON.stringify(answers)}`);
  }
});

test("a form's questions are asked, and its answers faulted, as in Python", () => {
  const { form, answers: cases } = read("forms");
  const told = { choices: [], least: null, most: null, when: null, is_required: false }; // as the server writes a question
  for (const section of form.sections) section.questions = section.questions.map((question) => ({ ...told, ...question }));
  for (const { of, answers, asked, faults } of cases) {
    const found = look(form, answers);
    deepEqual([[...found.asked], found.faults.map(({ id, kind }) => [id, kind])], [asked, faults], of);
  }
});
