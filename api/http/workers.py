"""Heavy work in threads: so many at once, so many in line, and in the line every address has its turn."""

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import TypeVar

from api.http.errors import AtCapacity, Departed

_FULL = "too much is being worked out already; try again in a moment"
_MOST_S = 0.05
_stopped: ContextVar[threading.Event | None] = ContextVar("stopped", default=None)
_is_last: ContextVar[bool] = ContextVar("is_last", default=False)

T = TypeVar("T")
_Place = asyncio.Future[None]


class Turns:
    """`number` at once, `places` in line, where every address has its turn. For the loop's thread.

    A full line takes a newcomer in for the last of the address that has most places.
    """

    def __init__(self, number: int, places: int = 64) -> None:
        self._free, self._places = number, places
        # Addresses in the order of their turns, each with its places.
        self._lines: OrderedDict[str, deque[_Place]] = OrderedDict()

    async def take(self, address: str) -> None:
        """Wait for a turn; whoever has had theirs calls `give_back`.

        Raises: AtCapacity: the line is full.
        """
        if self._free:
            self._free -= 1
            return
        line = self._lines.setdefault(address, deque())
        if self.waiting >= self._places:
            self._make_room(line)
        place: _Place = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.give_back()  # the turn came at the same moment
            raise

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return sum(map(len, self._lines.values()))

    def give_back(self) -> None:
        """The next one may."""
        while self._lines:
            address, line = self._lines.popitem(last=False)
            while line:
                place = line.popleft()
                if not place.done():
                    if line:
                        self._lines[address] = line
                    place.set_result(None)
                    return
        self._free += 1

    def _make_room(self, line: deque[_Place]) -> None:
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(line) + 1:
            raise AtCapacity(_FULL)
        last = longest.pop()
        if not last.done():
            last.set_exception(AtCapacity(_FULL))


class Workers:
    """Threads that work for whoever's turn it is. `is_last`: they give way to the making of what is shown now."""

    def __init__(self, threads: int, places: int = 64, *, is_last: bool = False) -> None:
        self._turns, self._is_last = Turns(threads, places), is_last
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")

    @property
    def waiting(self) -> int:
        """How many wait for a thread."""
        return self._turns.waiting

    async def run(self, work: Callable[[], T], address: str) -> T:
        """What `work` gives, in a thread. Cancelled, it ends at its next `check_wanted`, and its thread is then free.

        Raises: AtCapacity: too many wait.
        """
        await self._turns.take(address)
        stopped, context = threading.Event(), copy_context()
        context.run(_stopped.set, stopped)
        context.run(_is_last.set, self._is_last)
        running = asyncio.get_running_loop().run_in_executor(self._pool, context.run, _begin, work)
        running.add_done_callback(self._end)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            stopped.set()
            raise

    def _end(self, ended: asyncio.Future[T]) -> None:
        if not ended.cancelled():
            ended.exception()  # whoever waited may have left
        self._turns.give_back()


def _begin(work: Callable[[], T]) -> T:
    check_wanted()
    return work()


class Precedence:
    """What goes before the work of others: Python runs one thread at a time. Begun and ended on the loop."""

    def __init__(self) -> None:
        self._begun, self._none = 0, threading.Event()
        self._none.set()

    def __enter__(self) -> None:
        self._begun += 1
        self._none.clear()

    def __exit__(self, *_: object) -> None:
        self._begun -= 1
        if not self._begun:
            self._none.set()

    def give_way(self) -> None:
        """Wait, in a worker, until nothing goes before it; not for ever."""
        self._none.wait(_MOST_S)


# One of each a process, as the interpreter is: what the loop does for everybody goes before what any worker does for
# one, and what is shown now before the past.
pushing, showing = Precedence(), Precedence()


def check_wanted() -> None:
    """Return if somebody still waits for what this thread works out, and once nothing goes before it.

    Whatever works for long calls it every few milliseconds.

    Raises: Departed.
    """
    pushing.give_way()
    if _is_last.get():
        showing.give_way()
    stopped = _stopped.get()
    if stopped is not None and stopped.is_set():
        raise Departed("nobody waits any more")
