/* Why the page's numbers changed last: the sentences of dashboard/components/why.py, said again when there is a newer change. */
import { moment } from "../text/addresses.js";
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { group, properName } from "../text/figures.js";
import { clock } from "../text/moments.js";
import { parts, t } from "../text/words.js";

const signed = (number) => (number === 0 ? "0" : `${number < 0 ? "−" : "+"}${group(Math.abs(number))}`);
const SPREAD_MS = 1500; // so that a change does not bring every reader back in the same instant
const PLACES = 3;
const GROUPS = { rest: "why.rest", abroad: "why.abroad" };
let timer = null;

function nameOf(key, name) {
  const [, code = ""] = key.split("/");
  if (!name) return code;
  return key.startsWith("place/") ? name : properName(name);
}

function came({ moved, is_first: isFirst }) {
  const said = isFirst ? [t("why.first"), ". "] : [];
  if (moved.counted) {
    said.push(...parts("why.actas", { actas: signed(moved.counted), pending: signed(moved.from_pending), jee: signed(moved.from_jee) }));
  }
  if (moved.at_jee > 0) said.push(...(said.length ? [" "] : []), ...parts("why.sent", { n: group(moved.at_jee) }));
  return said;
}

function places(step) {
  const told = step.groups.map((one) => [GROUPS[one.id] ? t(GROUPS[one.id]) : nameOf(one.key, one.name), one.moved.valid]);
  if (!told.length) {
    const further = step.parts.slice(PLACES);
    const number = further.length + step.others.areas;
    told.push(...step.parts.slice(0, PLACES).map((one) => [nameOf(one.key, one.name), one.moved.valid]));
    if (number) told.push([t("why.others", { n: number }), further.reduce((sum, one) => sum + one.moved.valid, step.others.moved.valid)]);
  }
  told.push([t("why.unexplained"), step.unexplained.valid]);
  return told.filter(([, valid]) => valid);
}

function from(step) {
  const told = places(step);
  if (!told.length || !step.moved.valid) return [];
  const listed = told.flatMap(([name, valid], index) => [index ? ", " : "", `${name} `, make("span", "n", signed(valid))]);
  return [...parts("why.votes", { n: signed(step.moved.valid) }), ". ", ...parts("why.from", { places: listed })];
}

function lead({ leader, leader_before: earlier, margin, margin_before: marginBefore }) {
  if (leader === null) return [t("why.lead_tie")];
  const values = { leader: [config.lists[leader].short], after: group(margin) };
  if (earlier === null) return parts("why.lead_first", values);
  if (earlier !== leader) return parts("why.lead_turned", values);
  return parts("why.lead_kept", { ...values, before: group(marginBefore) });
}

export function sentences(step) {
  return [came(step), from(step), lead(step)].filter((said) => said.length);
}

async function ask() {
  timer = null;
  const host = document.getElementById("why");
  const { key } = document.getElementById("page").dataset;
  if (!host) return;
  const at = moment();
  const answer = await fetch(`${config.base}/why?key=${encodeURIComponent(key)}&limit=1${at ? `&at=${at}` : ""}`);
  if (!answer.ok) return;
  const [step] = (await answer.json()).steps;
  if (!step) return;
  const when = clock(step.source_at || step.at, at ? Date.parse(at) : Date.now(), config.zone);
  const said = sentences(step).map((each) => make("p", "", ...each));
  host.replaceChildren(make("p", "soft", t("why.last", { at: when })), ...said);
}

export function refresh() {
  if (timer !== null || !document.getElementById("why")) return;
  timer = setTimeout(ask, moment() ? 0 : Math.random() * SPREAD_MS);
}
