"""What was acknowledged is stored, what was not can be sent again, and what is old is no longer shown to its author."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from api.mission.incident_lines import Lines
from mission.incidents.casebook import Casebook
from mission.incidents.incident import Member
from mission.people.roles import Role
from tally import moments
from tally.storage.store import Store
from tests.api.country import ELECTION
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.mission.pictures import draw, encode


@pytest.fixture
def team(store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(store, tmp_path) as team:
        yield team


def test_no_report_is_acknowledged_that_the_database_did_not_take(team: Team) -> None:
    assert team.people["observer"].get(f"{MISSION}/session").status_code == 200
    blocker = sqlite3.connect(team.store.engine.url.database or "", isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(10, blocker.execute, ("ROLLBACK",))
    timer.start()
    team.people["observer"].timeout = 20
    refused = team.file(key="again")
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert Casebook(team.store.engine, ELECTION.id).read().seq == 0
    timer.join()
    blocker.close()
    assert team.file(key="again").status_code == 201
    assert len(Casebook(team.store.engine, ELECTION.id).read().incidents) == 1


def test_after_a_day_a_reporter_sees_what_became_of_it_and_no_more_what_was_written(team: Team) -> None:
    incident_id = team.filed(position={"lon": -77.0, "lat": -12.0})
    path = f"/api/v1/mission/incidents/{incident_id}"
    picture = team.people["observer"].post(
        f"{path}/photos", content=encode(draw(), "JPEG"), headers={"Content-Type": "image/jpeg"}
    )
    assert picture.status_code == 201
    team.people["verifier"].post(f"{path}/notes", json={"text": "llamar al local"})
    team.move("verifier", incident_id, "take")
    team.move("verifier", incident_id, "reject", reason="No ocurrió ahí")
    book = Casebook(team.store.engine, ELECTION.id).read()
    reporter = Member(team.pseudonym("observer"), Role.OBSERVER)
    now = moments.read(book.incidents[incident_id].received_at)

    def seen(hours: float) -> dict[str, object]:
        lines = Lines(reporter, book, {}.get, now + timedelta(hours=hours))
        return dict(msgspec.json.decode(msgspec.json.encode(lines.detail(book.incidents[incident_id]))))

    fresh, old = seen(23.9), seen(24)
    assert fresh["text"]
    assert fresh["photos"]
    assert fresh["position"]
    assert (old["text"], old["photos"], old["position"]) == ("", [], None)
    assert (old["state"], old["outcome"]) == ("rejected", "No ocurrió ahí")
    for told in (fresh, old):
        assert "llamar al local" not in str(told)
        assert team.pseudonym("verifier") not in str(told)


def test_a_member_of_the_team_reads_an_old_report_in_full(team: Team) -> None:
    incident_id = team.filed()
    book = Casebook(team.store.engine, ELECTION.id).read()
    verifier = Member(team.pseudonym("verifier"), Role.VERIFIER)
    told = Lines(verifier, book, {}.get, datetime(2100, 1, 1, tzinfo=UTC)).detail(book.incidents[incident_id])
    assert told.text == "La mesa abrió tarde"
