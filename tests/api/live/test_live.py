"""rt/1 over a real socket: what a client is sent is its schema's, leads to the server's state, and can be resumed."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.live.count import LiveCount, load
from api.live.feed import describe_feed
from api.main import create_app
from api.options import ServeOptions
from tally import moments
from tally.board import Fact
from tally.changes import fold, snapshot
from tally.keys import place_key
from tally.storage.database import transaction
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served
from tests.api.country import ELECTION, NAMES, Country, minute
from tests.api.live.follower import Follower, follow

NATIONAL = [key for key in NAMES if key.startswith(("nation", "scope", "department"))]
OPTIONS = ServeOptions(poll_s=0.02, heartbeat_s=0.3, hash_every=2)


@pytest.fixture
def app(store: Store, country: Country) -> FastAPI:
    return create_app(store, ELECTIONS, options=OPTIONS)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def test_a_first_subscription_is_greeted_and_given_the_state(address: str, country: Country) -> None:
    with follow(address) as client:
        client.subscribe("nation")
        hello, snap = client.receive(), client.receive()
        assert hello == {
            "t": "hello",
            "v": 1,
            "epoch": country.writer.info.epoch,
            "seq": 1,
            "hb": 0.3,
            "is_test": False,
        }
        assert (snap["why"], snap["seq"], set(snap["state"])) == ("start", 1, set(NATIONAL))


def start(client: Follower, *topics: str) -> None:
    client.subscribe(*topics)
    client.next("hello")
    client.next("snap")


def test_every_client_comes_to_the_state_of_the_server_and_of_the_log(address: str, country: Country) -> None:
    topics = ("nation", "provinces", "districts")
    with follow(address) as everything, follow(address) as lima:
        start(everything, *topics)
        start(lima, "department/14")
        for n in range(10):
            country.count(country.mesas[n * 4 : n * 4 + 4], minute(n + 1))
        country.publish(NATIONAL, minute(11))
        everything.reach(12)
        lima.reach(12)
        query = "&".join(f"topic={topic}" for topic in topics)
        state = httpx.get(f"http://{address}{BASE}/state?{query}").json()
        assert everything.state == state["state"]
        assert everything.hash == state["hash"]
        log = fold(country.sets)
        assert snapshot(log, NAMES) == snapshot(fold(country.sets), everything.state)
        assert set(lima.state) == {key for key in NAMES if key.partition("/")[2].startswith("14")}
        assert lima.hash == httpx.get(f"http://{address}{BASE}/state?topic=department/14").json()["hash"]


def test_prev_is_the_last_version_of_that_subscription(address: str, country: Country) -> None:
    with follow(address) as callao, follow(address) as nation:
        start(callao, "department/24")
        start(nation, "nation")
        for n, mesa in enumerate((country.mesas[0], country.mesas[1], country.mesas[-12]), 2):
            country.count([mesa], minute(n))
            nation.reach(n)
        delta = callao.next("delta")
        assert (delta["seq"], delta["prev"], delta["at"]) == (4, 1, minute(4))
        assert {change["k"] for change in delta["changes"]} == {
            "department/24",
            "province/2401",
            "district/240101",
        }


def test_values_are_absolute_and_name_their_source(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "district/140101")
        country.count(["000001"], minute(2), (70, 60))
        changes = {change["k"]: change for change in client.next("delta")["changes"]}
        assert changes["mesa/000001"]["d"]["votes"] == [70, 60]
        assert changes["mesa/000001"]["src"] == f"sha256:{1:064x}"
        assert changes["district/140101"]["d"]["computed"]["votes"] == [70, 60]
        assert changes["district/140101"]["src"] is None


def test_a_broken_connection_resumes_where_it_was(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "nation")
        state, epoch = client.state, client.epoch
    for n in range(3):
        country.count([country.mesas[n]], minute(n + 2))
    with follow(address) as watcher:
        start(watcher, "nation")
        watcher.reach(4)
        expected = watcher.state
    with follow(address) as client:
        client.stand(epoch, 1, state)
        client.subscribe("nation", epoch=epoch, since=1)
        client.next("hello")
        delta = client.next("delta")
        assert (delta["seq"], delta["prev"]) == (4, 1)
        assert client.state == expected
        keys = [change["k"] for change in delta["changes"]]
        assert len(keys) == len(set(keys))


def test_who_missed_nothing_is_sent_nothing(address: str) -> None:
    with follow(address) as client:
        start(client, "nation")
        state, epoch = client.state, client.epoch
    with follow(address) as client:
        client.stand(epoch, 1, state)
        client.subscribe("nation", epoch=epoch, since=1)
        client.next("hello")
        assert [client.receive()["t"] for _ in range(2)] == ["hb", "hb"]  # one of them with the state's hash


@pytest.mark.parametrize(("epoch", "since", "why"), [("other", 1, "epoch"), (None, 99, "gap"), (None, 0, "gap")])
def test_who_cannot_resume_starts_anew(address: str, country: Country, epoch: str | None, since: int, why: str) -> None:
    with follow(address) as client:
        client.subscribe("nation", epoch=epoch or country.writer.info.epoch, since=since)
        client.next("hello")
        assert client.next("snap")["why"] == why


def test_another_history_resets_every_client(address: str, store: Store, country: Country) -> None:
    with follow(address) as client:
        start(client, "nation")
        with transaction(store.engine) as connection:
            connection.execute(text("UPDATE counts SET epoch = 'restored'"))
        assert client.next("hello")["epoch"] == "restored"
        snap = client.next("snap")
        assert (snap["why"], snap["seq"]) == ("epoch", 1)


def test_heartbeats_tell_the_feed_and_now_and_then_the_hash(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "nation")
        country.report("ok", "2020-01-01T00:00:00Z")
        country.count(country.mesas[:3], minute(2))
        client.reach(2)
        beats = [client.next("hb") for _ in range(4)]
        assert ["hash" in beat for beat in beats] in ([False, True] * 2, [True, False] * 2)
        assert {beat.get("hash", client.hash) for beat in beats} == {client.hash}
        assert beats[-1]["seq"] == 2
        assert beats[-1]["feed"] == {"state": "stale", "checked_at": "2020-01-01T00:00:00Z", "changed_at": minute(2)}


def test_nothing_changed_later_than_it_was_checked(store: Store, country: Country) -> None:
    country.report("ok", minute(1))
    country.count(country.mesas[:3], minute(2))
    live = LiveCount(ELECTION, load(store, store.info(ELECTION.id)), ServeOptions())
    feed = describe_feed(live, moments.read(minute(3)))
    assert (feed.checked_at, feed.changed_at) == (minute(2), minute(2))
    country.report("ok", minute(4))
    live = LiveCount(ELECTION, load(store, store.info(ELECTION.id)), ServeOptions())
    assert describe_feed(live, moments.read(minute(5))).checked_at == minute(4)


def test_a_later_subscription_replaces_the_first(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "nation")
        start(client, "province/1402")
        assert set(client.state) == {"province/1402", "district/140201"}
        country.count([country.mesas[0]], minute(2))
        country.count([country.mesas[16]], minute(3))
        assert {change["k"] for change in client.next("delta")["changes"]} == {"province/1402", "district/140201"}


def test_a_large_snapshot_is_fetched_over_http(store: Store, country: Country) -> None:
    options = ServeOptions(poll_s=0.02, inline_bytes=1000)
    with served(create_app(store, ELECTIONS, options=options)) as address, follow(address) as client:
        client.subscribe("nation", "provinces")
        client.next("hello")
        fetch = client.next("fetch")
        country.count(country.mesas[:1], minute(2))  # the version named is still to be had
        assert fetch["url"].endswith(f"&epoch={client.epoch}")
        state = httpx.get(f"http://{address}{fetch['url']}").json()
        assert (state["seq"], state["hash"], state["topics"]) == (1, fetch["hash"], ["nation", "provinces"])
        client.stand(state["epoch"], state["seq"], state["state"])
        client.reach(2)
        assert client.state["nation"]["computed"]["counted"] == 1


def test_a_place_that_is_described_later_comes_by_its_district(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "district/140101")
        moved = country.places[0]
        country.tell([Fact(place_key("new"), type(moved)(code="new", name="NUEVO", ubigeo="140101"))], minute(2))
        assert client.next("delta")["changes"][0]["d"]["name"] == "NUEVO"


def corrections_of(message: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(change["k"], change["d"].get("votes")) for change in message["changes"] if change["kind"] == "correction"]


def test_corrections_are_a_topic_of_their_own(address: str, country: Country) -> None:
    with follow(address) as client:
        start(client, "corrections", "nation")
        country.count(["000001"], minute(2), (70, 60))
        assert corrections_of(client.next("delta")) == []
        country.count(["000001"], minute(3), (7, 60))
        delta = client.next("delta")
        assert ("mesa/000001", [7, 60]) in corrections_of(delta)
        only = {change["k"] for change in delta["changes"] if "topic" in change}
        assert only == {"mesa/000001", "place/1401011", "district/140101", "province/1401"}
        assert client.hash == httpx.get(f"http://{address}{BASE}/state").json()["hash"]
