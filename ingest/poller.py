"""The poller: one owner of one count. It reads what the plan says, and publishes what changed.

The last good value is always kept. A failure is logged once when it starts and once when it ends.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any

import structlog
from msgspec import Struct

from ingest.containment import contained
from ingest.failures import Failures
from ingest.feeds import Feed
from ingest.fetch import Ask
from ingest.plan import ReadingPlan
from ingest.publisher import Publisher
from ingest.reading import NotingAsk, Reader
from ingest.tasks import ACTAS, AREAS, EVERY, TOTALS, Rank, Rechecks, Task
from tally import moments
from tally.errors import (
    FeedError,
    FeedMalformed,
    FeedRefused,
    FeedUnavailable,
    SourceChanged,
    StoreError,
    StoreUnavailable,
    Unforeseen,
)
from tally.keys import NATION

_log = structlog.get_logger()

# Between two reports of how the feed is, which keep the lease too.
_SHORTEST_BEAT_S, _LONGEST_BEAT_S = 1.0, 5.0
# What the log calls them all.
_ACTAS = "the actas"


class Pace(Struct, frozen=True):
    """`cycle_s` between readings of the nation; `readings` at once; `is_hurried`: no waiting between cycles."""

    cycle_s: float = 60.0
    readings: int = 4
    is_hurried: bool = False
    rechecks: Rechecks = Rechecks()


class ReadingProgress(Struct, frozen=True):
    """How far the reading of actas is: `read` of `total` actas are known in their latest state."""

    read: int
    total: int | None
    cycle: int


class Poller:
    """Runs until it is cancelled, or with `until_final` until two full cycles in a row found nothing new.

    `watch` runs beside it, and ends all if it raises: see Identity.
    """

    def __init__(
        self,
        feed: Feed,
        ask: Ask,
        publisher: Publisher,
        pace: Pace,
        on_progress: Callable[[ReadingProgress], None] = lambda _: None,
        watch: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._watch = watch
        self._feed, self._ask, self._publisher, self._pace = feed, ask, publisher, pace
        self._board, self._health = publisher.board, publisher.health
        self._plan = ReadingPlan(self._board, publisher.gate.waiting, pace.rechecks, publisher.unpublished)
        self._reader = Reader(feed, ask, self._plan, publisher.gate)
        self._failures = Failures()
        self._wake = asyncio.Event()
        publisher.on_stored = self._wake.set
        self._on_progress = on_progress
        self._cycle = 0
        self._running = self._reading_actas = 0
        self._is_barred = False  # the source refuses actas, and nothing else
        self._is_exhausted = False
        self._has_asked_totals = False

    async def run(self, *, until_final: bool = False) -> None:
        """Poll.

        Raises: FeedError: the source cannot even name its areas, which nobody has before. SourceChanged, LeaseLost,
            ArchiveError, CountInconsistent.
        """
        is_named = not self._board.is_catalogued and await self._name_areas()
        background: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                background += [
                    group.create_task(self._publisher.run()),
                    group.create_task(self._dispatch(group)),
                    group.create_task(self._beat()),
                ]
                if self._watch is not None:
                    background.append(group.create_task(self._watch()))
                if not is_named:
                    background.append(group.create_task(self._keep_naming()))
                await self._publisher.settled()
                await (self._to_the_end() if until_final else self._forever())
                for task in background:
                    task.cancel()
        except* Exception as errors:
            raise await self._stopped(errors) from None
        finally:
            await self._publisher.drain()

    async def _stopped(self, errors: BaseExceptionGroup[Exception]) -> Exception:
        """A task died and the others were ended: screens are told; returns why."""
        error = _first(errors)
        if isinstance(error, SourceChanged):
            self._publisher.discard()
        self._health.stopped(moments.utc_now(), error)
        with suppress(StoreError):
            await self._publisher.report()
        return error

    async def _name_areas(self) -> bool:
        """Read the names of all areas; whether that could be done. It must be where nobody has names from before."""
        asking = NotingAsk(self._ask)
        try:
            names = await contained(self._feed.catalogue(asking), asking.__str__)
        except (FeedError, Unforeseen) as error:
            if not self._board.is_catalogued:
                raise
            self._failures.begin("the names of the areas", error)
            return False
        self._failures.end("the names of the areas")
        self._publisher.put(names)
        return True

    async def _keep_naming(self) -> None:
        while not await self._name_areas():
            await asyncio.sleep(self._pace.cycle_s)

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
        while True:
            self._wake.clear()
            while (task := self._plan.next(time.monotonic(), self._wanted())) is not None:
                self._running += 1
                self._reading_actas += task.rank in ACTAS
                group.create_task(self._do(task))
            self._is_exhausted = self._wanted() is EVERY
            await self._wake.wait()

    def _wanted(self) -> Collection[Rank]:
        """The totals come first and have a turn of their own; mesas none while more wait than can be stored.

        Nor while they are refused, but for one reading that waits to be let in.
        """
        if not self._has_asked_totals or self._running >= self._pace.readings:
            return TOTALS
        is_waiting = self._is_barred and self._reading_actas > 0
        return AREAS if is_waiting or self._publisher.is_full else EVERY

    async def _do(self, task: Task) -> None:
        try:
            await self._attempt(task)
        finally:
            self._running -= 1
            self._reading_actas -= task.rank in ACTAS
            self._wake.set()

    async def _attempt(self, task: Task) -> None:
        is_totals = task.rank is Rank.NATION
        try:
            facts = await self._reader.read(task)
        except (FeedError, Unforeseen) as error:
            self._fail(task, error)
        else:
            self._failures.end(task.name)
            self._failures.end("feed")
            self._hear(task)
            self._publisher.put(facts)
            if is_totals:
                self._health.heard()
                self._publisher.checked(moments.write(moments.utc_now()))
        self._has_asked_totals |= is_totals
        self._health.unread = self._failures.unread
        self._report()

    def _fail(self, task: Task, error: FeedError | Unforeseen) -> None:
        is_answer = isinstance(error, FeedMalformed | Unforeseen)
        if isinstance(error, FeedRefused) and error.is_apart:
            self._failures.begin(_ACTAS, error)
            self._is_barred = True
            return
        if is_answer:
            self._hear(task)
        self._failures.begin(task.name if is_answer else "feed", error)
        if task.rank is Rank.NATION or isinstance(error, FeedRefused):
            self._health.failed(error, moments.utc_now())
        elif isinstance(error, FeedUnavailable):
            self._health.paused(error, moments.utc_now())

    def _hear(self, task: Task) -> None:
        """It was answered: if it is about actas, they are let through."""
        if task.rank in ACTAS:
            self._is_barred = False
            self._failures.end(_ACTAS)

    async def _beat(self) -> None:
        """Keep the writer's lease and tell readers how the feed is."""
        while True:
            await asyncio.sleep(max(_SHORTEST_BEAT_S, min(_LONGEST_BEAT_S, self._pace.cycle_s)))
            await self._publisher.report()
            with suppress(StoreUnavailable):  # it is asked for again at the next beat
                await self._publisher.carry_out_releases()
            self._wake.set()  # a doubtful value may be due for its second look

    def _report(self) -> None:
        nation = self._board.published.get(NATION)
        total = None if nation is None else nation.total
        self._on_progress(ReadingProgress(len(self._board.actas), total, self._cycle))


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    """The error that ended the group: the first that is not itself a group."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(str(error))
