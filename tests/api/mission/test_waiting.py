"""What waits in the rooms, in numbers: the same as the lists say, and not sent again while it is the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tally.storage.store import Store
from tests.api.mission.answering import RESPONSES, answered
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of

WAITING = f"{MISSION}/waiting"


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(store, tmp_path, is_test=True) as team:  # the day of its forms is over
        yield team


def test_the_numbers_are_those_of_the_lists(team: Team) -> None:
    team.station(("observer", "district/140101"))
    answered(team, "observer", place={"mesa": "000030"})
    answered(team, "second", place={"mesa": "000030"}, answers={"access": "no", "obstacle": ["third"]})
    answered(team, "observer", started_at="2030-01-06T13:30:00Z")
    body = {"to": {"kind": "all"}, "text": "Cierren"}
    assert team.people["coordinator"].post(f"{MISSION}/messages", json=body).status_code == 201
    found = team.people["coordinator"].get(WAITING).json()
    listed = {name: team.people["verifier"].get(path).json() for name, path in LISTS.items()}
    forms, missing = listed["completeness"]["total"]["forms"], found["forms"].pop("missing")
    assert found["forms"] == {
        **{name: listed["responses"]["counts"][name] for name in ("all", "to_look_at")},
        "undecided": listed["conflicts"]["undecided"],
        "silent": len(listed["completeness"]["silent"]),
    }
    assert (found["forms"]["all"], found["forms"]["undecided"]) == (3, 1)
    assert missing == sum(form["missing"] for form in forms) > 0
    assert found["messages"] == {"all": 1, "unread": 0, "last": {"receivers": 1, "read": 0}, "misread": 0}
    assert found["quick_counts"] == []


LISTS = {"responses": RESPONSES, "conflicts": f"{MISSION}/conflicts", "completeness": f"{MISSION}/completeness"}


def test_a_verifier_is_told_nothing_of_messages_to_others(team: Team) -> None:
    body = {"to": {"kind": "all"}, "text": "Cierren"}
    team.people["coordinator"].post(f"{MISSION}/messages", json=body)
    told = team.people["verifier"].get(WAITING).json()["messages"]
    assert told == {"all": 0, "unread": 0, "last": None, "misread": None}


def test_what_is_the_same_is_not_sent_again(team: Team) -> None:
    first = team.people["verifier"].get(WAITING)
    known = {"If-None-Match": first.headers["etag"]}
    again = team.people["verifier"].get(WAITING, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    answered(team, "observer")
    changed = team.people["verifier"].get(WAITING, headers=known)
    assert (changed.status_code, changed.json()["forms"]["all"]) == (200, 1)
