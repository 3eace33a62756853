"""The vocabularies of the rooms as the dashboard is given them: `make vocabulary` writes the two modules it reads.

The dashboard imports none of our rooms, and the browser cannot: what both are told here stands nowhere else in them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from api.mission.incident_lines import ReportedPlace
from api.tables.queue_lines import QueueState
from mission.alerts import AlertKind
from mission.audit.limits import load_limits as load_audit_limits
from mission.doubt import Reason
from mission.flags.flag import FAMILIES
from mission.flags.sentences import SENTENCES
from mission.flags.thresholds import load_thresholds
from mission.forms.answers import YES_NO
from mission.incidents.incident import UNVERIFIED, State
from mission.incidents.rubric import GRAVE, Basis, Category, Severity
from mission.messages.limits import load_limits
from mission.people.roles import Role
from mission.quickcount.limits import LIMITS as QUICK_COUNT
from mission.responses.completeness import FormStanding
from mission.thresholds import THRESHOLDS as MISSION
from tally.changes import NOTED
from tally.model import BUCKETS, FIGURES, NOT_VALID
from tally.outcome.outcome import OutcomeState
from tally.outcome.standing import ContestState
from tally.thresholds import THRESHOLDS as COUNT

_DASHBOARD = Path(__file__).parents[2] / "dashboard"
_MADE = "Made by `make vocabulary` from the enums of the rooms, see api/commands/vocabulary.py; never edited."
# A draft lives on its author's device: no answer of the API has one.
_SHOWN = tuple(state for state in State if state is not State.DRAFT)
# What an outcome says before what is missing for one.
_STANDINGS = sorted(ContestState, key=lambda state: state.value not in set(OutcomeState))
_SHARED: Mapping[str, Sequence[str]] = {
    "BUCKETS": BUCKETS,
    "NOT_VALID": NOT_VALID,
    "FIGURES": FIGURES,
    "CONTEST_STATES": _STANDINGS,
}
# For the dashboard's Python.
SERVED: Mapping[str, Any] = {
    **_SHARED,
    "GATE": COUNT.gate,
    "CHECKPOINTS": tuple(str(percent) for percent in load_thresholds().checkpoints.percent),
    "OUTLIERS": load_thresholds().within_place,
    "NOTED_KINDS": NOTED,
    "QUEUE_STATES": tuple(QueueState),
}
# For the browser; the gravest severity first.
BROWSED: Mapping[str, Any] = {
    **_SHARED,
    "PASSWORD_LIMITS": MISSION.passwords,
    "REPORT_LIMITS": MISSION.reports,
    "AUDIT_LIMITS": load_audit_limits(),
    "SAMPLING_LIMITS": QUICK_COUNT.sampling,
    "CARD_LIMITS": MISSION.cards,
    "MESSAGE_LIMITS": load_limits().messages,
    "SEVERITIES": tuple(reversed(Severity)),
    "GRAVE": GRAVE,
    "CATEGORIES": tuple(Category),
    "BASES": tuple(Basis),
    "STATES": _SHOWN,
    "UNVERIFIED": tuple(state for state in _SHOWN if state in UNVERIFIED),
    "REPORT_PLACES": ReportedPlace.__struct_fields__,
    "ROLES": tuple(Role),
    "SEEING": tuple(role for role in Role if role.covers(Role.VERIFIER)),
    "ALERT_KINDS": tuple(AlertKind),
    "FLAG_FAMILIES": FAMILIES,
    "FLAG_SENTENCES": SENTENCES,
    "FORM_STANDINGS": tuple(FormStanding),
    "YES_NO": YES_NO,
    "STAKE_SETS": ("all", *Reason, "mesas"),
}


def modules() -> Mapping[Path, str]:
    """The text of each module that is made, by its path. What JSON writes is a value in both languages."""
    return {
        _DASHBOARD / "vocabulary.py": f'"""{_MADE}"""\n\n{_named("", SERVED, "")}',
        _DASHBOARD / "browser" / "text" / "vocabulary.js": f"/* {_MADE} */\n{_named('export const ', BROWSED, ';')}",
    }


def _named(before: str, values: Mapping[str, Any], after: str) -> str:
    written = ((name, json.dumps(msgspec.to_builtins(value))) for name, value in values.items())
    return "".join(f"{before}{name} = {value}{after}\n" for name, value in written)


def main() -> None:
    """Write them."""
    for path, text in modules().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
