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
    "acta-audits",
    "coverage",
    "summary",
    "public",
    "accounts",
    "place",
)
# `browser/mission/main.js` has a view for each name.
PAGES: Mapping[str, str] = {ROOT if name == "desk" else f"{ROOT}/{name}": name for name in _NAMES}
# Where a page was before.
MOVED: Mapping[str, str] = {f"{ROOT}/audit": f"{ROOT}/acta-audits"}
# The sections of the texts that its pages say, and the thread of a polling place on the public pages.
SECTIONS = (
    "mission",
    "mission_error",
    "mission_alert",
    "alert",
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
    "flag",
    "flag_general",
    "flag_kind",
    "flag_evidence",
    "stake_set",
    "stake_level",
    "stake_verdict",
    "audit_rest",
    "audit_outcome",
    "hidden_reason",
    "deed",
)
