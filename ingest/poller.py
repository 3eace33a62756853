"""The poller: one owner of one count. It reads what the plan says, and publishes what changed.

The last good value is always kept. A failure is logged once when it starts and once when it ends.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from msgspec import Struct

from ingest.failures import Failures
from ingest.feeds import Feed
from ingest.fetch import Ask
from ingest.plan import Plan, Rechecks, Task
from ingest.publisher import Publisher
from ingest.reading import Reader
from tally.errors import FeedError, FeedMalformed, StoreUnavailable
from tally.keys import NATION
from tally.model import FeedState

_log = structlog.get_logger()

_LEASE_BEAT_S = 5.0


class Pace(Struct, frozen=True):
    """`cycle_s` between readings of the nation; `readings` at once; `is_hurried`: no waiting between cycles."""

    cycle_s: float = 60.0
    readings: int = 4
    is_hurried: bool = False
    rechecks: Rechecks = Rechecks()


class Progress(Struct, frozen=True):
    """How far the reading of actas is: `read` of `total` actas are known in their latest state."""

    read: int
    total: int | None
    cycle: int


class Poller:
    """Runs until it is cancelled, or with `until_final` until two full cycles in a row found nothing new."""

    def __init__(
        self,
        feed: Feed,
        ask: Ask,
        publisher: Publisher,
        pace: Pace,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._feed, self._ask, self._publisher, self._pace = feed, ask, publisher, pace
        self._board = publisher.board
        self._plan = Plan(self._board, publisher.gate.waiting, pace.rechecks, publisher.unpublished)
        self._reader = Reader(feed, ask, self._plan, publisher.gate)
        self._failures = Failures()
        self._wake = asyncio.Event()
        self._on_progress = on_progress
        self._cycle = 0
        self._is_exhausted = False

    async def run(self, *, until_final: bool = False) -> None:
        """Poll.

        Raises: FeedError: the source cannot even name its areas at the start. LeaseLost, CountInconsistent.
        """
        self._publisher.put(await self._feed.catalogue(self._ask))
        background: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                background += [
                    group.create_task(self._publisher.run()),
                    group.create_task(self._dispatch(group)),
                    group.create_task(self._beat()),
                ]
                await self._publisher.settled()
                await (self._to_the_end() if until_final else self._forever())
                for task in background:
                    task.cancel()
        except* Exception as errors:  # the one place that catches everything: a task died, the others were ended
            raise _first(errors) from None
        finally:
            await self._publisher.drain()

    async def _forever(self) -> None:
        self._begin_cycle(is_full=True)
        while True:
            await asyncio.sleep(self._pace.cycle_s)
            self._begin_cycle(is_full=False)

    async def _to_the_end(self) -> None:
        quiet = 0
        while quiet < 2:
            seq = self._publisher.seq
            self._begin_cycle(is_full=True)
            while not await self._settles_within(self._pace.cycle_s):
                self._begin_cycle(is_full=False)
            quiet = quiet + 1 if self._publisher.seq == seq else 0
            if not self._pace.is_hurried:
                await asyncio.sleep(self._pace.cycle_s)

    def _begin_cycle(self, *, is_full: bool) -> None:
        self._cycle += 1
        self._plan.begin_cycle(is_full=is_full)
        self._wake.set()

    async def _settles_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._settled()
        except TimeoutError:
            return False
        return True

    async def _settled(self) -> None:
        """Return when nothing is due, running or waiting to be published."""
        while True:
            await self._publisher.settled()
            self._wake.set()
            await asyncio.sleep(0.05)
            is_quiet = self._plan.is_idle and self._is_exhausted and self._publisher.is_settled
            if is_quiet and not self._publisher.gate.waiting:
                return

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        slots = asyncio.Semaphore(self._pace.readings)
        while True:
            await slots.acquire()
            while (task := self._plan.next(time.monotonic())) is None:
                self._is_exhausted = True
                self._wake.clear()
                await self._wake.wait()
            self._is_exhausted = False
            group.create_task(self._do(task, slots))

    async def _do(self, task: Task, slots: asyncio.Semaphore) -> None:
        try:
            await self._attempt(task)
        finally:
            slots.release()
            self._wake.set()

    async def _attempt(self, task: Task) -> None:
        try:
            facts = await self._reader.read(task)
        except FeedMalformed as error:
            self._failures.begin(task.key, error)
        except FeedError as error:
            self._failures.begin("feed", error)
            if task.key == NATION:
                self._publisher.status = FeedState.DOWN
        else:
            self._failures.end(task.key)
            self._failures.end("feed")
            self._publisher.put(facts)
            if task.key == NATION:
                self._publisher.checked()
        self._report()

    async def _beat(self) -> None:
        """Keep the writer's lease and tell readers how the feed is."""
        while True:
            await asyncio.sleep(_LEASE_BEAT_S)
            await self._publisher.report()
            with suppress(StoreUnavailable):  # it is asked for again at the next beat
                await self._publisher.carry_out_releases()
            self._wake.set()  # a doubtful value may be due for its second look

    def _report(self) -> None:
        nation = self._board.published.get(NATION)
        total = None if nation is None else nation.total
        self._on_progress(Progress(len(self._board.actas), total, self._cycle))


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    """The error that ended the group: the first that is not itself a group."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(str(error))
