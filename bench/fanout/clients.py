"""Thousands of followers in one process: raw protocols that count bytes, so that they cost little.

Commands come as lines of JSON on stdin, answers to stdout behind "= ". Clients are kept in named groups.
"""

import asyncio
import hashlib
import json
import os
import random
import socket
import sys
import time
from typing import Any, cast

import uvloop

_AT_ONCE = 50
_STALLED_BUFFER = 4096
_RETRY_S = (0.5, 30.0)
_MASK = b"\0\0\0\0"


class Follower(asyncio.Protocol):
    """One socket. `waits` bytes are still to come before the group is told."""

    def __init__(self, group: "FollowerGroup") -> None:
        self._group = group
        self._head: bytes | None = b""
        self.waits = 0
        self.done_at = 0.0
        self.kept: bytearray | None = bytearray()
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        transport.write(
            f"GET {self._group.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: escrutinio.rt.v1\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
            if b"\r\n\r\n" not in self._head:
                return
            assert self._head.startswith(b"HTTP/1.1 101"), self._head[:300]
            data, self._head = self._head.partition(b"\r\n\r\n")[2], None
            wish = b'{"t":"sub","topics":["nation"]}'
            self.transport.write(bytes((0x81, 0x80 | len(wish))) + _MASK + wish)
            if not self._group.greets:
                self._get_ready()
        if self.kept is not None:
            self.kept += data
            if self._group.greets and b'"t":"snap"' in self.kept and _last_frame(self.kept) is not None:
                self._group.hashes.add(_state_hash(self.kept))
                self.kept = None
                self._get_ready()
            return
        if self.waits > 0:
            self.waits -= len(data)
            if self.waits <= 0:
                self.done_at = time.monotonic()
                self._group.finish()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.cancel()
        self._group.lose(self)

    def _get_ready(self) -> None:
        self.kept = None
        if not self.ready.done():
            self.ready.set_result(None)


class FollowerGroup:
    """Followers of one server."""

    def __init__(self, port: int, path: str, *, greets: bool) -> None:
        self.port, self.path, self.greets = port, path, greets
        self.all: list[Follower] = []
        self.stalled: list[Follower] = []
        self.hashes: set[str] = set()
        self.returns = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._missing = 0
        self._done = asyncio.Event()

    async def open(self, number: int, *, stalled: bool = False) -> None:
        turn = asyncio.Semaphore(_AT_ONCE)

        async def one() -> None:
            async with turn:
                await self._connect(stalled=stalled)

        await asyncio.gather(*(one() for _ in range(number)))

    async def _connect(self, *, stalled: bool = False) -> None:
        plain = socket.socket()
        plain.setblocking(False)
        if stalled:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STALLED_BUFFER)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(plain, ("127.0.0.1", self.port))
        _, follower = await loop.create_connection(lambda: Follower(self), sock=plain)
        await follower.ready
        if stalled:
            follower.transport.pause_reading()
        (self.stalled if stalled else self.all).append(follower)

    def arm(self, size: int) -> None:
        """Every follower waits for that many bytes."""
        self._missing = len(self.all)
        self._done.clear()
        for follower in self.all:
            follower.waits = size

    def finish(self) -> None:
        """One more has all it waited for."""
        self._missing -= 1
        if not self._missing:
            self._done.set()

    async def wait(self) -> list[float]:
        """When each had it, sorted."""
        await asyncio.wait_for(self._done.wait(), 60)
        return sorted(follower.done_at for follower in self.all)

    def lose(self, follower: Follower) -> None:
        """A connection broke: come back, with full jitter."""
        if self.returns:
            task = asyncio.get_running_loop().create_task(self._return())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _return(self) -> None:
        for attempt in range(100):
            shortest, longest = _RETRY_S
            ceiling = min(longest, shortest * 2 ** (attempt + 1))
            await asyncio.sleep(shortest + random.random() * (ceiling - shortest))
            try:
                await self._connect()
                return
            except (OSError, asyncio.CancelledError):
                continue

    async def come_back(self, number: int) -> dict[str, Any]:
        """After all were dropped: seconds until all are back, and the hashes of what they have."""
        began = time.monotonic()
        while len(self.all) < number and time.monotonic() - began < 60:
            await asyncio.sleep(0.01)
        return {"seconds": time.monotonic() - began, "back": len(self.all), "hashes": sorted(self.hashes)}


def _last_frame(kept: bytearray) -> bytes | None:
    """The payload of the frame with the state, once it is whole."""
    position, found = 0, None
    while position + 2 <= len(kept):
        size, start = kept[position + 1], position + 2
        if size == 126:
            size, start = int.from_bytes(kept[start : start + 2], "big"), start + 2
        if start + size > len(kept):
            return None
        found, position = bytes(kept[start : start + size]), start + size
    return found


def _state_hash(kept: bytearray) -> str:
    payload = _last_frame(kept)
    assert payload is not None
    return hashlib.sha256(payload.partition(b'"state":')[2][:-1]).hexdigest()


_groups: dict[str, FollowerGroup] = {}


async def _answer(command: dict[str, Any]) -> Any:
    name = command["group"]
    match command["do"]:
        case "open":
            if name not in _groups:
                _groups[name] = FollowerGroup(command["port"], command["path"], greets=command["greets"])
            await _groups[name].open(command["number"], stalled=command.get("stalled", False))
        case "arm":
            _groups[name].arm(command["bytes"])
        case "wait":
            return await _groups[name].wait()
        case "return":
            group = _groups[name]
            group.returns = True
            group.hashes.clear()
            group.all.clear()
        case "come_back":
            return await _groups[name].come_back(command["number"])
    return None


async def _main() -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        sys.stdout.write(f"= {json.dumps(await _answer(json.loads(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main())
        os._exit(0)
