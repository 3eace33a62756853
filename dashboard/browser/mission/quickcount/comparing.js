/* Copies beside the published actas, those that differ first; the entries of one mesa; and a report of it, written beforehand. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { DASH, group, missing } from "../../text/figures.js";
import { properName } from "../../text/spelling.js";
import { NOT_VALID, REPORT_LIMITS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import * as api from "../api.js";
import * as parts from "../parts.js";
import { button, card, field, form, link, table, time } from "../parts.js";
import { byArea } from "./areas.js";

const QUIET = ["equal", "not_published"];
const named = ({ figure, place }) => (place === null ? t(`copied_figure.${figure}`) : t("mission_quick.votes_of", { list: config.lists[place].short }));
const place = (line) => properName(line.place_name || "");

/* Which figures differ, and what that is of the margins that decide. */
export function difference(line) {
  const figures = line.differences.map((one) => t("mission_quick.figure", { name: named(one), copied: one.copied, published: one.published }));
  const margins = line.margins.map((one) => t(one.is_enough ? "mission_quick.margin_gone" : "mission_quick.margin_moves", { margin: one.margin, moved: Math.abs(one.votes) }));
  return [...figures, ...margins].join(" ");
}

const evidence = (id, line) => `/mission/report${api.query({ copy: id, mesa: line.mesa })}`;

/* What somebody has to look at: a line with its figures and what may be done. */
function finding(id, line, open) {
  const isDifferent = line.standing === "different";
  return make("li", "copy-line", make("p", "row", make("b", "", link(line.mesa, `/mesa/${line.mesa}`)), make("span", "", place(line)), make("span", `severity ${isDifferent ? "serious" : ""}`, t(`copy_standing.${line.standing}`))),
    ...(line.differences.length ? [make("p", "", difference(line))] : []),
    make("p", "row", button(t("mission_quick.entries"), () => open(line.mesa)), ...(isDifferent ? [link(t("mission_quick.open_incident"), evidence(id, line), "button")] : [])));
}

/* The others, folded. */
function quiet(lines, areas) {
  if (!lines.length) return [];
  const heads = [[t("mission_quick.mesa"), "text"], [t("mission_quick.place"), "text"], [t("mission_quick.beside"), "text"]];
  const row = (line) => [link(line.mesa, `/mesa/${line.mesa}`), place(line), t(`copy_standing.${line.standing}`)];
  const draw = (some, suffix) => table(t("mission_quick.comparisons") + suffix, heads, some.map(row));
  const grouped = byArea(lines, { areasOf: (line) => areas.get(line.mesa), isDone: (line) => line.standing === "equal", draw });
  return [make("details", "", make("summary", "", t("mission_quick.quiet", { n: lines.length })), ...grouped)];
}

const sum = (found) => make("ul", "tiles", ...["equal", "different", "not_published", "at_jee", ...(found.counts.no_such_mesa ? ["no_such_mesa"] : [])].map((name) =>
  make("li", "", make("b", "n", group(found.counts[name])), " ", t(`copy_standing.${name}`))));

/** `areas`: where each mesa is. */
export function comparisons(id, found, areas, open) {
  const told = found.lines.filter((line) => !QUIET.includes(line.standing));
  const list = make("div", "stack");
  const show = (most) => list.replaceChildren(...(told.length ? [make("ol", "copy-lines", ...told.slice(0, most).map((line) => finding(id, line, open)))] : [parts.empty(t(found.lines.length ? "mission_quick.all_quiet" : "mission_quick.no_copies"))]),
    ...(told.length > most ? [button(t("mission_list.older"), () => show(most + 5 * config.shown.acta_rows))] : []));
  show(config.shown.acta_rows);
  return card(t("mission_quick.comparisons"), sum(found), make("p", "soft", t("mission_quick.causes")), list, ...quiet(found.lines.filter((line) => QUIET.includes(line.standing)), areas));
}

/* --- one mesa --- */

const value = (number) => (missing(number) ? DASH : group(number));

function photoButton(id, entry, hash, index) {
  return button(t("mission_report.photo", { n: index + 1 }), () => api.save(`quick-counts/${encodeURIComponent(id)}/copies/${entry.id}/photos/${hash}`, {}, `${hash.slice(0, 16)}.jpg`));
}

function decide(id, found, moved, draw) {
  if (!found.may_decide || !found.entries.length) return [];
  const options = found.entries.filter((entry) => entry.is_latest).map((entry) => [entry.id, t("mission_quick.entry_of", { n: entry.entry, observer: entry.observer })]);
  return [make("details", "ask", make("summary", "", t("mission_quick.decide")), form([field(t("mission_quick.stands"), parts.select("entry", options)),
    field(t("mission_quick.reason"), parts.area("reason", { required: true, maxlength: REPORT_LIMITS.longest_reason, rows: 2 }))], t("mission_quick.decide_now"), async (values) => {
    await parts.decide(moved, () => api.post(`quick-counts/${encodeURIComponent(id)}/decisions`, { ...values, seen: found.revision }), draw);
  }))];
}

const headOf = (entry) => make("span", "", t("mission_quick.entry_of", { n: entry.entry, observer: entry.observer }), " ", time(entry.at, false),
  ...(entry.is_standing ? [" ", make("b", "", t("mission_quick.it_stands"))] : []), ...(entry.is_set_aside ? [" ", t("mission_quick.set_aside")] : entry.is_latest ? [] : [" ", t("mission_quick.replaced")]));

/* A figure a row, an entry a column: what differs stands side by side. */
export function entries(id, found, moved, draw) {
  const figures = [...config.lists.map((list, index) => [list.short, (entry) => value(entry.votes[index])]), ...[...NOT_VALID, "cast", "registered"].map((name) => [t(`copied_figure.${name}`), (entry) => value(entry[name])]),
    [t("mission_quick.faults"), (entry) => make("span", "", entry.faults.map((fault) => t(`copy_fault.${fault}`)).join(" "), ...entry.photos.map((hash, index) => photoButton(id, entry, hash, index)))]];
  const heads = [[t("mission_quick.figures"), "text"], ...found.entries.map((entry) => [headOf(entry), "text"])];
  const decision = found.decision ? [make("p", "said", t("mission_quick.decided", { by: found.decision.by, reason: found.decision.reason }))] : [];
  return card(t("mission_quick.item", { mesa: found.mesa }), make("p", "", t(`copy_state.${found.state}`)), table(t("mission_quick.entries"), heads, figures.map(([name, of]) => [name, ...found.entries.map(of)])), ...decision, ...decide(id, found, moved, draw));
}

/** What a report of a copy that differs begins with: its figures, as they stand; nothing where it cannot be had. */
export async function about(id, mesa) {
  try {
    const found = await api.get(`quick-counts/${encodeURIComponent(id)}/comparisons`);
    const line = found.lines.find((one) => one.mesa === mesa);
    return line ? t("mission_quick.evidence", { mesa, said: difference(line) }) : "";
  } catch (error) {
    if (!(error instanceof api.Refused)) throw error;
    return "";
  }
}
