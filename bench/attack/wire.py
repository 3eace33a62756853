"""Connections to loopback from many addresses of it: nothing here reaches another machine."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

from msgspec import Struct

PATIENCE_S = 30.0
_SMALL = 4096


class Target(Struct, frozen=True):
    """Who is attacked: a port of this machine, and the election's part of its API."""

    port: int
    base: str

    @property
    def host(self) -> str:
        """As a request names it."""
        return f"127.0.0.1:{self.port}"


class Tally:
    """How often what happened, by kind of attack."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}

    def add(self, kind: str, what: str) -> None:
        """It happened once more."""
        self.counts.setdefault(kind, Counter())[what] += 1


@asynccontextmanager
async def connected(
    target: Target, source: str, *, window: int | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection from that address; `window`: so many bytes are taken before the server has to wait."""
    assert ip_address(source).is_loopback, source
    mine = socket.socket()
    mine.setblocking(False)
    if window is not None:
        mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    mine.bind((source, 0))
    try:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.get_running_loop().sock_connect(mine, ("127.0.0.1", target.port))
    except BaseException:
        mine.close()
        raise
    reader, writer = await asyncio.open_connection(sock=mine, limit=window or _SMALL * 16)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


def head(target: Target, method: str, path: str, *more: str) -> bytes:
    """The head of a request that is the last on its connection."""
    lines = (f"{method} {path} HTTP/1.1", f"Host: {target.host}", "Connection: close", *more)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def post(target: Target, path: str, body: Any) -> bytes:
    """A whole request with JSON, as a page of ours sends it."""
    sent = json.dumps(body).encode()
    more = (f"Origin: http://{target.host}", "Content-Type: application/json", f"Content-Length: {len(sent)}")
    return head(target, "POST", path, *more) + sent


async def ask(target: Target, source: str, request: bytes) -> str:
    """Send it and read all. Returns: the status, or "closed"."""
    async with connected(target, source) as (reader, writer):
        writer.write(request)
        async with asyncio.timeout(PATIENCE_S):
            line = await reader.readline()
            while await reader.read(_SMALL * 16):
                pass
    words = line.split()
    return words[1].decode() if len(words) > 1 else "closed"
