"""The rehearsal's mission: a client like any other, beside a rehearsed count and never beside a real one."""

import io
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from api.commands.rehearsal_mission import Cast, make_cast
from api.main import create_app
from api.options import MissionOptions, ServeOptions
from ingest.rehearsal.mission_papers import ACTAS, MESAS
from mission.incidents.casebook import Casebook
from mission.incidents.rubric import Category
from mission.publication import Terms
from mission.rehearsal.cast import OBSERVERS, place_observers
from mission.rehearsal.drawing import draw_sheet
from mission.rehearsal.play import Play
from mission.rehearsal.script import Script
from mission.zones import Zones
from tally.board import Fact
from tally.errors import Forbidden
from tally.keys import NATION
from tally.settings import Settings
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, client_of
from tests.api.country import ELECTION, Country
from tests.api.mission.conftest import MISSION, QUICK_PASSWORDS, own, sign_in

_NOW = datetime(2030, 1, 7, tzinfo=UTC)
_TERMS = Terms(timedelta(0), timedelta(seconds=1))


def settings_of(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'count.db'}", election=ELECTION.id)


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return make_cast(settings_of(tmp_path), 3, QUICK_PASSWORDS)


@pytest.fixture
def store(tmp_path: Path, cast: Cast) -> Iterator[Store]:
    store = Store.open(settings_of(tmp_path).database_url)
    yield store
    store.close()


def stage(store: Store, folder: Path) -> ServeOptions:
    mission = MissionOptions(passwords=QUICK_PASSWORDS, photos=folder / "photos", terms=_TERMS)
    return ServeOptions(poll_s=0.02, mission=mission)


@pytest.mark.long
def test_forty_observers_report_through_the_intake_and_the_team_works_the_queue(
    store: Store, cast: Cast, tmp_path: Path
) -> None:
    country = Country(store, is_test=True)
    country.count(country.mesas, "2030-01-06T23:00:00Z")
    country.publish([NATION, "department/14", "department/24", "department/92"], "2030-01-06T23:01:00Z")
    said: list[str] = []
    with client_of(create_app(store, ELECTIONS, options=stage(store, tmp_path))) as client:
        players = msgspec.structs.replace(cast.players, url=str(client.base_url).rstrip("/"), incidents=60, pace=0.02)
        assert Play(players, said.append).perform() == 60
        public = client.get(f"{BASE}/incidents").json()
        with httpx.Client(base_url=client.base_url, headers=own(client)) as team:
            sign_in(team, "coordinator", cast.demonstration["coordinator"])
            check_the_day(team)
    book = Casebook(store.engine, ELECTION.id).read()
    assert said == ["The rehearsal's mission is at work: 40 observers."]
    assert len(book.incidents) == 60
    assert len({posting.observer for posting in book.postings}) == OBSERVERS + 1  # and whoever looks around
    states = Counter(incident.state.value for incident in book.incidents.values())
    assert states["verified"] + states["resolved"] + states["escalated"] > 20
    assert states["reported"] + states["verifying"] > 0
    assert any(incident.photos for incident in book.incidents.values())
    assert all(event.actor not in incident.reporters for incident in book.incidents.values()
               for event in incident.events if event.deed == "verify")  # fmt: skip
    assert public["incidents"]


def write_papers(country: Country, folder: Path) -> Path:
    """What the mission has beside the source: see `escrutinio feed --mission`."""
    folder.mkdir()
    rows = [(mesa, country.acta(mesa), country.where[mesa]) for mesa in country.mesas]
    mesas = [f"{mesa},{place.ubigeo},{place.code},200" for mesa, _, place in rows]
    (folder / MESAS).write_text("\n".join(("mesa,ubigeo,local,electores", *mesas, "")))
    figures = ("blank", "null", "challenged", "cast", "registered")
    actas = [
        ",".join(map(str, (mesa, *(getattr(acta, name) for name in figures), *(acta.votes or ()))))
        for mesa, acta, _ in rows
    ]
    (folder / ACTAS).write_text("\n".join((",".join(("mesa", *figures, "votes1", "votes2")), *actas, "")))
    return folder


@pytest.mark.long
def test_its_sample_is_drawn_before_the_count_names_all_mesas_and_copied_before_they_are_counted(
    store: Store, cast: Cast, tmp_path: Path
) -> None:
    """Of forty mesas six are named, five of them counted: three of those are the wrong copies."""
    country = Country(store, is_test=True, is_listed=False)
    country.list_mesas(country.mesas[::7], "2030-01-06T22:30:00Z")
    country.count(country.mesas[:29:7], "2030-01-06T23:00:00Z")
    nation = country.board.sums.of(NATION).as_count("2030-01-06T23:00:00Z")
    country.tell([Fact(NATION, msgspec.structs.replace(nation, total=40, pending=35))], "2030-01-06T23:01:00Z")
    country.publish(["department/14", "department/24", "department/92"], "2030-01-06T23:01:00Z")
    papers = write_papers(country, tmp_path / "papers")
    with client_of(create_app(store, ELECTIONS, options=stage(store, tmp_path))) as client:
        url = str(client.base_url).rstrip("/")
        players = msgspec.structs.replace(
            cast.players, url=url, incidents=1, pace=0.02, is_patient=False, papers=str(papers)
        )
        Play(players, lambda _: None).perform()
        with httpx.Client(base_url=client.base_url, headers=own(client)) as team:
            sign_in(team, "coordinator", cast.demonstration["coordinator"])
            found = team.get(f"{MISSION}/quick-counts/q1").json()
            compared = team.get(f"{MISSION}/quick-counts/q1/comparisons").json()["counts"]
            estimate = team.get(f"{MISSION}/quick-counts/q1/estimate").json()
    assert (found["standing"], found["mesas"], found["frame"]["origin"]) == (40, 40, "file")
    assert (found["frame"]["beside"]["named"], found["frame"]["beside"]["is_whole"]) == (6, False)
    assert (compared["different"], compared["equal"], compared["not_published"]) == (3, 2, 35)
    assert (estimate["refusal"], estimate["copied"]) == (None, 40)


