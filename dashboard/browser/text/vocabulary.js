/* Made by `make vocabulary` from the enums of the rooms, see api/commands/vocabulary.py; never edited. */
export const BUCKETS = ["counted", "at_jee", "pending"];
export const NOT_VALID = ["blank", "null", "challenged"];
export const FIGURES = ["counted", "at_jee", "pending", "total", "cast", "valid", "blank", "null", "challenged"];
export const PASSWORD_LIMITS = {"shortest": 12, "longest": 200};
export const REPORT_LIMITS = {"own_for_hours": 24, "most_photos": 10, "most_photo_mb": 8, "longest_text": 4000, "longest_reason": 2000, "longest_decision": 500, "alike_within_minutes": 90};
export const SEVERITIES = ["critical", "serious", "minor", "info"];
export const CATEGORIES = ["opening_delay", "mesa_not_installed", "missing_material", "voter_list", "voter_denied_or_impersonated", "secrecy_of_vote", "campaigning_at_station", "intimidation_or_violence", "observer_or_personero_access", "counting_or_acta", "transport_custody_or_jee", "positive_or_none", "other"];
export const BASES = ["direct_observation", "second_observer", "official_confirmation", "document_or_image", "media_only", "none"];
export const STATES = ["reported", "verifying", "verified", "escalated", "resolved", "reopened", "rejected", "duplicate"];
export const UNVERIFIED = ["reported", "verifying", "reopened"];
export const REPORT_PLACES = ["mesa", "polling_place", "district"];
export const ROLES = ["observer", "verifier", "coordinator", "admin"];
export const SEEING = ["verifier", "coordinator", "admin"];
export const ALERT_KINDS = ["critical", "hold", "correction", "decided", "undecided", "feed_stale"];
export const FLAG_FAMILIES = {"rules": ["arithmetic"], "review": ["share", "turnout"], "swap": ["swap"]};
export const FLAG_SENTENCES = {"arithmetic": ["held", "roll", "not_evidence"], "aggregate": ["not_evidence"], "decrease": ["again", "decrease_usual", "not_evidence"], "reopened": ["not_evidence"], "swap": ["swap_cause", "moves", "not_evidence"], "share": ["likely", "weak", "causes", "moves", "not_evidence"], "turnout": ["likely", "weak", "causes", "moves", "not_evidence"], "identical": ["identical_cause", "not_evidence"], "zero": ["not_evidence"]};
export const STAKE_SETS = ["all", "incidents", "holds", "observed", "flags", "mesas"];
