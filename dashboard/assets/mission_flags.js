/* Flags: what a checkpoint found and at what false-alarm rate; each with its evidence, its innocent causes, and one press to an incident. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, parts, views } = escrutinio.mission;
  const { button, card, facts, field, link, select, t } = parts;
  const { group } = escrutinio.figures;
  const FAMILIES = { rules: ["arithmetic"], review: ["share", "turnout"], swap: ["swap"] };
  const MOST = 200;

  const known = (section, code) => Object.hasOwn(escrutinio.config.words[section], code);
  const kindWord = (code) => (known("flag_kind", code) ? t(`flag_kind.${code}`) : String(code));
  const evidenceWord = (code) => (known("flag_evidence", code) ? t(`flag_evidence.${code}`) : String(code));
  const said = (flag) => flag[escrutinio.config.language] || flag.es || "";

  const ofFamily = (flags, family) => flags.filter((flag) => FAMILIES[family].includes(flag.kind)).length;

  function checkpointWord(checkpoint) {
    const at = typeof checkpoint === "object" ? checkpoint.name || checkpoint.at || checkpoint.id : checkpoint;
    return /^\d+$/.test(String(at)) ? t("mission_flags.checkpoint", { n: at }) : String(at);
  }

  const valueOf = (checkpoint) => String(typeof checkpoint === "object" ? checkpoint.id || checkpoint.name : checkpoint);

  /* "checkpoint 100 %: 74 422 mesas tested, 13.7 % not testable; rules 0; review 200 (≤ 5 % expected false); swap suspects 18" */
  function sentence(found, checkpoint) {
    const all = found.tested + found.not_testable;
    return t("mission_flags.sentence", {
      checkpoint: checkpoint ? checkpointWord(checkpoint) : t("mission_flags.no_checkpoint"),
      tested: group(found.tested), untestable: escrutinio.figures.percent(found.not_testable, all, 1),
      rules: ofFamily(found.flags, "rules"), review: ofFamily(found.flags, "review"), swap: ofFamily(found.flags, "swap"),
    });
  }

  /* --- evidence --- */

  function valueText(value) {
    if (value === null || value === undefined) return null;
    if (typeof value === "number") return Number.isInteger(value) ? group(value) : String(Math.round(value * 10000) / 10000);
    if (Array.isArray(value)) return value.map(valueText).join(" / ");
    return typeof value === "object" ? Object.entries(value).map(([name, each]) => `${evidenceWord(name)} ${valueText(each)}`).join(" · ") : String(value);
  }

  function evidence(flag) {
    const rows = Object.entries(flag.evidence || {}).map(([name, value]) => [evidenceWord(name), valueText(value)]);
    return facts([...rows, [t("mission_flags.q"), valueText(flag.q)], [t("mission_flags.at_most"), valueText(flag.at_most_votes)]]);
  }

  async function history(host, mesa) {
    const found = await api.get(`flags/history/${mesa}`);
    const lines = (found.history || found.flags || []).map((each) => make("li", "",
      checkpointWord(each.checkpoint), " · ", each.kind ? kindWord(each.kind) : "", each.state ? ` · ${each.state}` : ""));
    host.replaceChildren(lines.length ? make("ul", "marked", ...lines) : parts.empty(t("mission_flags.no_history")));
  }

  function detail(flag) {
    const [level, code] = flag.key.split("/");
    const open = parts.link(t("mission_flags.open"), `/mission/report?flag=${encodeURIComponent(flag.id)}${level === "mesa" ? `&mesa=${code}` : ""}`, "button");
    const past = make("div");
    const more = level === "mesa" ? [button(t("mission_flags.history"), async () => {
      try { await history(past, code); } catch (error) { past.replaceChildren(parts.failure(error)); }
    })] : [];
    return make("div", "stack evidence", make("p", "said", said(flag)), evidence(flag),
      make("p", "soft", t("mission_flags.not_fraud")), make("div", "row", open, ...more), past);
  }

  /* One row a flag; its evidence opens below it. */
  function row(flag, isOpen) {
    const place = flag.place_name || flag.place || "";
    const summary = make("summary", "", make("b", "", kindWord(flag.kind)), " ",
      make("span", "n", flag.key.split("/")[1]), " ", make("span", "soft", String(place)));
    const body = make("div");
    const element = make("details", "flag-row", summary, body);
    const fill = () => { if (!body.childElementCount) body.append(make("p", "", link(t("mission_flags.acta"), escrutinio.pathOf(flag.key))), detail(flag)); };
    element.addEventListener("toggle", fill);
    if (isOpen) { element.open = true; fill(); }
    return make("li", "", element);
  }

  function filters(found, chosen, changed) {
    const checkpoints = found.checkpoints.map((each) => [valueOf(each), checkpointWord(each)]).reverse();
    const kinds = [...new Set(found.flags.map((flag) => flag.kind))].map((kind) => [kind, kindWord(kind)]);
    const form = make("form", "filters",
      field(t("mission_flags.at"), select("checkpoint", checkpoints, chosen.checkpoint || "")),
      field(t("mission_flags.kind"), select("kind", [["", t("mission_list.any")], ...kinds], chosen.kind || "")));
    form.addEventListener("change", () => changed(Object.fromEntries(new FormData(form))));
    return form;
  }

  function listed(found, chosen) {
    const flags = found.flags.filter((flag) => !chosen.kind || flag.kind === chosen.kind);
    const list = make("ol", "flags", ...flags.slice(0, MOST).map((flag) => row(flag, flag.id === chosen.id)));
    const rest = flags.length - MOST;
    return [flags.length ? list : parts.empty(t("mission_flags.none")), ...(rest > 0 ? [make("p", "soft", t("mission_flags.more", { n: rest }))] : [])];
  }

  views.flags = async function (host) {
    async function show() {
      const chosen = parts.chosen();
      const found = await api.get("flags", { checkpoint: chosen.checkpoint, within: chosen.within });
      const standing = found.checkpoints.find((each) => valueOf(each) === chosen.checkpoint) || found.checkpoints[found.checkpoints.length - 1];
      host.replaceChildren(
        card("", make("p", "lead-sentence", sentence(found, standing)), make("p", "soft", t("mission_flags.about"))),
        filters(found, chosen, async (values) => { parts.choose(values); await show(); }),
        card(t("mission_flags.heading"), ...listed(found, chosen)));
    }
    await show();
  };
})(window.escrutinio);
