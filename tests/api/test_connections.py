"""Half-sent requests and unread answers, over real sockets: their clients are let go, and hold up nobody."""

import inspect
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.connections import BoundedProtocol
from api.live.client import PROTOCOL
from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, served
from tests.api.country import Country
from tests.api.test_pages import echo

HALF_A_POST = b"POST /_dash-update-component HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
HALF_A_HEAD = b"GET /areas/nation HTTP/1.1\r\nHost: x\r\n"
UPGRADE = (
    f"GET {BASE}/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {'A' * 22}==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n"
).encode()


@pytest.fixture
def address(store: Store, country: Country) -> Iterator[str]:
    with served(create_app(store, ELECTIONS, dashboard=echo, options=QUICK)) as found:
        yield found


@contextmanager
def sent(address: str, data: bytes) -> Iterator[socket.socket]:
    """A connection on which that was sent."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(data)
        yield client


def keep_sending(client: socket.socket, data: bytes) -> None:
    """Until the other side has had enough, a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        client.sendall(data)
        time.sleep(0.05)


def read_all(client: socket.socket) -> bytes:
    """Everything until the other side closes."""
    parts = []
    try:
        while part := client.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize("half", [HALF_A_POST, HALF_A_HEAD, b""])
def test_a_hundred_half_sent_requests_hold_up_no_page(address: str, half: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(sent(address, half))
        for _ in range(5):
            assert httpx.get(f"http://{address}/areas/nation", timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("half", "status"), [(HALF_A_POST, b"408"), (HALF_A_HEAD, b"408"), (b"", b"408"), (b"GET / HT", b"408")]
)
def test_half_a_request_is_let_go(address: str, half: bytes, status: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "head_s", 0.3)
    monkeypatch.setattr(BoundedProtocol, "stall_s", 0.3)
    with sent(address, half) as client:
        assert read_all(client).startswith(b"HTTP/1.1 " + status)


def test_blank_lines_after_an_answer_hold_no_connection(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "head_s", 0.3)
    with sent(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        client.sendall(b"\r\n")
        read_all(client)


def test_a_socket_on_a_connection_that_carried_requests_before_is_not_waited_for(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedProtocol, "head_s", 0.3)
    with sent(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
        client.sendall(UPGRADE)
        assert client.recv(65536).startswith(b"HTTP/1.1 101")
        client.settimeout(0.2)
        for _ in range(5):
            with suppress(TimeoutError):
                assert client.recv(65536) != b"", "it was closed"


def test_a_body_that_drips_ends_with_its_time(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "body_s", 1.0)
    with sent(address, HALF_A_POST) as client, pytest.raises(ConnectionError):
        keep_sending(client, b" ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 2_000_000,
        b"GET /" + b"x" * 2_000_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200_000,
    ],
)
def test_a_head_without_an_end_is_refused_before_it_is_held(address: str, head: bytes) -> None:
    with sent(address, b"") as client:
        try:
            client.sendall(head)
        except ConnectionError:
            return
        answer = read_all(client)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")), answer[:60]


def test_who_does_not_read_is_let_go(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "unread_s", 0.3)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200
    with sent(address, b"") as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):
            keep_sending(client, asked)


def test_a_request_in_small_pieces_is_answered(address: str) -> None:
    with sent(address, b"") as client:
        for byte in b"GET /areas/nation HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
            client.sendall(bytes([byte]))
        assert read_all(client).startswith(b"HTTP/1.1 200")


def test_only_a_new_connection_sets_a_timer_where_requests_come_whole(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float | None] = []
    wait = BoundedProtocol._wait

    def listen(self: BoundedProtocol, seconds: float | None) -> None:
        asked.append(seconds)
        wait(self, seconds)

    monkeypatch.setattr(BoundedProtocol, "_wait", listen)
    with httpx.Client() as client:
        for _ in range(5):
            assert client.get(f"http://{address}/areas/nation").status_code == 200
    assert [seconds for seconds in asked if seconds is not None] == [BoundedProtocol.head_s]


def test_what_this_relies_on_of_uvicorn_is_there() -> None:
    theirs = vars(HttpToolsProtocol)
    for name in ("on_message_begin", "on_headers_complete", "on_message_complete", "handle_websocket_upgrade"):
        assert name in theirs
    # A head is whole once its scope has a method; each request has a scope of its own.
    assert "method" not in inspect.getsource(theirs["on_message_begin"])
    assert 'self.scope["method"]' in inspect.getsource(theirs["on_headers_complete"])
