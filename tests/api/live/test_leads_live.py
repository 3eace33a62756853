"""Lead changes over one connection: the newest at first, then each as it happens; every replica says the same."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from api.main import create_app
from api.options import ServeOptions
from api.story import lead_following
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.hearing import Hearing, asking, receiver
from tests.waiting import PATIENCE_S, wait_until

OPTIONS = ServeOptions(poll_s=0.02, heartbeat_s=0.5)
LIMA, ANCON = "district/140101", "district/140102"


@pytest.fixture
def app(store: Store, country: Country) -> FastAPI:
    country.count(country.mesas[:1] + country.mesas[8:9], minute(1), (60, 50))
    return create_app(store, ELECTIONS, options=OPTIONS)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


class Reader(Hearing):
    """With the lead changes that it knows of."""

    protocol = "leads1"

    def __init__(self, receive: Callable[[], str]) -> None:
        super().__init__(receive)
        self.changes: list[Any] = []
        self.seq = -1

    def keep(self, message: dict[str, Any]) -> None:
        if message["t"] == "newest":
            self.changes, self.seq = message["changes"], message["seq"]
        if message["t"] == "leads":
            assert message["prev"] == self.seq or self.seq == -1
            self.changes, self.seq = self.changes + message["changes"], message["seq"]

    def until(self, number: int) -> "Reader":
        """Take in what comes until so many lead changes are known."""
        while len(self.changes) < number:
            self.take()
        return self


@contextmanager
def follow(address: str, level: str = "district", /, **wish: Any) -> Iterator[tuple[Reader, ClientConnection]]:
    with asking(f"ws://{address}{BASE}/lead-changes/live?level={level}", **wish) as socket:
        yield Reader(receiver(socket)), socket


def page(address: str, level: str = "district") -> list[Any]:
    """As the page of them has it, oldest first."""
    asked: dict[str, str | int] = {"level": level, "limit": 1000}
    answer = httpx.get(f"http://{address}{BASE}/lead-changes", params=asked, trust_env=False)
    return list(reversed(answer.json()["changes"]))


def in_order(changes: list[Any]) -> list[Any]:
    return sorted(changes, key=lambda one: (one["seq"], one["key"]))


def turn_lima(country: Country, n: int) -> None:
    """Another list leads in Lima than before."""
    country.count(country.mesas[n : n + 1], minute(n + 1), (10, 10 + 20 * n) if n % 2 else (10 + 20 * n, 10))


def test_who_follows_is_told_of_each_lead_change_as_the_page_has_it(address: str, country: Country) -> None:
    with follow(address) as (reader, _), follow(address, "nation") as (whole, _):
        hello, newest = reader.take(), reader.take()
        assert (hello["level"], hello["lists"], newest["why"], newest["changes"]) == (
            "district", ["red", "blue"], "start", [],
        )  # fmt: skip
        country.count([country.mesas[1], country.mesas[9]], minute(3), (10, 90))
        reader.until(2)
        assert in_order(reader.changes) == in_order(page(address))
        assert {one["key"] for one in reader.changes} == {LIMA, ANCON}
        assert [one["key"] for one in whole.until(1).changes] == ["nation"]


def test_only_an_area_that_is_named_is_told_of(address: str, country: Country) -> None:
    with follow(address, within=ANCON) as (reader, _):
        country.count([country.mesas[1], country.mesas[9]], minute(3), (10, 90))
        assert [one["key"] for one in reader.until(1).changes] == [ANCON]


def test_who_comes_back_is_told_what_was_missed_and_nothing_twice(address: str, country: Country) -> None:
    turn_lima(country, 1)
    wait_until(lambda: len(page(address)) == 1)
    with follow(address) as (reader, _):
        known = reader.until(1).changes
    turn_lima(country, 2)
    wait_until(lambda: len(page(address)) == 2)
    with follow(address, epoch=reader.epoch, **{"from": reader.seq}) as (later, _):
        missed = later.until(1).changes
    assert later.heard[:2] == ["hello", "leads"]
    assert known + missed == page(address)
    events = httpx.stream(
        "GET",
        f"http://{address}{BASE}/lead-changes/stream?level=district",
        headers={"Last-Event-ID": f"{reader.epoch}-{reader.seq}"},
        trust_env=False,
        timeout=PATIENCE_S,
    )
    with events as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        told = Reader(lambda: next(lines).removeprefix("data: "))
        assert told.until(1).changes == missed


def test_replicas_that_began_at_different_versions_say_the_same(store: Store, country: Country, app: FastAPI) -> None:
    chance = random.Random(7)
    with served(app) as first, follow(first) as (early, _):
        early.take()
        for n in range(1, 8):
            country.count(country.mesas[n : n + 1], minute(n + 1), (chance.randrange(90), chance.randrange(90)))
        with served(create_app(store, ELECTIONS, options=OPTIONS)) as second, follow(second) as (late, _):
            for n in range(9, 16):
                country.count(country.mesas[n : n + 1], minute(n + 1), (chance.randrange(90), chance.randrange(90)))
            wait_until(lambda: page(first) == page(second) and bool(page(first)))
            number = len(page(first))
            told = in_order(page(first))
            assert in_order(early.until(number).changes) == in_order(late.until(number).changes) == told


def test_more_than_are_told_at_once_are_left_to_the_page(
    address: str, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_following, "_MOST", 2)
    for n in range(1, 5):
        turn_lima(country, n)
    wait_until(lambda: len(page(address)) == 4)
    with follow(address) as (reader, _):
        reader.take()
        newest = reader.take()
        assert (newest["earlier"], newest["changes"]) == (2, page(address)[2:])
    with follow(address, epoch=reader.epoch, **{"from": 0}) as (gap, _):
        gap.take()
        assert gap.take()["why"] == "gap"


@pytest.mark.parametrize("wish", [{"within": "district/999999"}, {"within": "mesa/000001"}, {"within": 5}])
def test_what_cannot_be_followed_ends_the_connection_with_its_reason(address: str, wish: dict[str, Any]) -> None:
    with follow(address, **wish) as (_, socket), pytest.raises(ConnectionClosed) as ended:
        list(socket)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 4000


def test_a_level_that_there_is_not_is_refused(address: str) -> None:
    with pytest.raises(InvalidStatus), follow(address, "mesa"):
        pass
    stream = httpx.get(f"http://{address}{BASE}/lead-changes/stream?level=mesa", trust_env=False)
    assert stream.status_code == 422
