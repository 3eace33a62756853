"""Corrections and reconciliation over HTTP."""

import csv
from collections.abc import Iterator

import httpx
import msgspec
import pytest

from api.main import create_app
from tally.board import Fact, Release
from tally.keys import mesa_key
from tally.storage.store import Store
from tests.api import regions
from tests.api.conftest import BASE, ELECTIONS, QUICK, client_of
from tests.api.country import Country, minute
from tests.api.regions import Region


@pytest.fixture
def country(store: Store) -> Country:
    country = Country(store)
    country.count(country.mesas, minute(1))
    country.publish(["nation", "department/14", "district/140101"], minute(2))
    return country


@pytest.fixture
def client(country: Country, store: Store) -> Iterator[httpx.Client]:
    with client_of(create_app(store, ELECTIONS, options=QUICK)) as client:
        yield client


def test_a_count_without_corrections_has_an_empty_ledger(client: httpx.Client) -> None:
    body = client.get(f"{BASE}/corrections").json()
    assert (body["corrections"], body["next"]) == ([], None)


def test_a_replaced_acta_is_told_with_before_and_after(country: Country, client: httpx.Client) -> None:
    mesa = country.mesas[0]
    country.count([mesa], minute(3), votes=(10, 20))
    lines = _until_there(client, "corrections?level=mesa")
    assert [line["key"] for line in lines] == [mesa_key(mesa)]
    assert (lines[0]["before"]["votes"], lines[0]["after"]["votes"]) == ([61, 51], [10, 20])
    assert lines[0]["before_src"] == lines[0]["src"] == f"sha256:{1:064x}"
    everything = client.get(f"{BASE}/corrections").json()["corrections"]
    assert {"nation", "department/14", "place/1401011", mesa_key(mesa)} <= {line["key"] for line in everything}


def test_the_ledger_is_a_sheet_too(country: Country, client: httpx.Client) -> None:
    country.count([country.mesas[0]], minute(3), votes=(10, 20))
    _until_there(client, "corrections?level=mesa")
    rows = list(csv.DictReader(client.get(f"{BASE}/corrections?format=csv&level=nation&level=mesa").text.splitlines()))
    computed = next(row for row in rows if row["side"] == "computed")
    assert int(computed["before_red"]) - int(computed["after_red"]) == 51
    assert {row["key"] for row in rows} == {"nation", mesa_key(country.mesas[0])}


def test_of_a_count_without_actas_the_sheet_has_no_sum_of_ours(store: Store) -> None:
    region = Region(store, "cusco")
    region.publish((3000, 2900), counted=80)
    region.publish((2950, 2900), counted=80, at=2)
    with client_of(create_app(store, regions.ELECTIONS, options=QUICK)) as client:
        base = f"{regions.BASE}/contests/cusco"
        told = list(csv.DictReader(client.get(f"{base}/corrections?format=csv&level=department").text.splitlines()))
        [row] = csv.DictReader(client.get(f"{base}/results?level=department&format=csv").text.splitlines())
    first = region.contest.lists[0].id
    assert [(one["side"], one[f"before_{first}"], one[f"after_{first}"]) for one in told] == [
        ("published", "3000", "2950")
    ]
    assert row[f"published_{first}"] == "2950"
    assert {cell for name, cell in row.items() if name.startswith("computed_")} == {""}


def test_holds_and_releases_are_told_on_request(country: Country, client: httpx.Client) -> None:
    bad = msgspec.structs.replace(country.board.published["district/140101"], total=99)
    country.tell([Fact("district/140101", bad, "sha256:bad")], minute(3))
    [hold] = _until_there(client, "corrections?kind=hold")
    assert hold["after"]["held"][0]["rule"] == "buckets"
    country.writer.append(country.board.release(Release("district/140101", "Ana", "seen")), minute(4))
    lines = _until_there(client, "corrections?kind=release")
    assert lines[0]["note"] == {"by": "Ana", "reason": "seen"}


def test_pages_follow_each_other(country: Country, client: httpx.Client) -> None:
    for n in range(3):
        country.count([country.mesas[0]], minute(3 + n), votes=(40 - n, 20))
    _until_there(client, f"corrections?level=mesa&before={country.writer.seq + 1}", number=3)
    first = client.get(f"{BASE}/corrections?level=mesa&limit=2").json()
    second = client.get(f"{BASE}/corrections?level=mesa&limit=2&before={first['next']}").json()
    assert [len(page["corrections"]) for page in (first, second)] == [2, 1]


def test_what_cannot_be_asked_is_said(client: httpx.Client) -> None:
    for query in ("kind=update", "level=galaxy", "limit=0", "before=0"):
        answer = client.get(f"{BASE}/corrections?{query}")
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_areas_whose_two_truths_differ_are_all_listed(country: Country, client: httpx.Client) -> None:
    body = client.get(f"{BASE}/reconciliation").json()
    assert (body["compared"], body["differences"]) == (3, [])
    published = country.board.published["district/140101"]
    red, blue = published.votes
    shifted = msgspec.structs.replace(published, votes=(red + 1, blue - 1), source_at=minute(3))
    country.tell([Fact("district/140101", shifted)] * 2, minute(3))
    for _ in range(200):
        body = client.get(f"{BASE}/reconciliation").json()
        if body["differences"]:
            break
    [difference] = body["differences"]
    assert (difference["key"], difference["flags"][0]["rule"]) == ("district/140101", "reconciliation")
    assert difference["published"]["votes"] != difference["computed"]["votes"]


def _until_there(client: httpx.Client, path: str, number: int = 1) -> list[dict[str, object]]:
    for _ in range(300):
        lines: list[dict[str, object]] = client.get(f"{BASE}/{path}").json()["corrections"]
        if len(lines) >= number:
            return lines
    raise AssertionError("the ledger stayed empty")
