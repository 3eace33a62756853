/* The count on screen and what follows from it, without a page. */
import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as incidents from "../../../dashboard/browser/count/incidents.js";
import { doubtsOf } from "../../../dashboard/browser/count/issues.js";
import * as measures from "../../../dashboard/browser/count/measures.js";
import * as store from "../../../dashboard/browser/count/store.js";
import { config } from "../../../dashboard/browser/text/config.js";
import { t } from "../../../dashboard/browser/text/words.js";

test("whoever subscribes hears what is shown, in the order of subscribing", () => {
  const heard = [];
  store.subscribe(({ keys, isWhole }) => heard.push(["numbers", keys, isWhole]));
  store.subscribe(({ state }) => heard.push(["map", state]));
  store.show(["nation"], { nation: { n: 1 } });
  deepEqual(heard, [["numbers", ["nation"], false], ["map", { nation: { n: 1 } }]]);
  deepEqual(store.standing(), { nation: { n: 1 } });
});

test("a page without a client follows nothing and was told nothing", () => {
  store.follow(["nation"]);
  equal(store.isTold(), false);
  equal(store.status(), null);
  store.followBy({ status: () => ({ seq: 4 }), follow: () => {} });
  equal(store.isTold(), true);
});

test("a measure is a part of a whole, and a missing number is a dash", () => {
  Object.assign(config, { measures: { counted: [0.5], blank_null: [0.1] } });
  const data = { published: { counted: 3, total: 8, blank: 1, null: 1, cast: 8 } };
  equal(measures.text(data, "counted"), "37.50 %");
  equal(measures.text(data, "blank_null"), "25.00 %");
  equal(measures.text({ published: { blank: null, null: 1, cast: 8 } }, "blank_null"), "—");
  equal(measures.text(undefined, "counted"), "—");
});

test("a member's incidents take the place of the public ones and are not overwritten by them", () => {
  config.language = "es";
  config.words.badges = { critical: { one: "{n} crítico" }, minor: { one: "{n} leve", other: "{n} leves" }, flags: { one: "{n} señal" } };
  let told = 0;
  incidents.onRows(() => { told += 1; });
  incidents.setPublic({ "department/14": { critical: 1, minor: 2 } });
  deepEqual(incidents.words("department/14"), ["1 crítico", "2 leves"]);
  deepEqual(incidents.gravest("department/14"), { severity: "critical", total: 1 });
  incidents.setMembers({ "department/14": { incidents: { critical: 1 }, flags: 1 } });
  incidents.setPublic({ "department/14": { critical: 9 } });
  deepEqual(incidents.words("department/14"), ["1 crítico", "1 señal"]);
  equal(told, 2);
  equal(incidents.gravest("department/01"), null);
});

test("doubts are the sides on which there is something to say", () => {
  deepEqual(doubtsOf({ held: [], flags: [{}] }), ["flags"]);
  deepEqual(doubtsOf(undefined), []);
});

test("a sentence takes the plural that its number asks for", () => {
  config.language = "es";
  config.words.units = { acta: { one: "{n} acta", other: "{n} actas" } };
  config.words.test = { open: { by: "actas", one: "falta {actas:acta}", other: "faltan {actas:acta}" }, share: "{part:percent}" };
  equal(t("test.open", { actas: 1 }), "falta 1 acta");
  equal(t("test.open", { actas: 1487 }), "faltan 1 487 actas");
  equal(t("test.share", { part: 0.125 }), "12.5 %");
});
