"""The vocabularies of the rooms as the dashboard is given them: `make vocabulary` writes the two modules it reads.

The dashboard imports none of our rooms, and the browser cannot: what both are told here stands nowhere else in them.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from api.queue_board import QueueState
from mission.alerts import AlertKind
from mission.doubt import Reason
from mission.flags.flag import FAMILIES
from mission.flags.sentences import SENTENCES
from mission.incident import REPORT_PLACES, UNVERIFIED, State
from mission.roles import Role
from mission.rubric import Basis, Category, Severity
from tally.changes import NOTED
from tally.model import BUCKETS, FIGURES, NOT_VALID, Level

_DASHBOARD = Path(__file__).parents[1] / "dashboard"
_MADE = "Made by `make vocabulary` from the enums of the rooms, see api/vocabulary.py; never edited."
# A draft lives on its author's device: no answer of the API has one.
_SHOWN = tuple(state for state in State if state is not State.DRAFT)
_SHARED: Mapping[str, Sequence[str]] = {"buckets": BUCKETS, "not_valid": NOT_VALID}
# For the dashboard's Python.
SERVED: Mapping[str, Sequence[str]] = {
    **_SHARED,
    "figures": FIGURES,
    "levels": tuple(Level),
    "noted_kinds": NOTED,
    "queue_states": tuple(QueueState),
}
# For the browser.
BROWSED: Mapping[str, Any] = {
    **_SHARED,
    "severities": tuple(reversed(Severity)),
    "categories": tuple(Category),
    "bases": tuple(Basis),
    "incident_states": _SHOWN,
    "unverified_states": tuple(state for state in _SHOWN if state in UNVERIFIED),
    "report_places": {name: level for level, name in REPORT_PLACES.items()},
    "roles": tuple(Role),
    "alert_kinds": tuple(AlertKind),
    "flag_families": FAMILIES,
    "flag_sentences": SENTENCES,
    "stake_sets": ("all", *Reason, "mesas"),
}


def modules() -> Mapping[Path, str]:
    """The text of each module that is made, by its path."""
    return {
        _DASHBOARD / "vocabulary.py": _python_module(SERVED),
        _DASHBOARD / "assets" / "vocabulary.js": _browser_module(BROWSED),
    }


def _python_module(named: Mapping[str, Sequence[str]]) -> str:
    lines = (
        f"{name.upper()} = (\n" + "".join(f'    "{member}",\n' for member in members) + ")\n"
        for name, members in named.items()
    )
    return f'"""{_MADE}"""\n\n' + "".join(lines)


def _browser_module(named: Mapping[str, Any]) -> str:
    lines = "".join(f"    {name}: {json.dumps(msgspec.to_builtins(value))},\n" for name, value in named.items())
    return (
        f'/* {_MADE} */\n(function (escrutinio) {{\n  "use strict";\n\n  escrutinio.vocabulary = {{\n{lines}  }};\n'
        "})(window.escrutinio);\n"
    )


def main() -> None:
    """Write them."""
    for path, text in modules().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
