/* Where a report is about: exactly one of mesa, polling place, district, or no station. Typed where there is no network, searched where there is. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, parts } = escrutinio.mission;
  const { button, field, input, radios, t } = parts;
  const LAST = "escrutinio.place"; // where this phone reported from last
  const { remember, remembered } = escrutinio.mission.memory;
  const LEVEL = { polling_place: /^(place|polling_place)$/, district: /^district$/ };

  const codeOf = (key) => key.split("/")[1];

  /* A name is searched in the count; what was found is chosen with one press. */
  function finder(kind, chosen) {
    const query = parts.set(input(`${kind}-query`), { enterkeyhint: "search" });
    const found = make("div", "stack");
    const pick = (key, name) => {
      chosen[kind] = key ? { code: codeOf(key), name } : null;
      found.replaceChildren(...(key ? [make("p", "picked", make("b", "", name), " ", make("span", "soft", codeOf(key)))] : []));
    };
    const search = async () => {
      try {
        const { hits } = await api.count(`search?q=${encodeURIComponent(query.value)}`);
        const fit = hits.filter((hit) => LEVEL[kind].test(hit.level));
        const buttons = fit.map((hit) => button(`${hit.name} · ${hit.context || ""}`, () => pick(hit.key, hit.name)));
        found.replaceChildren(...(fit.length ? buttons : [parts.empty(t("mission_where.nothing"))]));
      } catch (error) {
        found.replaceChildren(parts.failure(error));
      }
    };
    query.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });
    if (chosen[kind]) pick(`${kind}/${chosen[kind].code}`, chosen[kind].name);
    return make("div", "stack", make("div", "row end", field(t(`mission_where.${kind}`), query), button(t("mission_where.search"), search)), found);
  }

  /* The choice, and `read()`: {"mesa" | "polling_place" | "district": code}, null for no station; undefined where something is missing. */
  function chooser(given) {
    const last = given || remembered(LAST) || {};
    const kind = ["mesa", "polling_place", "district"].find((name) => last[name]) || "mesa";
    const chosen = { polling_place: null, district: null };
    if (last.polling_place) chosen.polling_place = { code: last.polling_place, name: last.name || last.polling_place };
    if (last.district) chosen.district = { code: last.district, name: last.name || last.district };
    const kinds = radios(t("mission_where.where"), "where", [
      ["mesa", t("mission_where.mesa")], ["polling_place", t("mission_where.polling_place")],
      ["district", t("mission_where.district")], ["none", t("mission.no_station")],
    ], kind);
    const mesa = input("mesa", { inputmode: "numeric", pattern: "[0-9]{6}", maxlength: 6, value: last.mesa || "" });
    const panels = {
      mesa: field(t("mission_where.mesa_number"), mesa, t("mission_where.mesa_hint")),
      polling_place: finder("polling_place", chosen), district: finder("district", chosen),
    };
    const standing = () => kinds.querySelector("input:checked").value;
    const show = () => { for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== standing(); };
    kinds.addEventListener("change", show);
    show();
    const read = () => {
      const now = standing();
      if (now === "none") return null;
      const code = now === "mesa" ? mesa.value.trim() : chosen[now] && chosen[now].code;
      if (!code || (now === "mesa" && !/^\d{6}$/.test(code))) return undefined;
      remember(LAST, { [now]: code, name: chosen[now] ? chosen[now].name : null });
      return { [now]: code };
    };
    return { element: make("div", "stack", kinds, ...Object.values(panels)), read };
  }

  escrutinio.mission.where = { chooser };
})(window.escrutinio);
