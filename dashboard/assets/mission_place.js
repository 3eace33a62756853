/* Beside an incident: the same place in the count. Actas and their states, shares within the place, flags, and what else was reported. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, lines, parts, words } = escrutinio.mission;
  const { card, link, t, table } = parts;
  const { group, percent } = escrutinio.figures;

  const stateOf = (mesa) => make("span", `acta-state ${mesa.state}`, t(`mesa_state.${mesa.state}`));
  const numberOf = (mesa) => mesa.mesa || mesa.key.split("/")[1];
  const sum = (votes) => votes.reduce((total, own) => total + own, 0);

  /* What arithmetic says of an acta; null where there is nothing to add up. */
  function arithmetic(mesa) {
    if (!mesa.votes) return null;
    const isOver = mesa.registered !== null && mesa.cast !== null && mesa.cast > mesa.registered;
    const apart = mesa.valid !== null && sum(mesa.votes) !== mesa.valid;
    return isOver || apart ? t("mission_place.arithmetic_bad") : t("mission_place.arithmetic_good");
  }

  function share(mesa, index) {
    return mesa.votes ? percent(mesa.votes[index], sum(mesa.votes), 1) : escrutinio.figures.DASH;
  }

  /* Every mesa of the place; the incident's own is marked in words. */
  function mesas(found, own) {
    const lists = escrutinio.config.lists.slice(0, 2);
    const heads = [[t("mission_place.mesa"), "text"], [t("mission_place.state"), "text"],
      ...lists.map((list) => [list.short, "number"]), [t("mission_place.turnout"), "number"]];
    const rows = found.map((mesa) => {
      const number = numberOf(mesa);
      const name = make("span", "", link(number, `/mesa/${number}`), ...(number === own ? [" ", make("b", "own", t("mission_place.own"))] : []));
      return [name, stateOf(mesa), ...lists.map((_, index) => share(mesa, index)), percent(mesa.cast, mesa.registered, 1)];
    });
    return table(t("mission_place.mesas"), heads, rows);
  }

  function ownActa(mesa) {
    const said = arithmetic(mesa);
    const lists = escrutinio.config.lists.map((list, index) => [list.short, mesa.votes ? `${group(mesa.votes[index])} · ${share(mesa, index)}` : null]);
    return parts.facts([[t("mission_place.state"), stateOf(mesa)], ...lists, [t("mission_place.cast"), `${group(mesa.cast)} / ${group(mesa.registered)}`],
      [t("mission_place.arithmetic"), said], ...(mesa.observation ? [[t("mission_place.observation"), mesa.observation]] : [])]);
  }

  async function count(incident) {
    const { place } = incident;
    if (place.mesa) {
      const mesa = await api.count(`mesas/${place.mesa}`);
      const home = mesa.place ? await api.count(`places/${mesa.place}`) : null;
      return { mesa, home, within: mesa.place ? `place/${mesa.place}` : mesa.key };
    }
    if (place.polling_place) return { mesa: null, home: await api.count(`places/${place.polling_place}`), within: `place/${place.polling_place}` };
    return { mesa: null, home: null, within: `district/${place.district}` };
  }

  function counted({ mesa, home }) {
    if (!mesa && !home) return card(t("mission_place.count"), parts.empty(t("mission_place.no_acta")));
    const heading = home ? [make("p", "", link(home.name || home.code, `/place/${home.code || home.key.split("/")[1]}`))] : [];
    return card(t("mission_place.count"), ...heading, ...(mesa ? [ownActa(mesa)] : []), ...(home ? [mesas(home.mesas, mesa && numberOf(mesa))] : []));
  }

  function flag(each) {
    const path = `/mission/flags?id=${encodeURIComponent(each.id)}`;
    return make("li", "", link(each.key.split("/")[1], path), " ", make("span", "", each[escrutinio.config.language] || each.es || ""));
  }

  async function flags(within) {
    const found = await api.get("flags", { within });
    return card(t("mission_place.flags"), found.flags.length ? make("ul", "marked", ...found.flags.map(flag)) : parts.empty(t("mission_place.no_flags")));
  }

  async function others(incident, within) {
    const found = await api.get("incidents", { within });
    const known = new Set((incident.duplicates || []).map((other) => other.id));
    const rest = found.incidents.filter((other) => other.id !== incident.id && !known.has(other.id));
    const alike = (incident.duplicates || []).length
      ? [card(t("mission_place.duplicates"), lines.list(incident.duplicates, ""))] : [];
    return [...alike, card(t("mission_place.others"), lines.list(rest, t("mission_place.no_others")))];
  }

  /* Each part by itself: what cannot be had leaves the rest standing. */
  async function fill(host, incident) {
    if (!words.keyOf(incident.place)) { host.replaceChildren(card(t("mission_place.count"), parts.empty(t("mission.no_station")))); return; }
    const slots = [make("div", "stack"), make("div", "stack"), make("div", "stack")];
    host.replaceChildren(...slots);
    const put = async (slot, task) => {
      try { slot.replaceChildren(...[await task()].flat()); } catch (error) { slot.replaceChildren(parts.failure(error)); }
    };
    let found = null;
    await put(slots[0], async () => { found = await count(incident); return counted(found); });
    const within = found ? found.within : words.keyOf(incident.place);
    await Promise.all([put(slots[1], () => flags(within)), put(slots[2], () => others(incident, within))]);
  }

  escrutinio.mission.place = { fill };
})(window.escrutinio);
