/* Made by `make vocabulary` from the enums of the rooms, see api/vocabulary.py; never edited. */
(function (escrutinio) {
  "use strict";

  escrutinio.vocabulary = {
    buckets: ["counted", "at_jee", "pending"],
    not_valid: ["blank", "null", "challenged"],
    severities: ["critical", "serious", "minor", "info"],
    categories: ["opening_delay", "mesa_not_installed", "missing_material", "voter_list", "voter_denied_or_impersonated", "secrecy_of_vote", "campaigning_at_station", "intimidation_or_violence", "observer_or_personero_access", "counting_or_acta", "transport_custody_or_jee", "positive_or_none", "other"],
    bases: ["direct_observation", "second_observer", "official_confirmation", "document_or_image", "media_only", "none"],
    incident_states: ["reported", "verifying", "verified", "escalated", "resolved", "reopened", "rejected", "duplicate"],
    unverified_states: ["reported", "verifying", "reopened"],
    report_places: {"mesa": "mesa", "polling_place": "place", "district": "district"},
    roles: ["observer", "verifier", "coordinator", "admin"],
    alert_kinds: ["critical", "hold", "correction", "decided", "undecided", "feed_stale"],
    flag_families: {"rules": ["arithmetic"], "review": ["share", "turnout"], "swap": ["swap"]},
    flag_sentences: {"arithmetic": ["arithmetic", "held", "roll", "not_evidence"], "aggregate": ["aggregate", "not_evidence"], "decrease": ["decrease", "again", "decrease_usual", "not_evidence"], "reopened": ["reopened", "not_evidence"], "swap": ["swap", "swap_cause", "moves", "not_evidence"], "share": ["share", "likely", "weak", "causes", "moves", "not_evidence"], "turnout": ["turnout", "likely", "weak", "causes", "moves", "not_evidence"], "identical": ["identical", "identical_cause", "not_evidence"], "zero": ["zero", "not_evidence"]},
    stake_sets: ["all", "incidents", "holds", "observed", "flags", "mesas"],
  };
})(window.escrutinio);
