"""Observers of a served mission who answer forms, for the tests about that."""

import itertools
from typing import Any

import httpx

from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team

RESPONSES = f"{MISSION}/responses"
# The least that the shipped form of the opening asks of a mesa that was not to be seen.
ANSWERS: dict[str, Any] = {"access": "no", "obstacle": ["police"]}
_numbers = itertools.count()


def body(**changed: Any) -> dict[str, Any]:
    """Answers to the opening that are taken."""
    return {
        "form": "opening",
        "version": 1,
        "place": {"mesa": "000001"},
        "started_at": "2030-01-06T13:00:00Z",
        "finished_at": "2030-01-06T13:12:00Z",
        "device_at": "2030-01-06T13:12:00Z",
        "answers": ANSWERS,
        "position": None,
        "is_time_confirmed": True,  # in 2030
        **changed,
    }


def answer(team: Team, who: str = "observer", key: str | None = None, **changed: Any) -> httpx.Response:
    """Send answers."""
    headers = {"Idempotency-Key": key or f"answers-{next(_numbers)}"}
    return team.people[who].post(RESPONSES, json=body(**changed), headers=headers)


def answered(team: Team, who: str = "observer", **changed: Any) -> str:
    """The id of a new response."""
    taken = answer(team, who, **changed)
    assert taken.status_code == 201, taken.text
    return str(taken.json()["id"])
