/* Flags: what a checkpoint found and at what false-alarm rate; each with its evidence, its innocent causes, and one press to an incident. */
import { config } from "../text/config.js";
import { pathOf } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { group, percent } from "../text/figures.js";
import { codeOf, levelOf } from "../text/keys.js";
import { FLAG_FAMILIES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as area from "./area.js";
import { LISTS, listName, say } from "./flagtext.js";
import * as parts from "./parts.js";
import { button, card, facts, field, link, select } from "./parts.js";
import * as words from "./words.js";
import { properName } from "../text/spelling.js";


const kindWord = (code) => words.wordOf("flag_kind", code);
const evidenceWord = (code) => words.wordOf("flag_evidence", code);

const ofFamily = (counts, family) => FLAG_FAMILIES[family].reduce((sum, kind) => sum + (counts[kind] || 0), 0);

/* A checkpoint is a share of the actas, or how many the juries still had when they had given a batch back. */
function checkpointWord(name) {
  const [, jee, number, again] = /^(jee-)?(\d+)(-\d+)?$/.exec(name) || [];
  if (!number) return String(name);
  const at = jee ? t("mission_flags.at_jee", { n: Number(number) }) : t("mission_flags.checkpoint", { n: number });
  return again ? t("mission_flags.again", { at }) : at;
}

/* How far the reading of the actas is: flags rest on actas, not on the totals the source publishes. */
function read(progress) {
  const { counted, total } = progress || { counted: null, total: null };
  return { counted, total, pct: percent(counted, total, 1) };
}

const expectedFalse = (rates) => Math.round(Math.max(0, ...rates.map((rate) => rate.false_discovery)) * 100);

/* "checkpoint 100 %: 74 422 mesas tested, 13.7 % not testable; rules 0; review 200 (≤ 5 % expected false); swap suspects 18" */
function sentence(found) {
  const { checkpoint, counts } = found;
  if (checkpoint === null) return t("mission_flags.no_checkpoint", { first: found.first_checkpoint, ...read(found.progress) });
  return t("mission_flags.sentence", {
    checkpoint: checkpointWord(checkpoint),
    tested: found.tested, untestable: percent(found.not_testable, found.mesas, 1),
    ...Object.fromEntries(Object.keys(FLAG_FAMILIES).map((family) => [family, ofFamily(counts, family)])),
    wrong: expectedFalse(found.rates),
  });
}

/* What is no flag: areas that were not read as far as they are published; a checkpoint of too small a total. */
function states(found) {
  const chosen = found.checkpoints.find((one) => one.name === found.checkpoint);
  return [...(found.behind ? [make("p", "soft", t("mission_flags.behind", { n: found.behind }))] : []),
    ...(chosen?.is_wrong ? [make("p", "", t("mission_flags.wrong_total", { total: chosen.total, now: found.progress.total }))] : [])];
}

/* Per family of tests: how many, how many stood out, how many also by their size, and the part expected to be false. */
function rates(found) {
  if (!found.rates.length) return [];
  const heads = [[t("mission_flags.family"), "text"], [t("mission_flags.tests"), "number"], [t("mission_flags.significant"), "number"],
    [t("mission_flags.flagged"), "number"], [t("mission_flags.firm"), "number"], [t("mission_flags.expected_false"), "number"]];
  const rows = found.rates.map((rate) => [kindWord(rate.family), group(rate.tests), group(rate.significant), group(rate.flagged), group(rate.firm),
    `≤ ${Math.round(rate.false_discovery * 100)} %`]);
  return [parts.table(t("mission_flags.rates"), heads, rows)];
}

/* --- evidence --- */

function valueText(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return t(value ? "mission_flags.yes" : "mission_flags.no");
  if (typeof value === "number") return Number.isInteger(value) ? group(value) : String(Math.round(value * 10000) / 10000);
  if (Array.isArray(value)) return value.map(valueText).join(" / ");
  return typeof value === "object" ? Object.entries(value).map(([name, each]) => `${evidenceWord(name)} ${valueText(each)}`).join(" · ") : String(value);
}

const CHANCES = ["p", "chance", "beyond"];
const chanceText = (value) => (value !== null && value < 0.001 ? "< 0.001" : valueText(value));

function evidence(flag) {
  const { falls, issue, ...plain } = flag.figures || {}; // the sentence says those two
  const figures = { ...plain, ...Object.fromEntries(LISTS.map((name) => [name, listName(plain[name])])) };
  const rows = Object.entries(figures).filter(([, value]) => value !== null)
    .map(([name, value]) => [evidenceWord(name), CHANCES.includes(name) ? chanceText(value) : valueText(value)]);
  return facts([...rows, [t("mission_flags.q"), chanceText(flag.q)], [t("mission_flags.at_most"), valueText(flag.at_most_votes)]]);
}

async function history(host, mesa) {
  const found = await api.get(`flags/history/${mesa}`);
  const lines = found.history.map((each) => make("li", "", checkpointWord(each.checkpoint), " · ", kindWord(each.kind), " · ", parts.time(each.as_of, false)));
  host.replaceChildren(lines.length ? make("ul", "marked", ...lines) : parts.empty(t("mission_flags.no_history")));
}

/* From which checkpoint on it stood, and whether it is gone. */
function run(flag) {
  return flag.gone ? t("mission_flags.gone", { from: checkpointWord(flag.first_seen), to: checkpointWord(flag.gone) })
    : t("mission_flags.since", { from: checkpointWord(flag.first_seen) });
}

function detail(flag) {
  const [isMesa, code] = [levelOf(flag.key) === "mesa", codeOf(flag.key)];
  const open = parts.link(t("mission_flags.open"), `/mission/report?flag=${encodeURIComponent(flag.id)}${isMesa ? `&mesa=${code}` : ""}`, "button");
  const past = make("div");
  const more = isMesa ? [button(t("mission_flags.history"), async () => {
    try { await history(past, code); } catch (error) { past.replaceChildren(parts.failure(error)); }
  })] : [];
  return make("div", "stack evidence", make("p", "said", say(flag)), make("p", "soft", run(flag)), evidence(flag),
    make("p", "soft", t("mission_flags.not_fraud")), make("div", "row", open, ...more), past);
}

/* Whom it is about, by name: a mesa with its polling place and district, or an area. */
function about(flag) {
  if (levelOf(flag.key) !== "mesa") return area.written(flag.key, flag.area_name || codeOf(flag.key));
  return [words.flagged(flag), (flag.place_name && properName(flag.place_name)) || flag.place, flag.area_name && properName(flag.area_name)].filter(Boolean).join(" · ");
}

/* One row a flag, with the first lines of what it says; its evidence opens below it. */
function row(flag, isOpen) {
  const summary = make("summary", "", make("b", "", kindWord(flag.kind)), " ", make("span", "", about(flag)), make("span", "gist soft", say(flag)));
  const body = make("div");
  const element = make("details", "flag-row", summary, body);
  const fill = () => { if (!body.childElementCount) body.append(make("p", "", link(t("mission_flags.acta"), pathOf(flag.key))), detail(flag)); };
  element.addEventListener("toggle", fill);
  if (isOpen) { element.open = true; fill(); }
  return make("li", "", element);
}

function filters(found, chosen, changed) {
  const checkpoints = found.checkpoints.map(({ name }) => [name, checkpointWord(name)]).reverse();
  const kinds = Object.keys(found.counts).filter((kind) => words.known("flag_kind", kind)).map((kind) => [kind, kindWord(kind)]);
  const form = make("form", "filters",
    field(t("mission_flags.at"), select("checkpoint", checkpoints, found.checkpoint || "")),
    field(t("mission_flags.kind"), select("kind", [["", t("mission_list.any")], ...kinds], chosen.kind || "")));
  form.addEventListener("change", () => changed(Object.fromEntries(new FormData(form))));
  return form;
}

function listed(found, chosen) {
  const list = make("ol", "flags", ...found.flags.slice(0, config.shown.flags).map((flag) => row(flag, flag.id === chosen.id)));
  const rest = Math.max(0, found.flags.length - config.shown.flags) + found.left_out;
  return [found.flags.length ? list : parts.empty(t(found.tested ? "mission_flags.none" : "mission_flags.untested")), ...(rest ? [make("p", "soft", t("mission_flags.more", { n: rest }))] : [])];
}

/* The one that the address names, should the list not have it. */
async function named(found, chosen) {
  if (!chosen.id || found.flags.slice(0, config.shown.flags).some((flag) => flag.id === chosen.id)) return [];
  try {
    return [card("", make("ol", "flags", row(await api.get(`flags/${encodeURIComponent(chosen.id)}`), true)))];
  } catch (error) {
    return [parts.failure(error)];
  }
}

export async function view(host) {
  const begin = parts.takingTurns();
  async function show() {
    const [chosen, isLast] = [parts.chosen(), begin()];
    const found = await api.get("flags", { checkpoint: chosen.checkpoint, kind: chosen.kind, within: chosen.within });
    const head = card("", make("p", "lead-sentence", sentence(found)), ...states(found), make("p", "soft", t("mission_flags.about")), ...rates(found));
    const own = found.checkpoint === null ? [] : await named(found, chosen);
    if (!isLast()) return;
    if (found.checkpoint === null) { host.replaceChildren(head); return; }
    const widen = async () => { parts.choose({ within: "" }); await show(); };
    host.replaceChildren(head, ...own, ...(chosen.within ? [area.inside(chosen.within, widen)] : []),
      filters(found, chosen, async (values) => { parts.choose(values); await show(); }),
      card(t("mission_flags.heading"), ...listed(found, chosen)));
  }
  await show();
}
