"""The toy mission's findings: openings at 24 places of three regions, of which one has two observers."""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request

from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.findings.table import FindingsGround, find_for_statement, find_in_house
from mission.forms.library import load_forms
from mission.zones import K

_REGIONS = ("14", "07", "24")
_NAMES = {"14": "LIMA", "07": "CUSCO", "24": "CALLAO"}


def _ground() -> FindingsGround:
    seen, places = [], {}
    for n in range(24):
        region = "24" if n >= 22 else _REGIONS[n % 2]
        cell = FindingCell(region, (PlaceSetting.URBAN, PlaceSetting.RURAL, PlaceSetting.NOT_TOLD)[n % 3])
        answers = {"access": "no" if n % 7 == 0 else "yes", "installed": "yes", "installed_at": f"07:{n + 10}"}
        obstacle = {"obstacle": ["police", "distance"]} if n % 7 == 0 else {}
        undecided = frozenset(("access",)) if n == 3 else frozenset[str]()
        seen.append(
            Seen(f"place/{n:04}", f"{n:04}", cell, frozenset((f"ave-{n}",)), {**answers, **obstacle}, undecided)
        )
        places[f"{n:04}"] = places[f"{n + 100:04}"] = cell
    return FindingsGround({"opening": seen}, places, frozenset(_NAMES))


def _with_sample(finding: dict[str, Any]) -> dict[str, Any]:
    """The question about access has an interval."""
    share = {"share": 0.172, "low": 0.081, "high": 0.303}
    sampled = {"drawn": 60, "answered": 41, "shares": {"no": share}}
    return {**finding, "sampled": sampled if finding["question"]["id"] == "access" else None}


def findings_answers(as_of: str) -> dict[str, Callable[..., Any]]:
    """Handlers by "METHOD pattern"."""
    form = load_forms()["opening"][-1]

    async def answer(request: Request, member: str) -> dict[str, Any]:
        view = request.query_params["view"]
        find = find_in_house if view == "house" else find_for_statement
        return {
            "as_of": as_of,
            "view": view,
            "election": {"es": "Elección de prueba", "en": "Test election"},
            "date": "2026-06-07",
            "is_test": True,
            "least_observers": K,
            "forms": {"opening": form.title},
            "names": _NAMES,
            "sample": {"id": "1", "name": "Muestra A", "drawn_at": as_of},
            "findings": [_with_sample(one) for one in msgspec.to_builtins(find([form], _ground(), K))],
        }

    return {"GET findings": answer}
