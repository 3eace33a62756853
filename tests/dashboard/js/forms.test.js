/* Which form of a place comes next, and how far somebody is in one. */
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { agenda, draftName } from "../../../dashboard/browser/mission/forms/day.js";
import { sectionsOf } from "../../../dashboard/browser/mission/forms/progress.js";

const form = (id, is_once = true) => ({ id, is_once });
const DAY = [form("arrival"), form("opening"), form("voting", false), form("closing")];
const HERE = "place/0001";
const known = (more) => ({ sent: [], waiting: [], drafts: [], ...more });
const told = (lines) => lines.map(({ form: { id }, isNext, isDone }) => `${id}${isNext ? " next" : ""}${isDone ? " done" : ""}`);

test("the first that was not sent comes next, and what is asked once stands last when it is", () => {
  const sent = [{ form: "arrival", key: HERE, at: "1" }];
  deepEqual(told(agenda(DAY, HERE, "ana", known({ sent }))), ["opening next", "voting", "closing", "arrival done"]);
});

test("what waits on the phone counts as sent, and another place's does not", () => {
  const waiting = [{ form: "opening", key: HERE, at: "1" }];
  const sent = [{ form: "arrival", key: "place/0002", at: "1" }];
  const lines = agenda(DAY, HERE, "ana", known({ sent, waiting }));
  deepEqual(told(lines), ["arrival next", "voting", "closing", "opening done"]);
  equal(lines.at(-1).isWaiting, true);
});

test("what is asked again and again stays among what is open", () => {
  const sent = ["voting", "arrival", "opening"].map((id) => ({ form: id, key: HERE, at: "1" }));
  deepEqual(told(agenda(DAY, HERE, "ana", known({ sent }))), ["closing next", "voting", "arrival done", "opening done"]);
});

test("what was sent of a mesa counts at its place, where there may be another mesa", () => {
  const day = [form("arrival"), { ...form("opening"), is_of_mesa: true }, form("closing")];
  const sent = [{ form: "opening", key: "mesa/000001", place: HERE, at: "1" }, { form: "arrival", key: HERE, at: "1" }];
  deepEqual(told(agenda(day, HERE, "ana", known({ sent }))), ["closing next", "opening", "arrival done"]);
  deepEqual(told(agenda(day, "mesa/000001", "ana", known({ sent }))), ["arrival next", "closing", "opening done"]);
  deepEqual(told(agenda(day, "mesa/000002", "ana", known({ sent }))), ["arrival next", "opening", "closing"]);
});

test("a draft stands before what comes later", () => {
  const drafts = [draftName("ana", "closing", HERE)];
  deepEqual(told(agenda(DAY, HERE, "ana", known({ drafts }))), ["arrival next", "closing", "opening", "voting"]);
});

test("a section is whole when nothing in it is wanted, and one that is not asked is not counted", () => {
  const sections = ["one", "two", "three"].map((id, n) => ({ id, questions: [{ id: `q${n}` }, { id: `more${n}` }] }));
  const found = { asked: new Set(["q0", "more0", "q1"]), faults: [{ id: "q1", kind: "required" }], answers: { q0: 0 } };
  deepEqual(sectionsOf({ sections }, found), [
    { id: "one", answered: 1, questions: 2, isWhole: true },
    { id: "two", answered: 0, questions: 1, isWhole: false },
  ]);
});
