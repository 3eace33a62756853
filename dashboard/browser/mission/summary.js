/* The printable summary: counts by category, severity and verification, each with what it is a share of. */
import { config } from "../text/config.js";
import { make } from "../text/dom.js";
import { group, percent } from "../text/figures.js";
import { fullClock } from "../text/moments.js";
import { SEVERITIES } from "../text/vocabulary.js";
import { t } from "../text/words.js";
import * as api from "./api.js";
import * as parts from "./parts.js";
import { button, card, facts, table } from "./parts.js";
import * as words from "./words.js";

const sum = (cells, fits) => cells.filter(fits).reduce((total, cell) => total + cell.n, 0);

/* Verified, open for verification, and rejected: one cell of the table. */
function cell(cells, fits) {
  const all = sum(cells, fits);
  if (!all) return make("span", "soft", "0");
  const verified = sum(cells, (each) => fits(each) && each.verification === "verified");
  return make("span", "", make("b", "n", group(all)), " ", make("small", "soft n", t("mission_summary.of_which", { n: verified })));
}

function matrix(cells) {
  const severities = SEVERITIES.map((code) => [make("span", `sign ${code}`, make("span", "word", words.severityWord(code))), "number"]);
  const heads = [[t("mission_list.category"), "text"], ...severities, [t("mission_summary.total"), "number"]];
  const categories = words.categories().map(([code]) => code).filter((code) => cells.some((each) => each.category === code));
  const rows = categories.map((code) => [words.category(code),
    ...SEVERITIES.map((severity) => cell(cells, (each) => each.category === code && each.severity === severity)),
    cell(cells, (each) => each.category === code)]);
  const total = [t("mission_summary.total"), ...SEVERITIES.map((severity) => cell(cells, (each) => each.severity === severity)), cell(cells, () => true)];
  return table(t("mission_summary.heading"), heads, [...rows, total]);
}

/* On a phone the columns are headed by shapes alone, and this says whose they are. */
const legend = () => parts.set(make("p", "row legend-of-signs", ...SEVERITIES.map(words.severity)), { "aria-hidden": "true" });

/* By name only where nobody is one of few. */
const regions = (coverage, isSilent) => coverage.named.filter((each) => each.is_silent === isSilent).map((each) => words.areaName(each.key, each.name)).join(", ") || t("mission_summary.no_region");

function denominators(found) {
  const { coverage } = found;
  const day = found.date.split("-").reverse().join("/");
  return facts([
    [t("mission_summary.election"), `${found.election[config.language] ?? found.election[config.default_language]} · ${day}`],
    [t("mission_summary.as_of"), make("span", "n", fullClock(found.as_of, config.zone))],
    [t("mission_summary.reports"), group(found.incidents + found.uneventful)],
    [t("mission_summary.uneventful"), group(found.uneventful)],
    [t("mission_summary.places"), `${group(coverage.places_visited)} / ${group(coverage.places)} (${percent(coverage.places_visited, coverage.places, 1)})`],
    [t("mission_summary.observers"), group(coverage.observers)],
    [t("mission_summary.reporters"), group(found.reporters)],
    [t("mission_summary.silent"), `${group(coverage.regions_silent)} / ${group(coverage.regions)}`],
    [t("mission_summary.heard_in"), regions(coverage, false)],
    [t("mission_summary.not_heard_in"), regions(coverage, true)],
    [t("mission_summary.unnamed"), group(coverage.regions - coverage.named.length)],
  ]);
}

export async function view(host) {
  const found = await api.get("summary");
  host.replaceChildren(
    make("div", "row script-only", button(t("mission_summary.print"), () => window.print()),
      button(t("mission_list.csv"), () => api.save("incidents.csv", {}, "incidents.csv"))),
    card(t("mission_summary.base"), denominators(found), make("p", "soft", t("mission_summary.base_about"))),
    card(t("mission_summary.heading"), make("p", "soft", t("mission_summary.about")), legend(), matrix(found.cells)));
}
