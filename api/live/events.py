"""The live protocol as server-sent events, for networks that block sockets: the same messages, one event each.

A reader holds a position in the log, never a queue: while it does not read nothing is made for it, then each key once.
"""

import asyncio
from contextlib import suppress
from random import Random

from starlette.types import Receive, Scope, Send

from api.live.following import Followed, Position, Wish
from api.live.frames import Frame
from api.live.session import RETRY_MS, write_bye
from tally import moments
from tally.errors import InvalidInput
from tally.keys import is_digits

STOPPING = 4012
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
_MOST_DIGITS = 15
_seed = Random()  # noqa: S311 - spreads those who come back, protects nothing


def read_event_id(text: str) -> tuple[str, int]:
    """Epoch and version of a `Last-Event-ID`.

    Raises: InvalidInput.
    """
    epoch, _, seq = text.rpartition("-")
    if not epoch or not is_digits(seq) or len(seq) > _MOST_DIGITS:
        raise InvalidInput(f"Last-Event-ID: {text[:40]!r} names no version")
    return epoch, int(seq)


class EventStream:
    """The ASGI answer to one reader; it ends when the reader goes, does not read, or the server stops."""

    def __init__(self, followed: Followed, request: Wish, stopping: asyncio.Event) -> None:
        self._followed, self._request, self._stopping = followed, request, stopping
        self._news = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the end."""
        self._followed.listeners.add(self._news)
        tasks = [asyncio.create_task(work) for work in (self._write(send), _wait_gone(receive), self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                tasks[0].cancel()
                bye = write_event(Frame(write_bye(STOPPING, "the server stops")), None)
                with suppress(TimeoutError):  # who does not read need not be told
                    await self._send(send, bye, is_last=True)
        finally:
            self._followed.listeners.discard(self._news)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        followed, clock = self._followed, asyncio.get_running_loop().time
        step = followed.begin(self._request)
        body = b"retry: %d\n\n" % _seed.randint(*RETRY_MS)
        due, beats = clock() + followed.options.heartbeat_s, 0
        while True:
            body += b"".join(write_event(frame, step.position) for frame in step.frames)
            followed.delivered(len(step.frames))
            if clock() >= due:
                due, beats = clock() + followed.options.heartbeat_s, beats + 1
                is_sixth = beats % followed.options.hash_every == 0
                beat = followed.beat(step.position, moments.utc_now(), with_hash=is_sixth)
                body += write_event(beat, None)
                followed.delivered(1)
            if body:
                await self._send(send, body)
            body = b""
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), max(0.0, due - clock()))
            self._news.clear()
            await followed.refresh(is_beat=clock() >= due)
            step = followed.advance(step.position)

    async def _send(self, send: Send, body: bytes, *, is_last: bool = False) -> None:
        """Give a piece to the reader; one that does not take it in time is let go by the end of the answer."""
        async with asyncio.timeout(self._followed.options.blocked_s):
            await send({"type": "http.response.body", "body": body, "more_body": not is_last})


def write_event(frame: Frame, position: Position | None) -> bytes:
    """The event of a message. One that leads to a position names it, so that a reader can resume there."""
    name = b"" if position is None else b"id: %s-%d\n" % (position.epoch.encode(), position.told)
    return b"%sdata: %s\n\n" % (name, frame.payload)


async def _wait_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
