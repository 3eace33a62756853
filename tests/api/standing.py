"""A loop whose clock stands until it is moved, and an application asked without a network."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from starlette.types import ASGIApp, Message, Scope

_MOST_TURNS = 1000

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Asks the kernel only where there is nothing else to do: no news comes from outside but of threads."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What became ready within that time."""
        return [] if timeout == 0 else super().select(timeout)


class AtOnce(Executor):
    """Does in the calling thread what others leave to a thread."""

    def submit(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """Do it."""
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class StandingLoop(asyncio.SelectorEventLoop):
    """Timers are due when `now` says so. What fails in the background fails whoever lets things happen."""

    def __init__(self) -> None:
        super().__init__(_Selector())
        self.now = 1000.0
        self._failures: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self._failures.append(context))

    def time(self) -> float:
        """The loop's clock."""
        return self.now

    def settle(self) -> None:
        """Let everything happen that waits for nothing."""
        self.run_until_complete(self._turn())
        assert not self._failures, self._failures

    async def _turn(self) -> None:
        for _ in range(_MOST_TURNS):
            await asyncio.sleep(0)
            if not self._ready:  # the loop's own queue
                return
        raise AssertionError("something never comes to rest")

    def pass_time(self, seconds: float) -> None:
        """Move the clock, and let happen what was due by then."""
        self.now += seconds
        self.settle()


def scope_of(address: str, headers: dict[str, str]) -> Scope:
    """The ASGI scope of a GET request."""
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def get(app: ASGIApp, address: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope_of(address, headers or {}), _nothing_more, send)
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], names, b"".join(message.get("body", b"") for message in sent[1:])


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


class Reading:
    """An answer without an end, read piece by piece: the server waits while `is_stalled`."""

    def __init__(self, app: ASGIApp, address: str, headers: dict[str, str]) -> None:
        self.pieces: list[bytes] = []
        self.status = 0
        self._reads, self._left = asyncio.Event(), asyncio.Event()
        self._reads.set()
        self.task = asyncio.ensure_future(self._read(app, address, headers))

    def stall(self, *, is_stalled: bool) -> None:
        """Stop reading, or read again."""
        (self._reads.clear if is_stalled else self._reads.set)()

    def leave(self) -> None:
        """The reader is gone."""
        self._left.set()

    async def _receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        await self._reads.wait()
        if message.get("body"):
            self.pieces.append(message["body"])

    async def _read(self, app: ASGIApp, address: str, headers: dict[str, str]) -> None:
        await app(scope_of(address, headers), self._receive, self._send)
