"""Answers built once and given to many: bytes, their gzip twin and their ETag, kept for the newest versions."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import anyio
import msgspec
from anyio import CapacityLimiter, to_thread
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
# Two seconds of a CDN are enough for any crowd; a server that is away leaves a day of last numbers.
CURRENT = "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"
PAST = "public, max-age=60"
IMMUTABLE = "public, max-age=31536000, immutable"
UNCACHED = "no-cache"
_PACK_FROM = 1024
_GZIP_LEVEL = 6


class Answer(Struct, frozen=True):
    """One finished answer; `etag` is None where freshness is not a matter of versions."""

    body: bytes
    packed: bytes | None
    etag: str | None = None
    media_type: str = JSON
    headers: dict[str, str] = {}


def pack(body: bytes, etag: str | None = None, media_type: str = JSON, headers: dict[str, str] | None = None) -> Answer:
    """An answer with its gzip twin, where compressing is worth it."""
    packed = gzip.compress(body, _GZIP_LEVEL, mtime=0) if len(body) >= _PACK_FROM else None
    return Answer(body, packed, etag, media_type, headers or {})


def encoded(value: Any, etag: str | None = None) -> Answer:
    """A small JSON answer of any value msgspec can encode."""
    return Answer(msgspec.json.encode(value), None, etag)


def respond(request: Request, answer: Answer, cache_control: str = CURRENT) -> Response:
    """The HTTP response: 304 if the client already has it, compressed if it can read that."""
    headers = {**answer.headers, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    if answer.etag is not None:
        headers["ETag"] = f'"{answer.etag}"'
        if _has(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    if answer.packed is not None and _reads_gzip(request):
        return Response(answer.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=answer.media_type)
    return Response(answer.body, headers=headers, media_type=answer.media_type)


class AnswerCache:
    """Answers by key, least recently used out first. Of several requests for one key, one builds and all wait.

    `limit_bytes` bounds the sum of all bodies; one answer larger than that is given but not kept.
    """

    def __init__(self, limit_bytes: int = 128 * 1024 * 1024, threads: int = 2) -> None:
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._building: dict[Hashable, anyio.Event] = {}
        self._limit, self._size = limit_bytes, 0
        # Building is Python work: more threads than this would only slow the loop down.
        self._threads = CapacityLimiter(threads)

    async def get(self, key: Hashable, build: Callable[[], Answer]) -> Answer:
        """The answer of that key; `build` runs in a worker thread if there is none yet."""
        while key in self._building:
            await self._building[key].wait()
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            return known
        done = self._building[key] = anyio.Event()
        try:
            answer = await to_thread.run_sync(build, limiter=self._threads)
            self._keep(key, answer)
        finally:
            del self._building[key]
            done.set()
        return answer

    def _keep(self, key: Hashable, answer: Answer) -> None:
        self._answers[key] = answer
        self._size += _size(answer)
        while self._size > self._limit and self._answers:
            _, dropped = self._answers.popitem(last=False)
            self._size -= _size(dropped)


def _size(answer: Answer) -> int:
    return len(answer.body) + len(answer.packed or b"")


def _has(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in known.split(",")]


def _reads_gzip(request: Request) -> bool:
    for part in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = part.partition(";")
        if coding.strip().lower() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
