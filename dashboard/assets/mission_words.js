/* The field's words on screen: a state, a severity with its rubric, a category, a place; each with a mark beside its colour. */
(function (escrutinio) {
  "use strict";

  const { make } = escrutinio.dom;
  const t = (name, values) => escrutinio.t(name, values);
  const SEVERITIES = ["critical", "serious", "minor", "info"];
  const STATES = ["reported", "verifying", "verified", "escalated", "resolved", "reopened", "rejected", "duplicate"];
  const UNVERIFIED = new Set(["reported", "verifying", "reopened"]);
  const CATEGORIES = [
    "opening_delay", "mesa_not_installed", "missing_material", "voter_list", "voter_denied_or_impersonated", "secrecy_of_vote",
    "campaigning_at_station", "intimidation_or_violence", "observer_or_personero_access", "counting_or_acta",
    "transport_custody_or_jee", "positive_or_none", "other",
  ];
  const BASES = ["direct_observation", "second_observer", "official_confirmation", "document_or_image", "media_only", "none"];
  const LEVEL_OF = { mesa: "mesa", polling_place: "place", district: "district" };

  const BETWEEN = " · "; // as the server joins the names of a place

  /* Whether the texts have a word for a code: a newer server may know more than this page, and then the code is shown. */
  const known = (section, code) => Object.hasOwn(escrutinio.config.words[section] || {}, code);

  const severityWord = (code) => (known("severity", code) ? t(`severity.${code}`) : String(code));
  const severity = (code) => make("span", `severity ${SEVERITIES.includes(code) ? code : ""}`, severityWord(code));
  const rubric = (code) => (known("severity", `${code}_rubric`) ? t(`severity.${code}_rubric`) : "");
  const category = (code) => (known("category", code) ? t(`category.${code}`) : String(code));
  const stateWord = (code) => (known("incident_state", code) ? t(`incident_state.${code}`) : String(code));
  const state = (code) => make("span", `incident-state ${STATES.includes(code) ? code : ""}`, stateWord(code));
  const moveWord = (code) => (known("incident_move", code) ? t(`incident_move.${code}`) : String(code));
  const basisWord = (code) => (known("basis", code) ? t(`basis.${code}`) : String(code));
  const cardinal = (n) => (known("cardinal", n) ? t(`cardinal.${n}`) : String(n));
  const roleWord = (code) => (known("role", code) ? t(`role.${code}`) : String(code));

  /* Who acted: a pseudonym; to an observer only the role. */
  const actor = (name) => (known("role", name) ? roleWord(name) : String(name || ""));

  const severities = () => SEVERITIES.map((code) => [code, severityWord(code), rubric(code)]);
  const categories = () => CATEGORIES.map((code) => [code, category(code)]);
  const states = () => STATES.map((code) => [code, stateWord(code)]);
  const bases = () => BASES.map((code) => [code, basisWord(code)]);

  /* The key of the count that an incident's place is: "mesa/000001"; null for one that is at no station. */
  function keyOf(place) {
    const kind = place && Object.keys(LEVEL_OF).find((name) => place[name]);
    return kind ? `${LEVEL_OF[kind]}/${place[kind]}` : null;
  }

  /* Where it was, in words, with what is known of it: "Mesa 000001 · IE 10001 · Chachapoyas", "Distrito Lima". */
  function where(incident) {
    const { place } = incident;
    if (!keyOf(place)) return t("mission.no_station");
    const names = String(incident.place_name || "").split(BETWEEN).filter((name) => name && name !== place.mesa);
    if (names.length) names.push(escrutinio.figures.properName(names.pop()));
    if (place.district) return t("mission.district", { code: names[0] || place.district });
    const station = place.mesa ? [t("mission.mesa", { number: place.mesa })] : names.length ? [] : [t("mission.place", { code: place.polling_place })];
    return [...station, ...names].join(BETWEEN);
  }

  const isBetweenVoices = (incident) => incident.state === "verifying" && incident.voices > 0 && incident.voices < incident.voices_needed;

  /* The state of an incident; one that waits for a second person says so. */
  function standing(incident) {
    const element = state(incident.state);
    if (isBetweenVoices(incident)) element.append(` · ${t("mission.voices", { n: incident.voices, needed: incident.voices_needed })}`);
    return element;
  }

  const isUnverified = (incident) => UNVERIFIED.has(incident.state);

  /* Whom a flag is about, in few words. */
  function flagged(flag) {
    const [level, code] = flag.key.split("/");
    return level === "mesa" ? t("mission.mesa", { number: code }) : escrutinio.figures.properName(flag.area_name || code || level);
  }

  escrutinio.mission.words = {
    SEVERITIES, STATES, severity, severityWord, rubric, category, state, standing, stateWord, moveWord, basisWord, roleWord, actor, cardinal,
    severities, categories, states, bases, keyOf, where, isBetweenVoices, isUnverified, flagged,
  };
})(window.escrutinio);
