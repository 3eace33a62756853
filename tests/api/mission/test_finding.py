"""Incidents are found by words, day, reporter and region, in list and sheet alike; observers see their assignment."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from mission.incidents import incident_log
from tests.api.mission import desk
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with desk.lasting_team(tmp_path_factory.mktemp("finding")) as team:
        yield team


@pytest.fixture(scope="module")
def filed(team: Team) -> dict[str, str]:
    """Some incidents by what tells them apart."""
    made = {
        "words": team.filed(text="No dejaban pasar a la personera en ANCÓN", place={"district": "140102"}),
        "late": team.filed(text="De noche", occurred_at="2030-01-07T04:59:59Z"),
        "next day": team.filed(text="De madrugada", occurred_at="2030-01-07T05:00:00Z"),
        "verifier": team.filed("verifier", text="De otra persona"),
        "abroad": team.filed(text="Lejos", place={"district": "920101"}),
        "noted": team.filed(text="Con nota"),
    }
    note = {"text": "Llamar a la ODPE"}
    assert team.people["verifier"].post(f"{MISSION}/incidents/{made['noted']}/notes", json=note).status_code == 201
    return made


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"text": "PERSONERA ancon"}, {"words"}),
        ({"text": "personera madrugada"}, set()),
        ({"text": "llamar odpe"}, {"noted"}),
        ({"since": "2030-01-07"}, {"next day"}),
        ({"until": "2030-01-06", "text": "de noche"}, {"late"}),
        ({"since": "2030-01-06", "until": "2030-01-06", "text": "madrugada"}, set()),
        ({"within": "department/92"}, {"abroad"}),
    ],
    ids=str,
)
def test_the_list_and_the_sheet_hold_the_same_choice(
    team: Team, filed: dict[str, str], params: dict[str, str], expected: set[str]
) -> None:
    client = team.people["verifier"]
    listed = {one["id"] for one in client.get(f"{MISSION}/incidents", params=params).json()["incidents"]}
    sheet = client.get(f"{MISSION}/incidents.csv", params=params).text
    written = {row["id"] for row in csv.DictReader(io.StringIO(sheet.lstrip("\ufeff")))}
    assert listed == written == {filed[name] for name in expected}


def test_a_reporter_is_chosen_by_pseudonym(team: Team, filed: dict[str, str]) -> None:
    params = {"reporter": team.pseudonym("verifier")}
    found = team.people["coordinator"].get(f"{MISSION}/incidents", params=params).json()["incidents"]
    assert [one["id"] for one in found] == [filed["verifier"]]


def test_what_is_no_day_is_refused(team: Team) -> None:
    assert team.people["verifier"].get(f"{MISSION}/incidents", params={"since": "yesterday"}).status_code == 422


def test_an_observer_finds_only_words_they_may_still_read(
    team: Team, filed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(text: str) -> list[str]:
        answer = team.people["observer"].get(f"{MISSION}/incidents", params={"text": text})
        return [one["id"] for one in answer.json()["incidents"]]

    assert found("personera") == [filed["words"]]
    assert found("odpe") == []  # the team's note
    assert found("otra persona") == []  # somebody else's report
    monkeypatch.setattr(incident_log, "OWN_FOR", timedelta(0))
    assert found("personera") == []  # a day later the phone may be in other hands
    assert found("ancon") == [filed["words"]]  # the place's name, which the line still says


def test_whoever_is_assigned_reads_where_and_nobody_elses(team: Team) -> None:
    def own(who: str) -> dict[str, Any] | None:
        answer = team.people[who].get(f"{MISSION}/assignment")
        assert answer.status_code == 200
        posting: dict[str, Any] | None = answer.json()["posting"]
        return posting

    assert own("observer") is None
    team.station(("observer", "place/1401011"))
    mine = own("observer")
    assert mine is not None
    assert (mine["key"], mine["name"], mine["district"]) == ("place/1401011", "I.E. Nº 1 LIMA", "LIMA")
    assert [place["key"] for place in mine["places"]] == ["place/1401011"]
    assert own("verifier") is None
    team.station(("observer", "district/140101"))
    wider = own("observer")
    assert wider is not None
    keys = [place["key"] for place in wider["places"]]
    assert "place/1401011" in keys
    assert all(str(key).startswith("place/140101") for key in keys)
    team.station(("observer", None))
    assert own("observer") is None


def test_the_summary_names_its_election_its_day_and_regions_in_which_nobody_is_one_of_few(team: Team) -> None:
    def named() -> list[str]:
        summary = team.people["coordinator"].get(f"{MISSION}/summary").json()
        assert summary["election"]["es"]
        assert summary["date"] == "2030-01-06"
        return [region["key"] for region in summary["coverage"]["named"]]

    everybody = ["observer", "verifier", "second", "coordinator", "admin"]
    team.station(*((name, "department/14") for name in everybody[:4]))
    assert named() == []
    team.station(*((name, "department/14") for name in everybody))
    assert named() == ["department/14"]
    team.station(*((name, None) for name in everybody))
