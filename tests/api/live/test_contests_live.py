"""The table of contests over one connection: whole at first, then the rows that changed, to sockets and as events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import served
from tests.api.country import minute
from tests.api.live.hearing import Hearing, asking, receiver
from tests.api.regions import BASE, ELECTIONS, GOVERNOR, Region
from tests.waiting import PATIENCE_S, wait_until

OPTIONS = ServeOptions(poll_s=0.02, heartbeat_s=0.5, sockets_per_address=3)


@pytest.fixture
def regions(store: Store) -> dict[str, Region]:
    found = {name: Region(store, name) for name in ("cusco", "puno", "tacna")}
    for region in found.values():
        region.publish((3700, 3600, 3000, 2500), counted=80, pending=10)
    return found


@pytest.fixture
def app(store: Store, regions: dict[str, Region]) -> FastAPI:
    return create_app(store, ELECTIONS, options=OPTIONS)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


class Reader(Hearing):
    """With the rows that what it heard leads to."""

    protocol = "contests1"

    def __init__(self, receive: Callable[[], str]) -> None:
        super().__init__(receive)
        self.rows: dict[str, Any] = {}
        self.version = -1

    def keep(self, message: dict[str, Any]) -> None:
        if message["t"] == "snapshot":
            self.rows = {row["id"]: row for row in message["table"]["rows"]}
            self.version = message["table"]["version"]
        if message["t"] == "rows":
            assert message["prev"] == self.version
            self.rows |= {row["id"]: row for row in message["rows"]}
            self.version = message["version"]

    def until(self, is_there: Callable[[], bool]) -> None:
        """Take in what comes until that is so."""
        for _ in range(200):
            if is_there():
                return
            self.take()
        raise AssertionError(f"not reached: {self.heard}")


@contextmanager
def follow(address: str, **wish: Any) -> Iterator[tuple[Reader, ClientConnection]]:
    with asking(f"ws://{address}{BASE}/contests/live", **wish) as socket:
        yield Reader(receiver(socket)), socket


def read(address: str) -> Any:
    return httpx.get(f"http://{address}{BASE}/contests", trust_env=False).json()


def test_a_client_is_greeted_and_given_the_whole_table(address: str) -> None:
    with follow(address) as (reader, _):
        hello, snapshot = reader.take(), reader.take()
    assert (hello["t"], hello["v"], hello["hb"], hello["is_test"]) == ("hello", 1, 0.5, False)
    assert snapshot["why"] == "start"
    assert snapshot["table"] == read(address)
    assert len(reader.rows) == len(GOVERNOR.contests)


def test_only_the_rows_that_changed_are_told_under_the_counts_of_all(address: str, regions: dict[str, Region]) -> None:
    with follow(address) as (reader, _):
        reader.until(lambda: "snapshot" in reader.heard)
        regions["puno"].publish((9000, 3600, 3000, 2500), counted=90, at=2)
        message = reader.take()
        while message["t"] == "hb":
            message = reader.take()
    assert (message["t"], [row["id"] for row in message["rows"]]) == ("rows", ["puno"])
    assert message["counts"] == {"not_read": 22, "won": 1, "open": 2}
    assert (message["as_of"], reader.rows["puno"]["actas"]["counted"]) == (minute(2), 90)


def test_a_reader_of_two_contests_hears_of_those_alone(address: str, regions: dict[str, Region]) -> None:
    with follow(address, contests=["tacna", "cusco"]) as (reader, _):
        _, snapshot = reader.take(), reader.take()
        assert snapshot["table"]["counts"] == read(address)["counts"]
        assert list(reader.rows) == ["cusco", "tacna"]
        regions["puno"].publish((9000, 3600, 3000, 2500), counted=90, at=2)
        wait_until(lambda: read(address)["counts"].get("won") == 1)
        regions["tacna"].publish((3800, 3600, 3000, 2500), counted=81, pending=9, at=3)
        reader.until(lambda: reader.rows["tacna"]["actas"]["counted"] == 81)
    assert list(reader.rows) == ["cusco", "tacna"]


def test_who_has_the_table_already_is_sent_what_is_newer_alone(address: str, regions: dict[str, Region]) -> None:
    table = read(address)
    regions["puno"].publish((9000, 3600, 3000, 2500), counted=90, at=2)
    wait_until(lambda: read(address)["version"] > table["version"])
    with follow(address, epoch=table["epoch"], **{"from": table["version"]}) as (reader, _):
        reader.version = table["version"]
        reader.until(lambda: "rows" in reader.heard)
    assert (reader.heard[0], "snapshot" in reader.heard, list(reader.rows)) == ("hello", False, ["puno"])


def test_a_table_of_another_server_is_replaced(address: str) -> None:
    with follow(address, epoch="another", **{"from": 7}) as (reader, _):
        reader.take()
        assert reader.take()["why"] == "epoch"


def test_a_source_that_was_asked_in_vain_is_told_with_a_heartbeat(address: str, regions: dict[str, Region]) -> None:
    with follow(address) as (reader, _):
        reader.until(lambda: "hb" in reader.heard)
        regions["cusco"].report(7)
        reader.until(lambda: reader.rows["cusco"]["checked_at"] == minute(7))
    assert reader.rows["cusco"]["seq"] == 2


def test_events_say_the_same_and_can_be_resumed(address: str, regions: dict[str, Region]) -> None:
    url = f"http://{address}{BASE}/contests/stream?contest=cusco"
    with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
        with client.stream("GET", url) as answer:
            lines = answer.iter_lines()
            reader = Reader(lambda: next(line for line in lines if line.startswith("data: "))[6:])
            reader.until(lambda: "snapshot" in reader.heard)
        regions["cusco"].publish((3800, 3600, 3000, 2500), counted=81, pending=9, at=2)
        with client.stream("GET", url, headers={"Last-Event-ID": f"{reader.epoch}-{reader.version}"}) as answer:
            lines = answer.iter_lines()
            reader.until(lambda: reader.rows["cusco"]["actas"]["counted"] == 81)
    assert reader.heard.count("snapshot") == 1


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"contests": ["atlantis"]}, "no contest 'atlantis'"),
        ({"contests": []}, "1 to 64 of them"),
        ({"contests": "cusco"}, "not a message"),
    ],
)
def test_a_wish_that_cannot_be_is_answered_with_a_reason(address: str, wish: Any, reason: str) -> None:
    with follow(address, **wish) as (reader, _):
        bye = reader.take()
    assert (bye["t"], bye["code"]) == ("bye", 4000)
    assert reason in bye["reason"]


def test_an_address_has_no_more_connections_here_than_to_counts(address: str) -> None:
    with follow(address), follow(address), follow(address), pytest.raises(InvalidStatus) as refused, follow(address):
        pass
    assert refused.value.response.status_code == 429


def test_a_table_that_is_large_is_read_at_its_address(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.live.contest_following._INLINE_BYTES", 1000)
    with follow(address) as (reader, _):
        reader.take()
        fetch = reader.take()
        table = httpx.get(f"http://{address}{fetch['url']}", trust_env=False).json()
    assert (fetch["t"], fetch["why"], fetch["version"]) == ("fetch", "start", table["version"])


def test_no_task_is_left_when_nobody_follows(app: FastAPI, address: str) -> None:
    with follow(address) as (reader, _):
        reader.until(lambda: "snapshot" in reader.heard)
        [audience] = app.state.services.hub.audiences()
        assert audience.is_telling
    wait_until(lambda: not audience.is_telling)
