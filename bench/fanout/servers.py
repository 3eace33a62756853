"""The servers that are compared, each alone in a process: `python -m bench.fanout.servers raw|naive|hub|count|table`.

Commands come as lines of JSON on stdin, answers to stdout behind "= "; the first line out is the port.
"""

import asyncio
import gc
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from base64 import b64encode
from typing import Any, Protocol, cast

import msgspec
import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket

from api.commands.web_server import make_server
from api.http.listening import bind
from api.live.count import LiveCount
from api.live.frames import Frame
from api.main import create_app
from api.options import ServeOptions
from bench.country import newest_election
from tally.changes import Change, ChangeSet, Kind, encode
from tally.keys import Level, start_of
from tally.storage.store import Store
from tests.api.country import ELECTION, Country, minute

_AREAS = 980  # with two lists, 217 KB
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# What stands around the text of a message of ours: all servers send messages of one size.
_AROUND = 140
# No pings, heartbeats or limits: the same bytes on every wire, and nobody is let go while being measured.
OPTIONS = ServeOptions(
    poll_s=3600, heartbeat_s=3600, blocked_s=3600, sockets_per_address=100_000, sockets=100_000, ring_changes=500
)


class Contender(Protocol):
    """A server under measurement."""

    async def start(self) -> int:
        """Serve; the port."""

    async def push(self, size: int) -> int:
        """Give everybody one message of about that many bytes; how many bytes it had on the wire."""


class _RawPeer(asyncio.Protocol):
    def __init__(self, peers: set[asyncio.Transport]) -> None:
        self._peers, self._head = peers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._transport in self._peers:
            return
        self._head += data
        if b"\r\n\r\n" in self._head:
            key = self._head.split(b"Sec-WebSocket-Key: ", 1)[1].split(b"\r\n", 1)[0]
            accept = b64encode(hashlib.sha1(key + _MAGIC).digest())  # noqa: S324 - the protocol's
            self._transport.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            self._peers.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._peers.discard(self._transport)


class Raw:
    """The least one can do: write one finished frame to every transport of uvloop."""

    def __init__(self) -> None:
        self._peers: set[asyncio.Transport] = set()

    async def start(self) -> int:
        listener = bind("127.0.0.1", 0)
        self._server = await asyncio.get_running_loop().create_server(lambda: _RawPeer(self._peers), sock=listener)
        return int(listener.getsockname()[1])

    async def push(self, size: int) -> int:
        frame = Frame(b"x" * size).plain
        for peer in self._peers:
            peer.write(frame)
        return len(frame)


class Naive:
    """What a FastAPI tutorial does: a list of sockets and a loop that sends to each."""

    def __init__(self) -> None:
        self._sockets: set[WebSocket] = set()

    async def start(self) -> int:
        app = FastAPI()

        @app.websocket("/{path:path}")
        async def follow(socket: WebSocket, path: str) -> None:
            await socket.accept()
            self._sockets.add(socket)
            try:
                async for _ in socket.iter_text():
                    pass
            finally:
                self._sockets.discard(socket)

        config = uvicorn.Config(
            app, ws="websockets-sansio", ws_per_message_deflate=False, ws_ping_interval=None, log_level="warning"
        )
        return await _serve(uvicorn.Server(config))

    async def push(self, size: int) -> int:
        text = "x" * size
        for socket in tuple(self._sockets):
            await socket.send_text(text)
        return len(Frame(text).plain)


