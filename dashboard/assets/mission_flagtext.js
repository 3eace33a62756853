/* What a flag says: the texts of its kind, filled in with its figures. */
(function (escrutinio) {
  "use strict";

  const { t, told } = escrutinio;
  const { words } = escrutinio.mission;
  const isKnown = (value) => value !== null && value !== undefined;

  const listName = (index) => (isKnown(index) && escrutinio.config.lists[index] ? escrutinio.config.lists[index].short : null);

  const fall = ({ list, before, after }) => t("flag.fall", { list: list === null ? t("flag.cast") : listName(list), before, after });

  /* What the texts may ask for. */
  function values(flag) {
    const figures = flag.figures || {};
    const { falls, issue, list, n, other_list: other, same_as: alike, times, x } = figures;
    return {
      ...figures, kind: flag.kind, q: flag.q, at_most_votes: flag.at_most_votes,
      area: words.flagged(flag), mesa: flag.key.split("/")[1], list: listName(list), other_list: listName(other),
      share: n ? x / n : null, same_as: alike ? alike.join(", ") : null, falls: falls ? falls.map(fall).join("; ") : null,
      earlier: times > 1 ? times - 1 : null, issue: issue ? issue[escrutinio.config.language] || issue.es : null,
    };
  }

  /* The sentence of a flag; one that this page does not know enough of is called by its kind. */
  function say(flag) {
    const [first, ...rest] = escrutinio.vocabulary.flag_sentences[flag.kind] || [];
    const known = values(flag);
    const head = told([`flag.${first}`], known) || told([`flag_general.${flag.kind}`], known);
    return [head, told(rest.map((name) => `flag.${name}`), known)].filter(Boolean).join(" ");
  }

  escrutinio.mission.flagtext = { listName, say };
})(window.escrutinio);
