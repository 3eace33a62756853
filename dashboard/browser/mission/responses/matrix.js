/* Completeness as a picture: groups by forms, each cell a bar of marked pieces beside its numbers and words. */
import { config } from "../../text/config.js";
import { make } from "../../text/dom.js";
import { DASH, group, width } from "../../text/figures.js";
import { clock } from "../../text/moments.js";
import { FORM_STANDINGS } from "../../text/vocabulary.js";
import { t } from "../../text/words.js";
import { said } from "../forms/widgets.js";
import * as parts from "../parts.js";
import { button, records } from "../parts.js";
import * as words from "../words.js";

/* "12 / 18" over its bar, and what is not simply complete in words. */
function cell(progress) {
  const came = FORM_STANDINGS.slice(0, -1).reduce((sum, name) => sum + progress[name], 0);
  const whole = progress.expected ?? came;
  const pieces = FORM_STANDINGS.filter((name) => progress[name]).map((name) => {
    const piece = make("i", `piece ${name}`);
    piece.style.width = width(progress[name], whole);
    return piece;
  });
  if (!whole) return DASH;
  const rest = FORM_STANDINGS.slice(1).filter((name) => progress[name]).map((name) => t(`mission_completeness.${name}`, { n: progress[name] }));
  const count = progress.expected === null ? t("mission_completeness.early", { n: came }) : `${group(came)} / ${group(progress.expected)}`;
  return make("span", "completeness", make("b", "n", count), make("span", "track pieces", ...pieces), ...rest.map((text) => make("small", "", text)));
}

const headOf = (form) => make("span", "", said(form.title), ...(form.due_at ? [" ", make("small", "soft n", t(form.is_due ? "mission_completeness.due" : "mission_completeness.not_due", { at: clock(form.due_at, Date.now(), config.zone) }))] : []));

function nameOf(line, names, kind) {
  if (line.group === null) return t(`mission_completeness.no_${kind}`);
  return kind === "region" ? words.areaName(line.group, names[line.group]) : line.group;
}

/* Forms that are due, and those of which something came early; the others are named below. */
const isShown = (found, index) => found.forms[index].is_due || FORM_STANDINGS.some((name) => found.total.forms[index][name]);

function picture(found, kind) {
  const shown = (list) => list.filter((_, index) => isShown(found, index));
  const heads = [[t(`mission_completeness.${kind}`), "text"], ...shown(found.forms).map((form) => [headOf(form), "text"])];
  const named = (name, n) => make("span", "who", name, make("small", "soft", t("mission_completeness.observers", { n })));
  const row = (name, line) => [named(name, line.observers), ...shown(line.forms).map(cell)];
  const lines = found[kind === "team" ? "teams" : "regions"].map((line) => row(nameOf(line, found.names, kind), line));
  return records(t("mission_completeness.heading"), heads, [row(t("mission_completeness.total"), found.total), ...lines]);
}

/** Forms that should have come by now and have not. */
export const missing = (found) => found.total.forms.reduce((sum, each, index) => sum + (found.forms[index].is_due ? each.missing : 0), 0);

/** The picture, by team or by region at a press; by team where there are teams. */
export function matrix(found) {
  const slot = make("div", "completeness-matrix");
  const kinds = ["team", "region"].map((kind) => [kind, button(t(`mission_completeness.by_${kind}`), () => show(kind))]);
  function show(chosen) {
    for (const [kind, press] of kinds) parts.set(press, { "aria-pressed": String(kind === chosen) });
    slot.replaceChildren(picture(found, chosen));
  }
  show(found.teams.some((line) => line.group !== null) ? "team" : "region");
  const legend = FORM_STANDINGS.map((name) => make("li", "", make("i", `piece ${name}`), t(`mission_completeness.is_${name}`)));
  const later = found.forms.filter((_, index) => !isShown(found, index)).map((form) => [said(form.title), form.due_at && clock(form.due_at, Date.now(), config.zone)].filter(Boolean).join(" "));
  const told = later.length ? [make("p", "soft", t("mission_completeness.later", { forms: later.join(" · ") }))] : [];
  return [make("div", "row", ...kinds.map(([, press]) => press)), slot, make("ul", "legend-of-pieces soft", ...legend), ...told];
}
