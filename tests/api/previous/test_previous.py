"""The election before at /previous: compared is what the file declares or what is the same, and nothing else."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import BASE, client_of
from tests.api.country import minute
from tests.api.previous.two_elections import AFTER, BEFORE, ELECTIONS, NOW, THEN, Count
from tests.databases import sqlite_in

Rows = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Count, Count, httpx.Client]]:
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("previous")))
    before, after = Count(store, BEFORE, THEN), Count(store, AFTER, NOW)
    before.count()
    after.count()
    with client_of(create_app(store, ELECTIONS, options=ServeOptions(election_id=AFTER.id))) as client:
        yield before, after, client
    store.close()


def rows_of(client: httpx.Client, **asked: str) -> tuple[Rows, dict[str, Any]]:
    answer = client.get(f"{BASE}/previous", params=asked).raise_for_status().json()
    return {row["key"]: row for row in answer["rows"]}, answer


def test_an_area_that_is_the_same_is_told_in_points(counts: tuple[Count, Count, httpx.Client]) -> None:
    rows, answer = rows_of(counts[2], level="district")
    lima = rows["district/140101"]
    assert (lima["match"], lima["then"]["votes"], lima["now"]["votes"]) == ("same", [80], [108])
    assert lima["then"]["registered"] == 300
    # 108 of 160 are 67.5 %, 80 of 150 were 53.333 %; of 320 voted 180 (56.25 %), of 300 had voted 170 (56.667 %).
    assert lima["change"] == {"turnout": -0.417, "shares": [14.167]}
    assert [one["id"] for one in answer["previous"]["lists"]] == ["red"]
    assert (answer["previous"]["counted"], answer["previous"]["total"]) == (7, 7)
    meta = counts[2].get(BASE).json()
    assert (answer["as_of"], answer["source_at"]) == (meta["as_of"], meta["source_at"])


def test_a_divided_district_is_compared_only_as_all_of_its_parts(counts: tuple[Count, Count, httpx.Client]) -> None:
    rows, answer = rows_of(counts[2], level="district")
    for key in ("district/140102", "district/140103"):
        assert (rows[key]["match"], rows[key]["then"], rows[key]["change"]) == ("regrouped", None, None)
    (group,) = answer["groups"]
    assert [one["key"] for one in group["now_areas"]] == ["district/140102", "district/140103"]
    assert (group["then"]["registered"], group["now"]["registered"]) == (300, 360)
    assert group["change"]["shares"] == [-10.0]


def test_a_renamed_area_is_compared_under_its_new_name_and_an_undeclared_name_is_not(
    counts: tuple[Count, Count, httpx.Client],
) -> None:
    rows, answer = rows_of(counts[2], level="district")
    assert (rows["district/140201"]["match"], rows["district/140201"]["former_name"]) == ("renamed", "SAN VICENTE")
    assert rows["district/140201"]["change"]["shares"] == [25.0]
    moved = rows["district/920102"]
    assert (moved["match"], moved["former"], moved["then"]["votes"]) == ("renamed", ["district/920109"], [10])
    assert (rows["district/920101"]["match"], rows["district/920101"]["then"]) == ("differs", None)
    assert [one["key"] for one in answer["gone"]] == ["district/920101", "district/920110"]


def test_compared_groups_new_and_gone_add_up_to_both_wholes(counts: tuple[Count, Count, httpx.Client]) -> None:
    client = counts[2]
    rows, answer = rows_of(client, level="district")
    nation = rows_of(client, level="nation")[0]["nation"]
    for side, gone in (("now", []), ("then", ["920101", "920110"])):
        alone = [row[side]["registered"] for row in rows.values() if row["change"]]
        together = [group[side]["registered"] for group in answer["groups"]]
        others = [sum(one[0] for one in THEN[ubigeo][1].values()) for ubigeo in gone]
        if side == "now":
            others = [row["now"]["registered"] for row in rows.values() if row["match"] in ("new", "differs")]
        assert sum([*alone, *together, *others]) == nation[side]["registered"]


def test_a_place_is_found_by_its_schools_number_or_its_name_and_else_it_is_new(
    counts: tuple[Count, Count, httpx.Client],
) -> None:
    _, after, client = counts
    rows, _ = rows_of(client, level="polling_place", within="department/14")
    by_name = {(row["name"]): row for row in rows.values()}
    assert (by_name["1001 SANTA ROSA"]["match"], by_name["1001 SANTA ROSA"]["former_name"]) == ("same", "IE 1001")
    assert by_name["escuela única"]["change"]["shares"] == [25.0]
    assert (by_name["IE NUEVA"]["match"], by_name["IE NUEVA"]["then"]) == ("new", None)
    assert (by_name["IE 1002 DEL NORTE"]["match"], by_name["IE 1002 DEL NORTE"]["then"]) == ("regrouped", None)
    code = after.codes["140101", "1001 SANTA ROSA"]
    assert rows_of(client, key=f"place/{code}")[0] == {f"place/{code}": rows[f"place/{code}"]}


def test_a_list_that_the_file_does_not_declare_is_never_told(counts: tuple[Count, Count, httpx.Client]) -> None:
    rows, answer = rows_of(counts[2], level="nation")
    assert len(rows["nation"]["then"]["votes"]) == len(answer["previous"]["lists"]) == 1
    sheet = counts[2].get(f"{BASE}/previous?level=district&format=csv").text
    head, *lines = csv.reader(io.StringIO(sheet))
    assert [name for name in head if "blue" in name] == []
    assert {line[head.index("match")] for line in lines} == {
        "same",
        "renamed",
        "regrouped",
        "together",
        "differs",
        "gone",
    }


def test_a_count_that_has_not_begun_has_no_change_and_is_no_zero(counts: tuple[Count, Count, httpx.Client]) -> None:
    rows, _ = rows_of(counts[2], level="nation", at=minute(0))
    assert (rows["nation"]["now"]["valid"], rows["nation"]["now"]["cast"]) == (None, None)
    assert rows["nation"]["change"] == {"turnout": None, "shares": [None]}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"level": "mesa"}, 422),
        ({"level": "polling_place"}, 422),
        ({"key": "mesa/000001"}, 422),
        ({"key": "district/999999"}, 404),
        ({"within": "x"}, 404),
    ],
)
def test_what_cannot_be_compared_is_refused(
    counts: tuple[Count, Count, httpx.Client], asked: dict[str, str], status: int
) -> None:
    assert counts[2].get(f"{BASE}/previous", params=asked).status_code == status


def test_a_count_elsewhere_is_read_as_it_is_and_one_that_is_not_there_shows_nothing(tmp_path: Path) -> None:
    closed, own = tmp_path / "closed", tmp_path / "own"
    closed.mkdir(), own.mkdir()
    old = Store.open(f"sqlite:///{closed / 'count.db'}")
    Count(old, BEFORE, THEN).count()
    old.close()
    was = (closed / "count.db").read_bytes()
    store = Store.open(sqlite_in(own))
    Count(store, AFTER, NOW).count()
    for place, is_there in ((str(closed), True), (str(tmp_path / "nowhere"), False), (None, False)):
        options = ServeOptions(election_id=AFTER.id, previous=place)
        with client_of(create_app(store, ELECTIONS, options=options)) as client:
            assert (client.get(BASE).json()["previous"] is not None) is is_there
            assert client.get(f"{BASE}/previous").status_code == (200 if is_there else 404)
    store.close()
    assert sorted(path.name for path in closed.iterdir()) == ["count.db"]
    assert (closed / "count.db").read_bytes() == was


def test_a_count_is_never_held_against_a_rehearsal(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    Count(store, BEFORE, THEN, is_test=True).count()
    Count(store, AFTER, NOW).count()
    with client_of(create_app(store, ELECTIONS, options=ServeOptions(election_id=AFTER.id))) as client:
        assert client.get(f"{BASE}/previous").status_code == 404
    store.close()
