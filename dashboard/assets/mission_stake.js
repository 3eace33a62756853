/* Votes at stake: could the doubtful actas change the winner? For any selection, against the margins of district, department and nation. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, parts, views } = escrutinio.mission;
  const { area, card, facts, field, form, input, link, select, t, table } = parts;
  const { group } = escrutinio.figures;
  const SETS = ["incidents", "holds", "observed", "flags", "mesas"];
  const LEVELS = ["district", "department", "nation"];

  const said = (found) => found[escrutinio.config.language] || found.es || "";

  /* A margin may come as a number or with its area. */
  function margins(found) {
    const rows = LEVELS.filter((level) => found.margins[level] !== undefined).flatMap((level) => {
      const given = found.margins[level];
      const each = Array.isArray(given) ? given : [given];
      return each.map((one) => {
        const margin = one !== null && typeof one === "object" ? one.margin : one;
        const name = one !== null && typeof one === "object" && one.name ? ` · ${one.name}` : "";
        const answer = margin === null || margin === undefined ? escrutinio.figures.DASH : t(found.at_most > margin ? "mission_stake.could" : "mission_stake.could_not");
        return [t(`stake_level.${level}`) + name, group(margin), answer];
      });
    });
    return table(t("mission_stake.margins"), [[t("mission_stake.level"), "text"], [t("mission_stake.margin"), "number"], [t("mission_stake.answer"), "text"]], rows);
  }

  function answer(found) {
    return card(t("mission_stake.answer"),
      make("p", "lead-sentence", said(found)),
      facts([
        [t("mission_stake.mesas"), group(Array.isArray(found.mesas) ? found.mesas.length : found.mesas)],
        [t("mission_stake.registered"), group(found.registered)],
        [t("mission_stake.if_annulled"), parts.t("mission_stake.votes", { n: group(found.if_annulled) })],
        [t("mission_stake.at_most"), parts.t("mission_stake.votes", { n: group(found.at_most) })],
      ]), margins(found));
  }

  function question(chosen, asked) {
    const numbers = area("mesas", { rows: 2, inputmode: "numeric" });
    numbers.value = chosen.mesas || "";
    const typed = field(t("mission_stake.which_mesas"), numbers, t("mission_stake.which_hint"));
    const set = select("set", SETS.map((name) => [name, t(`stake_set.${name}`)]), chosen.set || "incidents");
    const show = () => { typed.hidden = set.value !== "mesas"; };
    set.addEventListener("change", show);
    show();
    return form([field(t("mission_stake.set"), set), typed,
      field(t("mission_stake.within"), input("within", { value: chosen.within || "", placeholder: "department/14" }), t("mission_stake.within_hint"))],
    t("mission_stake.ask"), asked);
  }

  /* "close and troubled": areas where the votes at stake exceed the margin. */
  async function troubled() {
    const found = await api.get("troubled");
    const areas = found.areas || found.rows || found.troubled || [];
    const heads = [[t("mission_stake.area"), "text"], [t("mission_stake.mesas"), "number"], [t("mission_stake.at_most"), "number"], [t("mission_stake.margin"), "number"]];
    const rows = areas.map((each) => [link(escrutinio.figures.properName(each.name || each.key), escrutinio.pathOf(each.key)),
      group(Array.isArray(each.mesas) ? each.mesas.length : each.mesas), group(each.at_most), group(each.margin)]);
    return card(t("mission_stake.troubled"), make("p", "soft", t("mission_stake.troubled_about")),
      areas.length ? table(t("mission_stake.troubled"), heads, rows) : parts.empty(t("mission_stake.troubled_none")));
  }

  views.stake = async function (host) {
    const result = make("div");
    async function ask(values) {
      const mesas = values.set === "mesas" ? (values.mesas || "").split(/[^0-9]+/).filter(Boolean).join(",") : "";
      parts.choose({ set: values.set, within: values.within, mesas });
      result.replaceChildren(answer(await api.get("stake", { set: values.set, within: values.within.trim(), mesas })));
    }
    const chosen = { set: "incidents", within: "", ...parts.chosen() };
    const list = make("div");
    host.replaceChildren(make("div", "columns wide-left", make("div", "stack", card(t("mission_stake.question"), question(chosen, ask)), result), list));
    const put = async (slot, task) => { try { await task(); } catch (error) { slot.replaceChildren(parts.failure(error)); } };
    await Promise.all([put(result, () => ask(chosen)), put(list, async () => list.replaceChildren(await troubled()))]);
  };
})(window.escrutinio);
