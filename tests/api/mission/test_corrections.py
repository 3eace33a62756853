"""A report is corrected by the team, with a reason: what it said stays in the log, and whoever reported it is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from tally import moments
from tally.board import Fact
from tally.model import Acta, ActaState
from tally.storage.store import Store
from tests.api.conftest import BASE
from tests.api.country import minute
from tests.api.mission import desk
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with desk.lasting_team(tmp_path_factory.mktemp("corrections")) as team:
        yield team


def correct(team: Team, who: str, incident: str, **said: Any) -> httpx.Response:
    return team.decide(who, incident, "corrections", **{"reason": "Lo dice el acta", **said})


def test_a_correction_changes_what_stands_and_keeps_what_was_said(any_store: Store, tmp_path: Path) -> None:
    with team_of(any_store, tmp_path) as team:
        incident = team.filed(place={"mesa": "000001"})
        happened = moments.write((moments.utc_now() - timedelta(minutes=9)).replace(microsecond=0))
        said = {"severity": "minor", "category": "voter_list", "occurred_at": happened, "place": {"district": "140102"}}
        answer = correct(team, "verifier", incident, **said)
        assert answer.status_code == 201
        seen = team.see("coordinator", incident)
        assert {name: seen[name] for name in said} == said
        assert (seen["place_name"], seen["correction"]) == ("ANCÓN", "Lo dice el acta")
        last = seen["events"][-1]
        assert (last["move"], last["actor"], last["reason"]) == (
            "correct",
            team.pseudonym("verifier"),
            "Lo dice el acta",
        )
        assert last["detail"]["before"]["severity"] == "serious"
        assert last["detail"]["before"]["location"]["key"] == "mesa/000001"
        assert last["detail"]["after"]["category"] == "voter_list"
        activity = team.people["admin"].get(f"{MISSION}/activity").json()["deeds"]
        assert ("mission correct", f"incident/{incident}") in [(one["deed"], one["subject"]) for one in activity]
        assert incident in team.people["verifier"].get(f"{MISSION}/incidents.csv").text
        found = team.people["verifier"].get(f"{MISSION}/incidents", params={"within": "district/140102"}).json()
        assert [one["id"] for one in found["incidents"]] == [incident]


def test_whoever_reported_is_told_what_was_corrected_and_why_but_not_by_whom(team: Team) -> None:
    incident = team.filed(place={"mesa": "000001"})
    correct(team, "verifier", incident, place={"mesa": "000002"}, reason="Era la mesa de al lado")
    mine = team.people["observer"].get(f"{MISSION}/incidents").json()["incidents"]
    [line] = [one for one in mine if one["id"] == incident]
    assert (line["place"], line["correction"]) == ({"mesa": "000002"}, "Era la mesa de al lado")
    seen = team.see("observer", incident)
    [told] = [event for event in seen["events"] if event["move"] == "correct"]
    assert told["detail"]["before"]["location"]["key"] == "mesa/000001"
    assert told["detail"]["after"]["location"]["key"] == "mesa/000002"
    assert told["actor"] == "verifier"
    assert team.pseudonym("verifier") not in str(seen)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"severity": "minor", "reason": " "}, 422),
        ({}, 422),
        ({"severity": "serious"}, 422),
        ({"text": "otra cosa"}, 422),
        ({"place": {"mesa": "999999"}}, 422),
        ({"occurred_at": "2026-06-07T08:05:00"}, 422),
        ({"occurred_at": "2031-06-07T08:05:00Z"}, 422),
    ],
    ids=str,
)
def test_a_correction_without_a_reason_or_a_difference_is_refused_and_changes_nothing(
    team: Team, said: dict[str, Any], status: int
) -> None:
    incident = team.filed()
    before = team.see("verifier", incident)
    assert correct(team, "verifier", incident, **said).status_code == status
    assert team.see("verifier", incident) == before


def test_nobody_corrects_their_own_report_and_no_observer_any(team: Team) -> None:
    own = team.filed("verifier")
    assert correct(team, "verifier", own, severity="minor").status_code == 403
    assert team.see("verifier", own)["can_correct"] is False
    assert correct(team, "second", own, severity="minor").status_code == 201
    assert correct(team, "observer", team.filed("observer"), severity="minor").status_code == 403


def test_what_is_settled_is_reopened_before_it_is_corrected(team: Team) -> None:
    incident = team.verified()
    team.move("coordinator", incident, "resolve", reason="La ODPE repuso el material")
    assert correct(team, "verifier", incident, severity="minor").status_code == 409
    assert team.see("verifier", incident)["can_correct"] is False


def test_what_becomes_critical_needs_its_second_voice_and_what_is_no_more_so_has_enough(team: Team) -> None:
    incident = team.verified(severity="serious")
    assert correct(team, "second", incident, severity="critical").json()["state"] == "verifying"
    seen = team.see("verifier", incident)
    assert (seen["voices"], seen["voices_needed"], seen["verified_at"]) == (1, 2, None)
    assert team.move("verifier", incident, "verify", basis="media_only").status_code == 403
    alerts = team.people["verifier"].get(f"{MISSION}/alerts").json()["alerts"]
    assert f"/mission/incident?id={incident}" in [alert["href"] for alert in alerts]
    assert correct(team, "second", incident, severity="serious").json()["state"] == "verified"
    assert team.see("verifier", incident)["verified_at"] is not None


def _published(team: Team) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = team.public.get(f"{BASE}/incidents").json()["incidents"]
    return found


def test_what_is_corrected_leaves_the_public_until_a_coordinator_publishes_it_anew(
    any_store: Store, tmp_path: Path
) -> None:
    with team_of(any_store, tmp_path, observers=5) as team:
        team.station(*((f"observer{n}", "district/140101") for n in range(1, 6)))
        incident = team.verified(occurred_at="2030-01-06T13:20:00Z")
        made = wait_until(lambda: (one := team.publish().json())["incidents"] == 1 and one)
        wait_until(lambda: [one["severity"] for one in _published(team)] == ["serious"])
        wait_until(lambda: moments.utc_now() >= moments.read(made["until"]) + timedelta(seconds=1))
        correct(team, "second", incident, severity="minor")
        wait_until(lambda: _published(team) == [])
        wait_until(lambda: team.publish().json()["incidents"] == 1)
        wait_until(lambda: [one["severity"] for one in _published(team)] == ["minor"])


def test_a_report_of_a_mesa_that_was_not_known_is_published_where_the_mesa_is(any_store: Store, tmp_path: Path) -> None:
    late = "900001"
    with team_of(any_store, tmp_path, observers=5) as team:
        country, place = team.country, team.country.places[0]
        team.station(*((f"observer{n}", f"district/{place.ubigeo}") for n in range(1, 6)))
        count = country.board.sums.of("nation").as_count(minute(1))
        country.tell([Fact("nation", replace(count, total=count.total + 1, pending=count.pending + 1))], minute(1))
        wait_until(lambda: team.file(place={"mesa": late}, key="late").is_success)
        incident = team.verified(place={"mesa": late})
        path = f"{MISSION}/public-preview"
        assert team.people["coordinator"].get(path).json()["hidden"] == [{"id": incident, "reason": "not_in_the_count"}]
        acta = Acta(code="P", place=place.code, registered=200, state=ActaState.PENDING, ubigeo=place.ubigeo)
        country.tell([Fact(f"mesa/{late}", acta)], minute(2))
        wait_until(lambda: team.people["coordinator"].get(path).json()["entries"])
        assert _published(team) == []  # the count's word alone makes nothing public
        wait_until(lambda: team.publish().json()["incidents"] == 1)
        wait_until(lambda: [one["key"] for one in _published(team)] == [f"district/{place.ubigeo}"])
        last = team.see("coordinator", incident)["events"][-1]
        assert (last["move"], last["detail"]["place"]) == ("place", place.code)
        assert "place" not in [event["move"] for event in team.see("observer", incident)["events"]]