class BenchedHub:
    """Ours: a change set is folded in, written once, and pushed by the hub."""

    async def start(self) -> int:
        self._folder = tempfile.TemporaryDirectory()
        self.store = Store.open(f"sqlite:///{self._folder.name}/count.db")
        Country(self.store)
        return await self._open({ELECTION.id: ELECTION})

    async def _open(self, elections: dict[str, Any]) -> int:
        self.app = create_app(self.store, elections, options=OPTIONS)
        port = await _serve(make_server(self.app, is_alone=True, ws_ping_interval=None))
        while not self.app.state.services.counts.is_ready:
            await asyncio.sleep(0.01)
        self.live: LiveCount = self.app.state.services.counts.all()[0]
        return port

    async def push(self, size: int) -> int:
        data = b'{"filler":"%s","name":"LIMA"}' % (b"x" * (size - _AROUND))
        change = Change("department/14", Kind.UPDATE, data)
        seq = self.live.seq
        self.live.advance([ChangeSet(seq + 1, minute(1), (change,))])
        frame = self.live.delta(("nation",), seq, seq)
        assert frame is not None
        return len(frame.plain)

    async def hash(self) -> str:
        """Of the state a follower of the nation must have."""
        return self.live.snapshot(("nation",)).hash

    async def paused(self) -> int:
        """How many do not read: more is buffered for them than the transport's high-water mark."""
        members = [member for one in self.app.state.services.hub.audiences() for member in one.members()]
        return sum(member.wire.is_paused for member in members)

    async def drop(self) -> int:
        """Cut every connection."""
        members = [member for one in self.app.state.services.hub.audiences() for member in one.members()]
        for member in members:
            member.wire.transport.abort()
        return len(members)


class BenchedCount(BenchedHub):
    """Ours with the real path of a poll: bytes of 500 actas are read, checked, added up, stored, found and pushed."""

    async def start(self) -> int:
        from bench.polled import Polled  # draws a whole rehearsal

        self._folder = tempfile.TemporaryDirectory()
        self.store = Store.open(f"sqlite:///{self._folder.name}/count.db")
        self._polled = Polled(self.store)
        election = newest_election()
        return await self._open({election.id: election})

    async def push(self, size: int) -> int:
        await asyncio.to_thread(self._polled.publish, size)
        self.app.state.services.counts.wake()
        return 0


class BenchedTable(BenchedHub):
    """Ours with a country of which the table of all districts has a realistic size."""

    async def start(self) -> int:
        port = await super().start()
        value = msgspec.json.decode(self.live.view.entries["district/140101"].change.data)
        seed, changes = random.Random(1), []
        for number in range(140300, 140300 + _AREAS):
            value["computed"] |= {"votes": [seed.randrange(9999) for _ in range(2)], "cast": seed.randrange(99999)}
            changes.append(Change(f"{start_of(Level.DISTRICT)}{number}", Kind.UPDATE, encode(value)))
        self.live.advance([ChangeSet(self.live.seq + 1, minute(1), tuple(changes))])
        return port

    async def path(self) -> str:
        """The table's address."""
        return f"/api/v1/elections/{ELECTION.id}/state?topic=districts"


async def _serve(server: uvicorn.Server) -> int:
    listener = bind("127.0.0.1", 0)
    _RUNNING.append(asyncio.get_running_loop().create_task(server.serve(sockets=[listener])))
    while not server.started:
        await asyncio.sleep(0.01)
    return int(listener.getsockname()[1])


_RUNNING: list[asyncio.Task[None]] = []
_CONTENDERS: dict[str, type[Contender]] = {
    "raw": Raw,
    "naive": Naive,
    "hub": BenchedHub,
    "count": BenchedCount,
    "table": BenchedTable,
}


def _memory() -> int:
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def _answer(contender: Any, command: dict[str, Any]) -> Any:
    match command["do"]:
        case "push":
            began = time.monotonic()
            return {"at": began, "bytes": await contender.push(command["size"])}
        case "cpu":
            return time.process_time()
        case "memory":
            return _memory()
        case name:
            return await getattr(contender, name)()


async def _main(kind: str) -> None:
    contender = _CONTENDERS[kind]()
    _say(await contender.start())
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        _say(await _answer(contender, json.loads(line)))


def _say(value: Any) -> None:
    sys.stdout.write(f"= {json.dumps(value)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(sys.argv[1]))
        os._exit(0)  # thousands of sockets need no goodbye
