"""What changed in the map, for the mission: divided districts, places that opened, closed or moved, incidents there."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from mission.people.roles import Role
from tally.storage.store import Store
from tests.api.conftest import client_of
from tests.api.mission.conftest import MISSION, QUICK_PASSWORDS, add
from tests.api.mission.desk import INTAKE, People, report
from tests.api.previous.two_elections import AFTER, BEFORE, ELECTIONS, NOW, THEN, Count
from tests.databases import sqlite_in


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[People, Count]]:
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("changes")))
    Count(store, BEFORE, THEN).count()
    after = Count(store, AFTER, NOW)
    roles = {role.value: role for role in Role}
    for name, role in roles.items():
        add(store.engine, name, role)
    options = ServeOptions(election_id=AFTER.id, mission=MissionOptions(passwords=QUICK_PASSWORDS))
    with (
        client_of(create_app(store, ELECTIONS, options=options)) as public,
        closing(People(public, store, roles)) as found,
    ):
        yield found, after
    store.close()


def test_an_area_tells_what_became_of_its_places_and_of_its_mesas(people: tuple[People, Count]) -> None:
    answer = people[0]["verifier"].get(f"{MISSION}/map-changes?level=district").raise_for_status().json()
    areas = {area["key"]: area for area in answer["areas"]}
    names = ("kept", "opened", "closed", "moved", "mesas", "reassigned")
    assert [areas["district/140101"][name] for name in names] == [1, 1, 1, 0, 2, 1]
    # The school of the divided district is in the new one by now.
    assert [areas["district/140103"][name] for name in names] == [0, 0, 0, 1, 1, 0]
    assert [areas["district/140102"][name] for name in names] == [0, 1, 0, 0, 1, 1]
    assert [areas[key]["is_regrouped"] for key in ("district/140102", "district/140101")] == [True, False]
    assert {area["arrived"] for area in areas.values()} == {None}
    assert [one["key"] for one in answer["groups"][0]["now_areas"]] == ["district/140102", "district/140103"]


def test_one_district_is_told_place_by_place(people: tuple[People, Count]) -> None:
    asked = {"level": "district", "within": "district/140103"}
    (place,) = people[0]["verifier"].get(f"{MISSION}/map-changes", params=asked).raise_for_status().json()["places"]
    assert (place["name"], place["move"], place["then_district"]) == ("IE 1002 DEL NORTE", "moved", "district/140102")
    assert (place["then_mesas"], place["mesas"], place["then_district_name"]) == (1, 1, "ANCÓN")


def test_open_incidents_stand_beside_the_places_that_changed(people: tuple[People, Count]) -> None:
    team, after = people
    new, kept = after.codes["140101", "IE NUEVA"], after.codes["140101", "1001 SANTA ROSA"]
    for code in (new, kept):
        body = {**report(), "place": {"mesa": f"00{code}"}}
        answer = team["observer"].post(INTAKE, json=body, headers={"Idempotency-Key": f"changes-{code}"})
        assert answer.status_code == 201, answer.text
    asked = {"level": "district", "within": "district/140101"}
    found = team["verifier"].get(f"{MISSION}/map-changes", params=asked).json()
    assert [area["incidents"] for area in found["areas"]] == [1]
    assert {place["name"]: place["incidents"] for place in found["places"]}["IE NUEVA"] == 1


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("verifier", 200)])
def test_only_who_verifies_is_told(people: tuple[People, Count], who: str, status: int) -> None:
    assert people[0][who].get(f"{MISSION}/map-changes").status_code == status
