"""Who gets a socket, what a client may do with it, and that a slow one is nobody's problem but its own."""

import json
import socket as sockets
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from api.http.visitors import address_of
from api.live.sockets import HubProtocol
from api.main import create_app
from api.options import ServeOptions
from tally.board import Fact
from tally.keys import place_key
from tally.model import PollingPlace
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.follower import Follower, follow, validate
from tests.waiting import PATIENCE_S, wait_until

OPTIONS = ServeOptions(
    poll_s=0.02, sockets_per_address=3, origins=("https://news.example",), blocked_s=2.0, heartbeat_s=0.3
)
BIG = 250_000


@pytest.fixture
def app(store: Store, country: Country) -> FastAPI:
    return create_app(store, ELECTIONS, options=OPTIONS)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def refusal(address: str, **options: Any) -> Any:
    with pytest.raises(InvalidStatus) as refused, follow(address, **options):
        pass
    response = refused.value.response
    assert response.headers["content-type"] == "application/problem+json"
    body = json.loads(response.body)
    assert body["status"] == response.status_code
    return body


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_foreign_page_is_refused_before_accept(address: str, origin: str) -> None:
    assert refusal(address, origin=origin)["status"] == 403


@pytest.mark.parametrize("origin", [None, "https://news.example", "http://{address}"])
def test_our_own_pages_listed_ones_and_programs_are_welcome(address: str, origin: str | None) -> None:
    with follow(address, origin=origin and origin.format(address=address)) as client:
        client.subscribe("nation")
        assert client.receive()["t"] == "hello"


@pytest.mark.parametrize("offered", [None, ["graphql-ws"]])
def test_another_subprotocol_is_refused(address: str, offered: list[str] | None) -> None:
    body = refusal(address, subprotocols=offered)
    assert (body["status"], "escrutinio.rt.v1" in body["detail"]) == (422, True)


def test_an_unknown_election_is_refused(address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{address}/api/v1/elections/none/live", subprotocols=["escrutinio.rt.v1"], proxy=None)
    assert refused.value.response.status_code == 404


def test_one_address_has_a_limited_number_of_sockets(app: FastAPI, address: str) -> None:
    with follow(address), follow(address):
        with follow(address):
            assert refusal(address)["status"] == 429
        wait_until(lambda: app.state.services.hub.size == 2)
        with follow(address) as client:
            client.subscribe("nation")
            assert client.receive()["t"] == "hello"
    wait_until(lambda: app.state.services.hub.size == 0)


def goodbye(client: Follower) -> dict[str, Any]:
    """The bye, checked against the close that follows."""
    while True:
        message = client.receive()
        if message["t"] == "bye":
            break
    with pytest.raises(ConnectionClosed) as closed:
        client.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == message["code"]
    assert message["retry_ms"] == [500, 30000]
    return message


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("not json", 4000),
        ("[]", 4000),
        ('{"t":"sub"}', 4000),
        ('{"t":"sub","topics":[]}', 4000),
        ('{"t":"sub","topics":["everything"]}', 4000),
        ('{"t":"sub","topics":["nation"],"from":"1"}', 4000),
        (json.dumps({"t": "sub", "topics": [f"mesa/{n:06}" for n in range(17)]}), 4000),
        (json.dumps({"t": "other", "text": "x" * 1024}), 4009),
    ],
)
def test_a_message_that_cannot_be_used_ends_the_socket(address: str, sent: str, code: int) -> None:
    with follow(address) as client:
        client.socket.send(sent)
        assert goodbye(client)["code"] == code


def test_more_than_five_messages_in_ten_seconds_end_the_socket(address: str) -> None:
    with follow(address) as client:
        for _ in range(6):
            client.socket.send('{"t":"other"}')
        assert goodbye(client)["code"] == 4029


def test_unknown_kinds_and_fields_are_ignored(address: str) -> None:
    with follow(address) as client:
        client.socket.send('{"t":"weather","sky":"blue"}')
        client.socket.send('{"t":"sub","topics":["nation"],"colour":"blue"}')
        assert [client.receive()["t"], client.receive()["t"]] == ["hello", "snap"]


def rename(country: Country, n: int, size: int = BIG) -> None:
    """One large change of a single key."""
    place = country.places[0]
    name = f"{n:04}" + "X" * size
    country.tell([Fact(place_key(place.code), PollingPlace(code=place.code, name=name, ubigeo="140101"))], minute(n))


def test_a_client_that_stops_reading_delays_nobody_and_is_let_go(app: FastAPI, address: str, country: Country) -> None:
    with follow(address, max_queue=1, max_size=None) as slow, follow(address, max_size=None) as quick:
        for client in (slow, quick):
            client.subscribe("place/1401011")
            client.next("hello")
        quick.next("snap")
        delays = []
        for n in range(2, 42):
            rename(country, n)
            written = time.monotonic()
            quick.reach(n)
            delays.append(time.monotonic() - written)
        assert max(delays) < 2.0
        wait_until(lambda: app.state.services.hub.size == 1)
        received = drain(slow)
        assert received[-1]["t"] == "bye"
        assert received[-1]["code"] == 4008
        assert len(received) < 40


def drain(client: Follower) -> list[dict[str, Any]]:
    found = []
    with suppress(ConnectionClosed):
        while True:
            found.append(validate(json.loads(client.socket.recv(PATIENCE_S))))
    return found


def test_a_client_that_never_reads_again_is_cut(
    store: Store, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HubProtocol, "grace_s", 0.5)
    options = ServeOptions(poll_s=0.02, blocked_s=0.2, heartbeat_s=0.3)
    with served(create_app(store, ELECTIONS, options=options)) as address:
        host, port = address.split(":")
        with follow(address, max_queue=1, max_size=None, close_timeout=0.1) as client:
            client.subscribe("place/1401011")
            raw = client.socket.socket
            assert isinstance(raw, sockets.socket)
            peer, n = raw.getsockname()[1], 2
            end = time.monotonic() + PATIENCE_S
            while not _is_gone(host, int(port), peer):
                assert time.monotonic() < end, "the connection is still open"
                if n < 100:
                    rename(country, n)
                    n += 1
                time.sleep(0.03)


def _is_gone(host: str, port: int, peer: int) -> bool:
    """Whether the server's end of that connection is no longer established."""
    local, remote = f"{port:04X}", f"{peer:04X}"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return not any(row[1].endswith(f":{local}") and row[2].endswith(f":{remote}") and row[3] == "01" for row in rows)


class _Socket:
    def __init__(self, host: str | None) -> None:
        self.client = None if host is None else type("Client", (), {"host": host})()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_an_ipv6_network_counts_as_one_address(host: str | None, address: str) -> None:
    assert address_of(_Socket(host)) == address
