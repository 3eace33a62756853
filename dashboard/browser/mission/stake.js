/* Votes at stake: could the doubtful actas change the winner? For any selection, against the margins of district, department and nation. */
import { pathOf } from "../text/addresses.js";
import { make } from "../text/dom.js";
import { group } from "../text/figures.js";
import { STAKE_SETS } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as area from "./area.js";
import * as parts from "./parts.js";
import { card, facts, field, form, link, select, table } from "./parts.js";
import { properName } from "../text/spelling.js";
import * as words from "./words.js";

const LEVELS = ["district", "department", "nation"];
const JUDGED = ["safe", "safe_if_annulled", "open"];

const signed = (n) => (n < 0 ? `−${group(-n)}` : `+${group(n)}`);

/* Where more than the lead decides, it is the outcome that the mesas could change. */
const isOfLead = (kind) => kind === "first_second";

function said(found) {
  const { margin, kind } = found.margins.nation;
  const values = { ...found, kind, margin, left: margin + found.if_annulled };
  if (!found.mesas) return t(`stake_verdict.${found.verdict}`, values);
  const ofLead = isOfLead(kind) || !JUDGED.includes(found.verdict);
  return `${t("stake_verdict.head", values)} ${ofLead ? t(`stake_verdict.${found.verdict}`, values) : t(`stake_outcome.${found.verdict}`, values)}`;
}

/* What arithmetic says of one margin. */
function verdict(margin) {
  if (margin.is_in_review) return t("stake_verdict.in_review");
  const answer = margin.is_safe ? "could_not" : margin.is_safe_if_annulled ? "could_unless" : "could";
  return t(`mission_stake.${answer}${isOfLead(margin.kind) ? "" : "_outcome"}`);
}

/* The levels that hold every one of those mesas; a margin that is not shared is none. */
function margins(found) {
  const rows = LEVELS.filter((level) => found.margins[level]).map((level) => {
    const margin = found.margins[level];
    const name = margin.name && level !== "nation" ? ` · ${properName(margin.name)}` : "";
    return [t(`stake_level.${level}`) + name, group(margin.margin), verdict(margin)];
  });
  return table(t("mission_stake.margins"), [[t("mission_stake.level"), "text"], [t("mission_stake.margin"), "number"], [t("mission_stake.answer"), "text"]], rows);
}

function answer(found) {
  return card(t("mission_stake.answer"),
    make("p", "lead-sentence", said(found)),
    facts([
      [t("mission_stake.mesas"), group(found.mesas)],
      [t("mission_stake.registered"), group(found.registered)],
      [t("mission_stake.if_annulled"), t("mission_stake.votes", { n: found.if_annulled, signed: signed(found.if_annulled) })],
      [t("mission_stake.at_most"), t("units.vote", { n: found.at_most })],
    ]), margins(found), ...(found.unknown.length ? [make("p", "note amber", t("mission_stake.unknown", { list: found.unknown.join(", ") }))] : []));
}

function question(chosen, start, asked) {
  const within = area.finder("within-query", t("mission_stake.within"), area.levels(), { hint: t("mission_stake.within_hint"), start });
  const numbers = parts.area("mesas", { rows: 2, inputmode: "numeric" });
  numbers.value = chosen.mesas || "";
  const typed = field(t("mission_stake.which_mesas"), numbers, t("mission_stake.which_hint"));
  const set = select("set", STAKE_SETS.map((name) => [name, t(`stake_set.${name}`)]), chosen.set || "all");
  const show = () => { typed.hidden = set.value !== "mesas"; };
  set.addEventListener("change", show);
  show();
  return form([field(t("mission_stake.set"), set), typed, within.element], t("mission_stake.ask"),
    (values) => asked({ ...values, within: (within.read() || { key: null }).key }));
}

/* "close and troubled": areas where the votes at stake exceed the margin. */
async function troubled() {
  const found = await api.get("troubled");
  const { areas } = found;
  const heads = [[t("mission_stake.area"), "text"], [t("mission_stake.mesas"), "number"], [t("mission_stake.at_most"), "number"], [t("mission_stake.margin"), "number"]];
  const rows = areas.map((each) => [link(words.areaName(each.key, each.name), pathOf(each.key)),
    group(each.mesas), group(each.at_most), group(each.margin)]);
  return card(t("mission_stake.troubled"), make("p", "soft", t("mission_stake.troubled_about")),
    areas.length ? table(t("mission_stake.troubled"), heads, rows) : parts.empty(t("mission_stake.troubled_none")));
}

export async function view(host) {
  const result = make("div");
  async function ask(values) {
    const mesas = values.set === "mesas" ? (values.mesas || "").split(/[^0-9]+/).filter(Boolean).join(",") : "";
    parts.choose({ set: values.set, within: values.within, mesas });
    result.replaceChildren(answer(await api.get("stake", { set: values.set, within: values.within, mesas })));
  }
  const chosen = { set: "all", within: "", ...parts.chosen() };
  const list = make("div");
  const start = chosen.within ? { key: chosen.within, name: await area.named(chosen.within) } : null;
  host.replaceChildren(make("div", "columns wide-left", make("div", "stack", card(t("mission_stake.question"), question(chosen, start, ask)), result), list));
  const put = async (slot, task) => { try { await task(); } catch (error) { slot.replaceChildren(parts.failure(error)); } };
  await Promise.all([put(result, () => ask(chosen)), put(list, async () => list.replaceChildren(await troubled()))]);
}
