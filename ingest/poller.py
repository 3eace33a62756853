"""The poller: one owner of the counts of one election. It reads what their plans say, and publishes what changed.

All contests share one source, its budget and its archive; who is served next: see Turns. The last good value is always
kept. A failure is logged once when it starts and once when it ends.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec import Struct

from ingest.failures import Failures
from ingest.fetch import Ask
from ingest.followed import ContestFeed, FollowedContest
from ingest.progress import PollingFigures, Progress, ReadingProgress
from ingest.reports import Reports
from ingest.shared import SharedAnswers
from ingest.tasks import ACTAS, AREAS, MOVED, TOTALS, Rank, Rechecks, Task
from ingest.turns import Turns
from tally import moments
from tally.errors import FeedError, FeedMalformed, FeedRefused, SourceChanged, StoreError, Unforeseen

# Between two reports of how the feed is, which keep the lease too.
_SHORTEST_BEAT_S, _LONGEST_BEAT_S = 1.0, 5.0
# What the log calls them all.
_ACTAS = "the actas"


class Pace(Struct, frozen=True):
    """`cycle_s` between readings of a whole; `readings` at once; `is_hurried`: no waiting between cycles."""

    cycle_s: float = 60.0
    readings: int = 4
    is_hurried: bool = False
    rechecks: Rechecks = Rechecks()


class Poller:
    """Runs until it is cancelled, or with `until_final` until two full cycles in a row found nothing new.

    `watch` runs beside it, and ends all if it raises: see Identity. `figures`: what it counts.
    """

    def __init__(
        self,
        followed: Sequence[ContestFeed],
        ask: Ask,
        pace: Pace,
        on_progress: Callable[[ReadingProgress], None] = lambda _: None,
        watch: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        self._watch, self._pace = watch, pace
        shared = SharedAnswers(ask)
        self._contests = [FollowedContest(one, ask, shared, pace.rechecks) for one in followed]
        self._publishers = [one.publisher for one in followed]
        self._reports = Reports(self._publishers)
        self._turns = Turns(len(followed))
        self._failures = Failures()
        self.figures = PollingFigures()
        self._wake = asyncio.Event()
        for number, publisher in enumerate(self._publishers):
            publisher.on_stored = partial(self._rouse, number)
        self._on_progress, self._progress = on_progress, Progress(len(followed))
        self._cycle = 0
        self._running = self._reading_wholes = self._reading_actas = 0
        self._answered = 0
        self._is_barred = False  # the source refuses actas, and nothing else
        self._held_back: set[int] = set()  # asked for no actas when they had nothing else to ask for
        self._is_exhausted = False  # nothing was due when it was last looked for; a refused whole is due for ever

    async def run(self, *, until_final: bool = False) -> None:
        """Poll.

        Raises: FeedError: the source cannot even name the areas of one contest, which nobody has before.
            SourceChanged, LeaseLost, ArchiveError, CountInconsistent.
        """
        await self._begin_naming()
        background: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                background += [group.create_task(publisher.run()) for publisher in self._publishers]
                background += [group.create_task(self._dispatch(group)), group.create_task(self._beat())]
                if self._watch is not None:
                    background.append(group.create_task(self._watch()))
                if not all(contest.is_named for contest in self._contests):
                    background.append(group.create_task(self._keep_naming()))
                await self._settled_publishers()
                await (self._to_the_end() if until_final else self._forever())
                for task in background:
                    task.cancel()
        except* Exception as errors:
            raise await self._stopped(errors) from None
        finally:
            await asyncio.gather(*(publisher.drain() for publisher in self._publishers))

    async def _stopped(self, errors: BaseExceptionGroup[Exception]) -> Exception:
        """A task died and the others were ended: screens are told; returns why."""
        error = _first(errors)
        for contest in self._contests:
            if isinstance(error, SourceChanged):
                contest.publisher.discard()
            contest.health.stopped(moments.utc_now(), error)
        with suppress(StoreError):
            await self._reports.tell()
        return error

    async def _begin_naming(self) -> None:
        """Read the names of areas that nobody has from before; of one contest at least they must be had."""
        failures = [
            error
            for contest in self._contests
            if not contest.can_be_read and (error := await contest.name_areas()) is not None
        ]
        if failures and not any(contest.can_be_read for contest in self._contests):
            raise failures[0]

    async def _keep_naming(self) -> None:
        while nameless := [contest for contest in self._contests if not contest.is_named]:
            failures = [await contest.name_areas() for contest in nameless]
            if any(failures):
                await asyncio.sleep(self._pace.cycle_s)

    async def _forever(self) -> None:
        self._begin_cycle(is_full=True)
        while True:
            await asyncio.sleep(self._pace.cycle_s)
            self._begin_cycle(is_full=False)

    async def _to_the_end(self) -> None:
        quiet = 0
        while quiet < 2:
            versions = self._versions()
            self._begin_cycle(is_full=True)
            while not await self._settles_within(self._pace.cycle_s):
                self._begin_cycle(is_full=False)
            quiet = quiet + 1 if self._versions() == versions else 0
            if not self._pace.is_hurried:
                await asyncio.sleep(self._pace.cycle_s)

    def _versions(self) -> list[int]:
        return [publisher.seq for publisher in self._publishers]

    def _begin_cycle(self, *, is_full: bool) -> None:
        self._cycle += 1
        now = time.monotonic()
        for number, contest in enumerate(self._contests):
            if contest.begin_cycle(now, is_full=is_full):
                self._turns.want_whole(number)
                self._rouse(number)

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
            await self._settled_publishers()
            self._rouse_timed()
            await asyncio.sleep(0.05)
            if not self._running and self._is_exhausted and all(contest.is_settled for contest in self._contests):
                return

    async def _settled_publishers(self) -> None:
        for publisher in self._publishers:
            await publisher.settled()

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        while True:
            self._wake.clear()
            while (found := self._next(time.monotonic())) is not None:
                number, task = found
                self._running += 1
                self._reading_wholes += task.rank is Rank.NATION
                self._reading_actas += task.rank in ACTAS
                group.create_task(self._do(number, task))
            self._is_exhausted = self._turns.is_empty and not self._held_back
            await self._wake.wait()

    def _next(self, now: float) -> tuple[int, Task] | None:
        """What to read next, and of which contest. A whole has a turn of its own when all others are taken."""
        is_full = self._running >= self._pace.readings
        while not (is_full and self._reading_wholes):
            is_whole = is_full or self._turns.is_for_whole
            is_rest = self._turns.is_for_rest
            number = self._turns.take_whole() if is_whole else self._turns.take_other()
            if number is None:
                return None
            contest = self._contests[number]
            task = contest.next(now, TOTALS) if is_whole else self._next_of(number, now, is_rest=is_rest)
            if task is not None:
                return number, task
        return None

    def _next_of(self, number: int, now: float, *, is_rest: bool) -> Task | None:
        """Its most urgent task; of many contests first what moved, and only then the rest.

        No actas while they are refused, but for one reading that waits to be let in.
        """
        contest, lets_actas = self._contests[number], not (self._is_barred and self._reading_actas)
        wanted = contest.wanted(lets_actas=lets_actas)
        is_first = not is_rest and wanted is not TOTALS and len(self._contests) > 1
        task = contest.next(now, MOVED if is_first else wanted)
        if task is not None:
            self._turns.served(number, now)
            self._turns.want_others(number)
        elif is_first:
            self._turns.want_rest(number)
        elif wanted is AREAS:
            self._held_back.add(number)
        return task

    def _rouse(self, number: int) -> None:
        """Some reading of that contest may be due."""
        self._held_back.discard(number)
        self._turns.want_others(number)
        self._wake.set()

    def _rouse_timed(self) -> None:
        """Some reading may be due by the mere passing of time."""
        for number, contest in enumerate(self._contests):
            if contest.has_timers:
                self._rouse(number)

    async def _do(self, number: int, task: Task) -> None:
        contest = self._contests[number]
        try:
            failure = await contest.attempt(task, self._answered - contest.answered)
            self._note(task, failure)
            self._on_progress(self._progress.of(number, contest, self._cycle))
        finally:
            self._running -= 1
            self._reading_wholes -= task.rank is Rank.NATION
            self._reading_actas -= task.rank in ACTAS
            self._rouse(number)
            if task.rank in ACTAS:
                for held in list(self._held_back):
                    self._rouse(held)

    def _note(self, task: Task, failure: FeedError | Unforeseen | None) -> None:
        """What a reading's end says about the source as a whole."""
        self.figures.ended(failure)
        if failure is None or isinstance(failure, FeedMalformed | Unforeseen):
            self._answered += 1
            if task.rank in ACTAS:  # they are let through
                self._is_barred = False
                self._failures.end(_ACTAS)
            if failure is None:
                self._failures.end("feed")
        elif isinstance(failure, FeedRefused) and failure.is_apart:
            self._failures.begin(_ACTAS, failure)
            self._is_barred = True
        else:
            self._failures.begin("feed", failure)
            if isinstance(failure, FeedRefused):  # nobody is asked anything for a while
                for contest in self._contests:
                    contest.health.failed(failure, moments.utc_now())

    async def _beat(self) -> None:
        """Keep the writers' leases and tell readers how the feed is."""
        while True:
            await asyncio.sleep(max(_SHORTEST_BEAT_S, min(_LONGEST_BEAT_S, self._pace.cycle_s)))
            await self._reports.tell()
            await self._reports.carry_out_releases()
            self._rouse_timed()  # a doubtful value may be due for its second look


def _first(errors: BaseExceptionGroup[Exception]) -> Exception:
    """The error that ended the group: the first that is not itself a group."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, Exception) else RuntimeError(str(error))
