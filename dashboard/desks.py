"""The pages of the mission: where each stands and what it is called.

They are shells without data: scripts fill them from `/api/v1/mission` for whoever has signed in.
"""

from collections.abc import Mapping

ROOT = "/mission"
_NAMES = (
    "desk",
    "incidents",
    "incident",
    "report",
    "flags",
    "stake",
    "audit",
    "coverage",
    "summary",
    "public",
    "accounts",
    "place",
)
# `browser/mission/main.js` has a view for each name.
DESKS: Mapping[str, str] = {ROOT if name == "desk" else f"{ROOT}/{name}": name for name in _NAMES}
# The sections of the texts that its pages say, and the thread of a polling place on the public pages.
SECTIONS = (
    "mission",
    "mission_error",
    "mission_alert",
    "mission_sign",
    "mission_title",
    "mission_queue",
    "mission_list",
    "mission_desk",
    "mission_area",
    "mission_incident",
    "mission_voices",
    "mission_place",
    "mission_where",
    "mission_report",
    "mission_flags",
    "mission_stake",
    "mission_audit",
    "mission_coverage",
    "mission_posting",
    "mission_summary",
    "mission_public",
    "mission_accounts",
    "mission_thread",
    "incident_state",
    "incident_move",
    "severity",
    "category",
    "basis",
    "role",
    "cardinal",
    "flag_kind",
    "flag_evidence",
    "stake_set",
    "stake_level",
    "audit_rest",
    "hidden_reason",
    "deed",
)
