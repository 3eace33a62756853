/* What a flag says: the texts of its kind, filled in with its figures. */
import { sentence } from "../count/issues.js";
import { config } from "../text/config.js";
import { FLAG_SENTENCES } from "../text/vocabulary.js";
import { codeOf } from "../text/keys.js";
import { t, told } from "../text/words.js";
import { flagged } from "./words.js";

/* Figures that name a list by its place. */
export const LISTS = ["list", "other_list", "ahead", "behind"];
export const listName = (index) => config.lists[index ?? -1]?.short ?? null;

const fall = ({ list, before, after }) => t("flag.fall", { list: list === null ? t("flag.cast") : listName(list), before, after });

/* What the texts may ask for. */
function values(flag) {
  const { kind, q, at_most_votes } = flag;
  const figures = flag.figures || {};
  const { falls, issue, n, same_as: alike, times, x } = figures;
  return {
    ...figures, kind, q, at_most_votes, area: flagged(flag), mesa: codeOf(flag.key),
    ...Object.fromEntries(LISTS.map((name) => [name, listName(figures[name])])),
    share: n ? x / n : null, same_as: alike ? alike.join(", ") : null, falls: falls ? falls.map(fall).join("; ") : null,
    earlier: times > 1 ? times - 1 : null, issue: issue ? sentence(issue) : null,
  };
}

/* The sentence of a flag; one that this page does not know enough of is called by its kind. */
export function say(flag) {
  const known = values(flag);
  const head = told([`flag.${flag.kind}`], known) || told([`flag_general.${flag.kind}`], known);
  const rest = FLAG_SENTENCES[flag.kind] || [];
  return [head, told(rest.map((name) => `flag.${name}`), known)].filter(Boolean).join(" ");
}
