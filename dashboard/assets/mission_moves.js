/* What may be done with an incident by whoever is looking: only legal moves are offered, each asks for what it needs. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const { api, parts, session, words } = escrutinio.mission;
  const { area, card, field, form, input, select, t } = parts;

  const at = (incident, what) => `incidents/${encodeURIComponent(incident.id)}/${what}`;

  /* One press where nothing is asked; else the press opens the questions. */
  function offer(incident, move, done) {
    const send = async (body) => {
      await api.post(at(incident, "moves"), { move: move.move, reason: null, basis: null, ...body });
      await done();
      parts.say(t("mission_incident.done", { move: words.moveWord(move.move) }));
    };
    if (!move.needs_reason && !move.needs_basis) {
      return form([], words.moveWord(move.move), () => send({}));
    }
    const asks = [];
    if (move.needs_basis) asks.push(field(t("mission_incident.basis"), select("basis", words.bases().filter(([code]) => code !== "none"))));
    if (move.needs_reason) asks.push(field(t("mission_incident.reason"), area("reason", { required: true, rows: 2, maxlength: 2000 })));
    return make("details", "ask", make("summary", "", words.moveWord(move.move)), form(asks, words.moveWord(move.move), send));
  }

  function note(incident, done) {
    return make("details", "ask", make("summary", "", t("mission_incident.add_note")),
      form([field(t("mission_incident.note"), area("text", { required: true, rows: 2, maxlength: 2000 }))], t("mission_incident.save"),
        async ({ text }) => { await api.post(at(incident, "notes"), { text }); await done(); }));
  }

  function assign(incident, done) {
    return make("details", "ask", make("summary", "", t("mission_incident.assign")),
      form([field(t("mission_incident.assign_to"), input("to", { required: true, autocapitalize: "none" }))], t("mission_incident.assign"),
        async ({ to }) => { await api.post(at(incident, "assign"), { to }); await done(); }));
  }

  /* Two reports of one thing: this one goes into the other, both reporters stay. Legal while it is being verified. */
  function merge(incident, done) {
    if (incident.state !== "verifying") return null;
    const others = (incident.duplicates || []).map((other) => [String(other.id), `${words.category(other.category)} · ${words.where(other)} · ${other.reporter || ""}`]);
    if (!others.length) return null;
    return make("details", "ask", make("summary", "", t("mission_incident.merge")),
      form([field(t("mission_incident.merge_into"), select("into", others)), field(t("mission_incident.reason"), area("reason", { required: true, rows: 2 }))],
        t("mission_incident.merge"), async (body) => { await api.post(at(incident, "merge"), body); await done(); }));
  }

  function panel(incident, member, done) {
    const offered = (incident.moves || []).map((move) => offer(incident, move, done));
    const isCoordinator = session.isAtLeast(member, "coordinator");
    const more = [note(incident, done), ...(isCoordinator ? [assign(incident, done), merge(incident, done)] : [])].filter(Boolean);
    const none = make("p", "soft", t("mission_incident.no_moves"));
    return card(t("mission_incident.moves"), make("div", "moves", ...(offered.length ? offered : [none])), make("div", "stack", ...more));
  }

  escrutinio.mission.moves = { panel };
})(window.escrutinio);
