"""The live protocol as server-sent events: the same messages, the same states, resumed by Last-Event-ID."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.main import create_app
from api.options import ServeOptions
from tally.changes import digest, encode
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served, wait_until
from tests.api.country import Country, minute
from tests.api.live.follower import validate

OPTIONS = ServeOptions(poll_s=0.02, heartbeat_s=0.3, hash_every=2, sockets_per_address=2)


@pytest.fixture
def app(store: Store, country: Country) -> FastAPI:
    return create_app(store, ELECTIONS, options=OPTIONS)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


class Reader:
    """One stream; `last_id` is what a browser would resume with."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.last_id = ""

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next message of those kinds; heartbeats on the way are fine."""
        for line in self._lines:
            name, _, text = line.partition(": ")
            if name == "id":
                self.last_id = text
            elif name == "data":
                message = validate(json.loads(text))
                if message["t"] in kinds:
                    return message
                assert message["t"] == "hb", message
        raise AssertionError("the stream ended")


@contextmanager
def read(address: str, query: str = "topic=nation", last_id: str = "") -> Iterator[Reader]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    url = f"http://{address}{BASE}/stream?{query}"
    with httpx.Client() as client, client.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield Reader(response.iter_lines())


def test_a_stream_leads_to_the_state_of_the_server(address: str, country: Country) -> None:
    with read(address) as reader:
        reader.next("hello")
        state = reader.next("snap")["state"]
        for n in range(2, 6):
            country.count([country.mesas[n]], minute(n))
            state |= {change["k"]: change["d"] for change in reader.next("delta")["changes"]}
        served_state = httpx.get(f"http://{address}{BASE}/state").json()
        assert state == served_state["state"]
        beats = [reader.next("hb") for _ in range(3)]
        assert {beat["hash"] for beat in beats if "hash" in beat} == {digest(encode(state))}


def test_last_event_id_resumes_where_the_stream_broke(address: str, country: Country) -> None:
    with read(address) as reader:
        reader.next("hello")
        reader.next("snap")
        last = reader.last_id
    assert last == f"{country.writer.info.epoch}-1"
    for n in range(2, 5):
        country.count([country.mesas[n]], minute(n))
    wait_until(lambda: httpx.get(f"http://{address}{BASE}").json()["seq"] == 4)
    for query, last_id in (("topic=nation", last), (f"epoch={country.writer.info.epoch}&from=1", "")):
        with read(address, query, last_id) as reader:
            reader.next("hello")
            delta = reader.next("delta")
            assert (delta["prev"], delta["seq"], reader.last_id[-2:]) == (1, 4, "-4")


@pytest.mark.parametrize(("last_id", "status"), [("x", 422), ("a-b", 422), ("-1", 422), ("a-" + "9" * 30, 422)])
def test_an_id_that_names_no_version_is_refused(address: str, last_id: str, status: int) -> None:
    answer = httpx.get(f"http://{address}{BASE}/stream", headers={"Last-Event-ID": last_id})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_streams_count_as_connections_of_their_address(app: FastAPI, address: str) -> None:
    with read(address), read(address):
        assert httpx.get(f"http://{address}{BASE}/stream").status_code == 429
    wait_until(lambda: app.state.services.hub.size == 0)


def test_a_foreign_page_may_not_hold_a_stream_open(address: str) -> None:
    answer = httpx.get(f"http://{address}{BASE}/stream", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_stop_ends_streams_at_once(store: Store, country: Country) -> None:
    with served(create_app(store, ELECTIONS, options=OPTIONS)) as address:
        stream = read(address)
        reader = stream.__enter__()
        reader.next("hello")
        began = time.monotonic()
    assert time.monotonic() - began < 4
    assert reader.next("snap", "bye")["t"] in ("snap", "bye")
    stream.__exit__(None, None, None)
