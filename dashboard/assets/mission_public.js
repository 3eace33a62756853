/* What the public sees of the incidents and what it would see, looked at by a coordinator before it is so. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, lines, parts, views, words } = escrutinio.mission;
  const { button, card, link, t, table, time } = parts;
  const known = (code) => Object.hasOwn(escrutinio.config.words.hidden_reason, code);
  const reasonWord = (code) => (known(code) ? t(`hidden_reason.${code}`) : String(code));
  const areaOf = (key) => link(key.split("/")[1], escrutinio.pathOf(key));
  const clock = (stamp) => escrutinio.moments.clock(stamp, Date.now(), escrutinio.config.zone);

  const heads = () => [[t("mission_public.area"), "text"], [t("mission_list.category"), "text"], [t("mission_list.severity"), "text"], [t("mission_public.at"), "text"]];
  const row = (each) => [areaOf(each.key), words.category(each.category), words.severity(each.severity), time(each.at, false)];

  function now(found) {
    const shown = found.now.incidents;
    return card(t("mission_public.now"), shown.length ? table(t("mission_public.now"), heads(), shown.map(row)) : parts.empty(t("mission_public.nothing_now")));
  }

  /* Each that would be said, with the choice to leave it unsaid. */
  function next(found, withheld, look) {
    const rows = found.entries.map((each) => [...row(each), make("span", "", link(each.id, lines.pathOf(each)), each.is_new ? ` · ${t("mission_public.new")}` : ""),
      button(t("mission_public.withhold"), () => look([...withheld, each.id]))]);
    const all = [...heads(), [t("mission_public.said"), "text"], [parts.hidden(t("mission_public.withhold")), "text"]];
    return found.entries.length ? table(t("mission_public.next"), all, rows) : parts.empty(t("mission_public.nothing_next"));
  }

  function unsaid(found, withheld, look) {
    const id = (each) => link(each.id, lines.pathOf(each));
    const waiting = found.waiting.map((each) => make("li", "", id(each), " ", make("span", "soft", t("mission_public.waiting_about", { at: clock(each.public_from) }))));
    const hidden = found.hidden.map((each) => make("li", "", id(each), " ", make("span", "soft", reasonWord(each.reason)),
      ...(each.reason === "withheld" ? [" ", button(t("mission_public.said_again"), () => look(withheld.filter((other) => other !== each.id)))] : [])));
    const list = (name, items) => (items.length ? [make("h3", "", t(`mission_public.${name}`)), make("ul", "marked", ...items)] : []);
    return make("div", "stack", ...list("waiting", waiting), ...list("hidden", hidden));
  }

  views.public = async function (host) {
    const told = parts.set(make("div"), { role: "status" });
    const body = make("div", "stack");
    /* `chosen`: those left unsaid; undefined for those of the last publication. */
    async function look(chosen) {
      const query = chosen === undefined ? "" : `?keep=false&${chosen.map((id) => `withhold=${encodeURIComponent(id)}`).join("&")}`;
      const found = await api.get(`public-preview${query}`);
      const withheld = found.hidden.filter((each) => each.reason === "withheld").map((each) => each.id);
      const again = (ids) => look(ids).catch((error) => told.replaceChildren(parts.failure(error)));
      const publish = parts.form([], t("mission_public.publish"), async () => {
        try {
          const made = await api.post("publications", { digest: found.digest, withhold: withheld });
          told.replaceChildren(make("p", "note good", t("mission_public.published", { n: made.incidents })));
        } catch (error) {
          if (error.status !== 409) throw error;
          told.replaceChildren(make("p", "note amber", t("mission_public.again")));
        }
        await look(withheld);
      });
      body.replaceChildren(now(found), card(t("mission_public.next"),
        make("p", "soft", t("mission_public.cut", { cut: clock(found.cut), next: clock(found.next_cut) })),
        next(found, withheld, again), ...(found.gone.length ? [make("p", "amber", t("mission_public.gone", { n: found.gone.length }))] : []),
        ...(found.entries.length || found.gone.length ? [publish] : []), unsaid(found, withheld, again)));
      return found;
    }
    const found = await look();
    const about = t("mission_public.about", { n: found.now.delay_minutes, k: found.observers_needed });
    host.replaceChildren(make("p", "soft", about), told, body);
  };
})(window.escrutinio);
