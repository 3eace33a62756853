/* Where somebody looked and where nobody did, region by region, the unseen first. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, parts, session, views } = escrutinio.mission;
  const { card, field, form, input, link, t, table, time } = parts;
  const { group, percent, width } = escrutinio.figures;

  function seen(visited, places) {
    const bar = make("i", "meter");
    bar.style.width = width(visited, places);
    return make("span", "", make("span", "track", bar), make("span", "n", `${group(visited)} / ${group(places)}`));
  }

  function row(region) {
    const last = region.last_report_at ? time(region.last_report_at) : make("span", "soft", t("mission_coverage.never"));
    const mark = region.is_silent ? [" ", make("b", "amber", t("mission_coverage.is_silent"))] : [];
    return [link(escrutinio.figures.properName(region.name || region.key), escrutinio.pathOf(region.key)),
      seen(region.visited, region.places), group(region.observers), make("span", "", last, ...mark)];
  }

  /* Who is where; the coordinators say so. */
  function postings(slot) {
    return form([
      field(t("mission_posting.observer"), input("observer", { required: true, autocapitalize: "none" })),
      field(t("mission_posting.key"), input("key", { autocapitalize: "none" }), t("mission_posting.key_hint")),
    ], t("mission_posting.send"), async ({ observer, key }, element) => {
      const made = await api.post("postings", { postings: [{ observer: observer.trim(), key: key.trim() || null }] });
      slot.replaceChildren(make("p", "note good", t("mission_posting.done", { n: made.postings.length })));
      element.reset();
    });
  }

  function posting(member) {
    if (!session.isAtLeast(member, "coordinator")) return [];
    const told = parts.set(make("div"), { role: "status" });
    return [card(t("mission_posting.heading"), make("p", "soft", t("mission_posting.about")), postings(told), told)];
  }

  views.coverage = async function (host, member) {
    const found = await api.get("coverage");
    const regions = [...found.regions].sort((one, other) => (one.last_report_at || "").localeCompare(other.last_report_at || ""));
    const silent = regions.filter((region) => region.is_silent).length;
    const heads = [[t("mission_coverage.region"), "text"], [t("mission_coverage.visited"), "number"],
      [t("mission_coverage.observers"), "number"], [t("mission_coverage.last"), "text"]];
    host.replaceChildren(
      card("", make("p", "lead-sentence", t("mission_coverage.sentence", {
        visited: group(found.places_visited), places: group(found.places), pct: percent(found.places_visited, found.places, 1), silent, hours: found.silent_after_hours,
      })), make("p", "soft", t("mission_coverage.about"))),
      card(t("mission_coverage.heading"), table(t("mission_coverage.heading"), heads, regions.map(row))), ...posting(member));
  };
})(window.escrutinio);
