"""The socket below the protocol: what we rely on of uvicorn, shared compressed frames, limits, and the end."""

import asyncio
import inspect
import json
import socket
import time
from contextlib import ExitStack

import pytest
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from api.commands.web_server import make_server
from api.live.frames import Frame
from api.live.sockets import HubProtocol
from api.main import create_app
from api.options import ServeOptions
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.follower import Follower, follow
from tests.api.live.test_sockets import rename
from tests.serving import in_thread
from tests.waiting import wait_until

QUICK = ServeOptions(poll_s=0.02)


def test_uvicorn_has_the_insides_we_build_upon() -> None:
    async def app(scope: object, receive: object, send: object) -> None: ...

    config = Config(app, ws=HubProtocol, ws_per_message_deflate=False, lifespan="off")
    config.load()
    loop = asyncio.new_event_loop()
    plain = WebSocketsSansIOProtocol(config, ServerState(), {}, loop)
    loop.close()
    for name in ("app", "close_sent", "close_timer", "conn", "disconnected", "frames", "logger", "loop", "queue"):
        assert hasattr(plain, name), name
    assert (plain.read_paused, plain.writable.is_set(), plain.conn.available_extensions) == (False, True, [])
    ours = {name for name, value in vars(HubProtocol).items() if inspect.isfunction(value)}
    overridden = {name for name in ours if hasattr(WebSocketsSansIOProtocol, name)} - {"__init__"}
    assert overridden == {
        "connection_lost",
        "handle_close",
        "handle_connect",
        "keepalive_timeout",
        "pause_writing",
        "resume_writing",
        "run_asgi",
        "send",
        "send_receive_event_to_app",
        "shutdown",
    }
    for name in overridden:
        own = inspect.signature(getattr(HubProtocol, name)).parameters
        assert list(own) == list(inspect.signature(getattr(WebSocketsSansIOProtocol, name)).parameters), name


def test_run_asgi_is_uvicorns_but_for_the_end() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol.run_asgi)
    assert "await self.app(self.scope, self.receive, self.send)" in source
    assert source.rstrip().endswith("if self.close_timer is None:\n            self.transport.close()")


def test_the_hub_needs_no_task_for_a_follower(store: Store, country: Country) -> None:
    app = create_app(store, ELECTIONS, options=QUICK)
    server = make_server(app)
    with in_thread(server, is_ready=lambda: app.state.services.counts.is_ready) as address, follow(address) as client:
        client.subscribe("nation")
        client.next("hello")
        assert len(server.server_state.connections) == 1
        wait_until(lambda: not server.server_state.tasks)


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_a_client_that_reads_deflate_gets_the_same_messages(
    store: Store, country: Country, compression: str | None
) -> None:
    with (
        served(create_app(store, ELECTIONS, options=QUICK)) as address,
        follow(address, compression=compression) as client,
    ):
        client.subscribe("nation", "provinces")
        client.next("hello")
        client.next("snap")
        for n in range(2, 6):
            country.count([country.mesas[n]], minute(n))
            client.reach(n)
        assert bool(client.socket.protocol.extensions) is (compression is not None)
        assert client.state["nation"]["computed"]["counted"] == 4


def test_a_frame_is_compressed_once_and_only_if_it_is_worth_it() -> None:
    small, large = Frame("{}"), Frame(json.dumps({"text": "vote " * 1000}))
    assert small.packed is small.plain
    assert len(large.packed) < len(large.plain) / 20
    assert large.packed is large.packed
    assert Frame(b"x" * 70_000).plain[:10] == b"\x81\x7f" + (70_000).to_bytes(8, "big")


def test_a_full_server_says_when_to_come_back(store: Store, country: Country) -> None:
    options = ServeOptions(poll_s=0.02, sockets=1)
    with served(create_app(store, ELECTIONS, options=options)) as address, follow(address):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{address}{BASE}/live", subprotocols=["escrutinio.rt.v1"], proxy=None)
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["Retry-After"] == "2"


def test_a_server_stops_in_time_though_clients_do_not_read(store: Store, country: Country) -> None:
    with ExitStack() as server:
        address = server.enter_context(served(create_app(store, ELECTIONS, options=QUICK)))
        with follow(address, max_queue=1, max_size=None, close_timeout=0.1) as client:
            _stall(client, country)
            began = time.monotonic()
            server.close()
            assert time.monotonic() - began < 6


def _stall(client: Follower, country: Country) -> None:
    """Subscribe, read nothing, and be sent far more than the kernel holds."""
    assert isinstance(client.socket.socket, socket.socket)
    client.subscribe("place/1401011")
    for n in range(2, 60):
        rename(country, n)
        time.sleep(0.02)
