"""Lead changes over all areas of a level at once."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.databases import sqlite_in

LIMA, ANCON = "district/140101", "district/140102"


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Two districts of one province turn at once, one of them back later; a third is first tied."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("turned")))
    country = Country(store)
    country.count(country.mesas[:1] + country.mesas[8:9], minute(1), (60, 50))
    country.count(["000017"], minute(2), (70, 70))
    country.count([country.mesas[1], country.mesas[9], "000018"], minute(3), (10, 90))
    country.count(country.mesas[2:4], minute(4), (90, 10))
    country.publish([LIMA], minute(5))
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        yield client
    store.close()


def ask(client: httpx.Client, **question: Any) -> Any:
    answer = client.get(f"{BASE}/lead-changes", params={"level": "district", **question})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_area_that_turned_is_told_newest_first(turned: httpx.Client) -> None:
    found = ask(turned)
    told = [(one["key"], one["at"], one["leader"], one["before"], one["margin"]) for one in found["changes"]]
    assert told == [(LIMA, minute(4), 0, 1, 90), (ANCON, minute(3), 1, 0, 70), (LIMA, minute(3), 1, 0, 70)]
    assert (found["lists"], found["matching"], found["next"]) == (["red", "blue"], 3, None)
    assert [one["name"] for one in found["changes"]] == ["LIMA", "ANCÓN", "LIMA"]
    moments = turned.get(f"{BASE}/moments?key={LIMA}").json()["moments"]
    assert [one["seq"] for one in moments] == [one["seq"] for one in found["changes"] if one["key"] == LIMA][::-1]


def test_it_can_be_asked_of_an_area_since_a_moment_and_at_one(turned: httpx.Client) -> None:
    assert ask(turned, since=minute(3))["matching"] == 1
    assert ask(turned, at=minute(3))["matching"] == 2
    assert ask(turned, within="province/1402")["matching"] == 0
    assert [one["leader"] for one in ask(turned, level="department")["changes"]] == [1]


def test_a_page_never_ends_within_a_version(turned: httpx.Client) -> None:
    first = ask(turned, limit=2)
    assert len(first["changes"]) == 3
    one = ask(turned, limit=1)
    assert len(one["changes"]) == 1
    rest = ask(turned, limit=1, before=one["next"])
    assert ([line["key"] for line in rest["changes"]], rest["next"], rest["matching"]) == ([ANCON, LIMA], None, 3)


def test_a_level_or_an_area_that_there_is_not_is_refused(turned: httpx.Client) -> None:
    assert turned.get(f"{BASE}/lead-changes?level=mesa").status_code == 422
    assert turned.get(f"{BASE}/lead-changes?level=district&within=department/99").status_code == 404