def check_the_day(team: httpx.Client) -> None:
    """What a coordinator finds who looks around in each room of the mission."""

    def get(path: str) -> Any:
        answer = team.get(f"{MISSION}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    people = get("people")
    assert len(people["teams"]) == 8
    assert sum(one["is_lead"] for one in people["people"]) == 8
    counts = get("responses")["counts"]
    assert counts["all"] > 200
    assert counts["to_look_at"] > 0
    conflicts = get("conflicts")
    assert 0 < conflicts["undecided"] < len(conflicts["conflicts"])
    assert sum(message["progress"]["read"] for message in get("messages")["messages"]) > 40
    [sample] = get("quick-counts")["quick_counts"]
    compared = get(f"quick-counts/{sample['id']}/comparisons")
    assert (compared["counts"]["different"], compared["waiting"]) == (3, 0)
    assert {standing for standing, number in compared["counts"].items() if number} == {"different", "equal"}
    assert len(get(f"quick-counts/{sample['id']}/estimate")["shares"]) == 2
    assert get("findings")


def test_it_takes_no_part_in_a_real_count(store: Store, cast: Cast, tmp_path: Path) -> None:
    Country(store, is_test=False)
    with client_of(create_app(store, ELECTIONS, options=stage(store, tmp_path))) as client:
        players = msgspec.structs.replace(cast.players, url=str(client.base_url).rstrip("/"), pace=0.01)
        with pytest.raises(Forbidden, match="real count"):
            Play(players, lambda _: None).perform()
    assert Casebook(store.engine, ELECTION.id).read().seq == 0


def test_no_accounts_are_made_in_a_database_with_a_real_count(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    store = Store.open(settings.database_url)
    try:
        Country(store, is_test=False)
        with pytest.raises(Forbidden, match="real count"):
            make_cast(settings, 1)
    finally:
        store.close()


def test_there_is_one_demonstration_account_a_role_with_a_new_password_each_time(
    store: Store, cast: Cast, tmp_path: Path
) -> None:
    Country(store, is_test=True)
    assert list(cast.demonstration) == ["admin", "coordinator", "verifier", "observer"]
    (tmp_path / "another").mkdir()
    again = make_cast(settings_of(tmp_path / "another"), 3, QUICK_PASSWORDS)
    assert not set(again.demonstration.values()) & set(cast.demonstration.values())
    with client_of(create_app(store, ELECTIONS, options=stage(store, tmp_path))) as client:
        for name, password in cast.demonstration.items():
            with httpx.Client(base_url=client.base_url, headers=own(client)) as browser:
                assert sign_in(browser, name, password).json()["role"] == name
                assert browser.get(f"{MISSION}/session").status_code == 200


def test_the_same_seed_plays_the_same() -> None:
    keys = ["mesa/000001", "place/1401011", "district/140101"]
    one, other = ([Script(7).report(keys, _NOW) for _ in range(3)] for _ in range(2))
    assert one == other
    assert {script.report(keys, _NOW)["category"] for script in [Script(1)] for _ in range(400)} == set(Category)


def test_observers_stand_so_that_something_can_be_shown_at_every_level() -> None:
    mesas = {f"{a:02}{b:02}{c:02}": 100 - a - b - c for a in range(1, 8) for b in range(1, 4) for c in range(1, 5)}
    stations = place_observers(mesas, random.Random(1))
    assert len(stations) == OBSERVERS
    zones = Zones(Counter(stations))
    levels = Counter((zones.key(district) or "").partition("/")[0] for district in stations)
    assert set(levels) == {"district", "province", "department"}


def test_observers_go_first_to_where_mesas_are_known() -> None:
    mesas = {f"{a:02}{b:02}{c:02}": 100 - a - b - c for a in range(1, 8) for b in range(1, 4) for c in range(1, 5)}
    stations = Counter(place_observers(mesas, random.Random(1), listed={"070304", "060101"}))
    assert stations["070304"] >= 6
    assert stations["060101"] >= 6


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_small_country_has_room_for_all_observers(number: int) -> None:
    stations = place_observers({f"0101{n:02}": 3 for n in range(1, number + 1)}, random.Random(1))
    assert len(stations) == OBSERVERS


def test_its_pictures_are_drawn_and_every_one_is_another() -> None:
    chance = random.Random(1)
    one, other = draw_sheet(chance, "a"), draw_sheet(chance, "a")
    assert one != other
    with Image.open(io.BytesIO(one)) as picture:
        assert picture.format == "JPEG"
