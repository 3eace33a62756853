"""Answers that are too large to be made or kept whole: compressed piece by piece, each piece given to all who wait.

Making one takes a worker's second or more, and a count moves on every second. So whoever asks while one is made is
given that one, and it stays the newest for ten times as long as it took: a tenth of a worker, however often asked.
"""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterator
from functools import partial
from typing import Any

from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import StreamingResponse

from api.http import keeping
from api.http.answers import Representation, choose_coding, entity_headers, has_etag
from api.http.errors import Departed
from api.http.visitors import visitor_address
from api.http.workers import Workers

_RESTS = 10
# Gzip at its quickest: a table of mesas is read by programs, seldom, and compressing it is most of its making.
_LEVEL, _GZIP, _PIECE = 1, 31, 64 * 1024


class PiecedAnswer:
    """One answer as it grows; `head` says of it what is known before its first byte. For the loop's thread."""

    def __init__(self, head: Representation) -> None:
        self.head, self.size, self.fresh_until = head, 0, float("inf")
        self.is_given_up = False
        self._task: asyncio.Task[None] | None = None
        self._pieces: list[bytes] = []
        self._news, self._readers = asyncio.Event(), 0

    def add(self, piece: bytes) -> None:
        """One more piece is there."""
        self._pieces.append(piece)
        self.size += len(piece)
        self.tell()

    def make(self, making: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let that make it."""
        self._task = asyncio.get_running_loop().create_task(making)
        return self._task

    def tell(self) -> None:
        """Wake all who wait for more."""
        self._news.set()
        self._news = asyncio.Event()

    async def read(self) -> AsyncIterator[bytes]:
        """All its pieces in gzip. When nobody reads what is not whole yet, it is not made any further."""
        task, number = self._task, 0
        self._readers += 1
        try:
            while number < len(self._pieces) or (task is not None and not task.done()):
                if number == len(self._pieces):
                    await self._news.wait()
                else:
                    yield self._pieces[number]
                    number += 1
            if task is not None:
                task.result()
        finally:
            self._readers -= 1
            if not self._readers and task is not None and task.cancel():
                self.is_given_up = True


class PiecedAnswers:
    """Growing answers by key, those that are whole kept up to a sum of bytes."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._made: LRUCache[Hashable, PiecedAnswer] = LRUCache(keeping.TABLES, getsizeof=lambda answer: answer.size)
        self._growing: dict[Hashable, PiecedAnswer] = {}

    def find(self, key: Hashable, etag: str) -> PiecedAnswer | None:
        """The answer of that key that is being made, or was made and is fresh: young, or still of that version."""
        found = self._growing.get(key) or self._made.get(key)
        if found is None or found.is_given_up or not (found.head.etag == etag or time.monotonic() < found.fresh_until):
            return None
        return found

    def make(self, key: Hashable, head: Representation, write: Callable[[], Iterator[bytes]]) -> PiecedAnswer:
        """Begin an answer; `write` gives its bytes piece by piece, in a worker."""
        answer = self._growing[key] = PiecedAnswer(head)
        task = answer.make(self._make(answer, write, visitor_address()))
        task.add_done_callback(partial(self._end, key, answer))
        return answer

    async def _make(self, answer: PiecedAnswer, write: Callable[[], Iterator[bytes]], address: str) -> None:
        loop = asyncio.get_running_loop()
        work = partial(_compress, write, lambda piece: loop.call_soon_threadsafe(answer.add, piece))
        took = await self._workers.run(work, address)
        answer.fresh_until = time.monotonic() + took * _RESTS

    def _end(self, key: Hashable, answer: PiecedAnswer, task: asyncio.Task[None]) -> None:
        if self._growing.get(key) is answer:
            del self._growing[key]
        if not task.cancelled() and task.exception() is None and answer.size <= keeping.TABLES:
            self._made[key] = answer
        answer.tell()


async def respond_in_pieces(request: Request, answer: PiecedAnswer, cache_control: str) -> Any:
    """The HTTP response: 304 if the client already has it, else piece by piece.

    Raises: AtCapacity, StoreUnavailable: before the first piece.
    """
    headers = entity_headers(answer.head, cache_control)
    if has_etag(request.headers.get("if-none-match", ""), headers["ETag"]):
        return StreamingResponse(_none(), 304, headers)
    pieces = answer.read()
    try:
        first = await anext(pieces)
    except asyncio.CancelledError:
        raise Departed("whoever asked has left") from None
    body = _after(first, pieces)
    if choose_coding(request.headers.get("accept-encoding", ""), Representation(b"", b"gzip")) == "gzip":
        headers["Content-Encoding"] = "gzip"
    else:
        body = _plain(body)
    return StreamingResponse(body, 200, headers, answer.head.media_type)


def _compress(write: Callable[[], Iterator[bytes]], tell: Callable[[bytes], object]) -> float:
    """Hand on what is written, compressed; the seconds it took."""
    began, packer, kept = time.monotonic(), zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP), b""
    for piece in write():
        kept += packer.compress(piece)
        if len(kept) >= _PIECE:
            tell(kept)
            kept = b""
    tell(kept + packer.flush())
    return time.monotonic() - began


async def _none() -> AsyncIterator[bytes]:
    return
    yield b""


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


async def _plain(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    async for piece in pieces:
        yield unpacker.decompress(piece)
