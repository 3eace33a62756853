"""The pages of the mission: where each stands, what it is called, and what it needs in the browser.

They are shells without data: scripts fill them from `/api/v1/mission` for whoever has signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ROOT = "/mission"
# Every page of the mission: requests, elements, words, signing in, alerts; then its own, then what sets it going.
_FIRST = ("api", "parts", "words", "session", "alerts")
_LAST = ("start",)
_SECTIONS = (
    "mission",
    "mission_error",
    "mission_alert",
    "alert",
    "mission_sign",
    "mission_title",
    "incident_state",
    "incident_move",
    "severity",
    "category",
    "basis",
    "role",
    "cardinal",
)
# What a flag is said with.
_FLAG = ("flag", "flag_if", "flag_general")


@dataclass(frozen=True)
class Desk:
    """One page: its name, and the modules and sections of the texts that only some pages need."""

    name: str
    modules: tuple[str, ...]
    own_sections: tuple[str, ...]

    @property
    def scripts(self) -> tuple[str, ...]:
        """Its scripts in the order they run in."""
        return tuple(f"mission_{module}.js" for module in (*_FIRST, *self.modules, *_LAST))

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the texts that its scripts read."""
        return (*_SECTIONS, *self.own_sections)


_ALL = (
    Desk("desk", ("queue", "lines", "desk"), ("mission_queue", "mission_list", "mission_desk")),
    Desk("incidents", ("lines", "area", "incidents"), ("mission_list", "mission_area")),
    Desk(
        "incident",
        ("flagtext", "lines", "moves", "place", "incident"),
        ("mission_list", "mission_incident", "mission_voices", "mission_place", *_FLAG),
    ),
    Desk(
        "report",
        ("flagtext", "queue", "lines", "area", "where", "photos", "report"),
        ("mission_queue", "mission_list", "mission_area", "mission_where", "mission_report", *_FLAG),
    ),
    Desk(
        "flags",
        ("area", "flagtext", "flags"),
        ("mission_area", "mission_flags", "mission_list", "flag_kind", "flag_evidence", *_FLAG),
    ),
    Desk("stake", ("area", "stake"), ("mission_area", "mission_stake", "stake_set", "stake_level", "stake_verdict")),
    Desk("audit", ("audit",), ("mission_audit", "mission_list", "audit_rest", "audit_outcome")),
    Desk("coverage", ("area", "coverage"), ("mission_area", "mission_coverage", "mission_posting")),
    Desk("summary", ("summary",), ("mission_summary", "mission_list")),
    Desk("public", ("lines", "public"), ("mission_list", "mission_public", "hidden_reason")),
    Desk("accounts", ("accounts",), ("mission_accounts", "mission_list", "deed")),
    Desk("place", ("flagtext", "lines", "thread"), ("mission_list", "mission_thread", *_FLAG)),
)
DESKS: Mapping[str, Desk] = {ROOT if desk.name == "desk" else f"{ROOT}/{desk.name}": desk for desk in _ALL}
