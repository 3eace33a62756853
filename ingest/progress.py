"""How reading gets on, of all contests together: how far it is, and what it came to."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct

from ingest.budget import Budget
from ingest.followed import FollowedContest
from ingest.publisher import Publisher
from tally.keys import NATION


class ReadingProgress(Struct, frozen=True):
    """How far the reading of actas is: `read` of `total` actas are known in their latest state."""

    read: int
    total: int | None
    cycle: int


class Progress:
    """How far the reading of all contests is, kept up by the one that moved."""

    def __init__(self, contests: int) -> None:
        self._read, self._total = [0] * contests, [0] * contests
        self._sums = [0, 0]

    def of(self, number: int, contest: FollowedContest, cycle: int) -> ReadingProgress:
        """All of it, after a reading of that contest."""
        whole = contest.board.published.get(NATION)
        for sums, (column, value) in enumerate(
            ((self._read, len(contest.board.actas)), (self._total, 0 if whole is None else whole.total))
        ):
            self._sums[sums] += value - column[number]
            column[number] = value
        read, total = self._sums
        return ReadingProgress(read, total or None, cycle)


class PollingFigures:
    """What a poller counts of its own work; it outlives pollers that are begun again. For the loop's thread.

    `clock` is a monotonic one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answered: float | None = None
        self._publishers: Sequence[Publisher] = ()
        self._budget: Budget | None = None
        self.answers = 0
        # By the name of the error, of which there are as many as tally.errors has.
        self.errors: Counter[str] = Counter()

    def ended(self, failure: Exception | None) -> None:
        """A reading ended: well, or with that failure."""
        if failure is None:
            self.answers += 1
            self._answered = self._clock()
        else:
            self.errors[type(failure).__name__] += 1

    @property
    def answer_age_s(self) -> float | None:
        """Seconds since the last good answer; None: there was none yet."""
        return None if self._answered is None else self._clock() - self._answered

    @asynccontextmanager
    async def at_work(self, publishers: Sequence[Publisher], budget: Budget | None) -> AsyncIterator[None]:
        """While those publish. `budget` of questions; None: nobody is asked over a network."""
        self._publishers, self._budget = publishers, budget
        try:
            yield
        finally:
            self._publishers, self._budget = (), None

    @property
    def is_at_work(self) -> bool:
        """Whether a poller lives: it holds the leases then."""
        return bool(self._publishers)

    @property
    def pause_s(self) -> float | None:
        """Seconds until the next question may leave; None: nobody is asked."""
        return None if self._budget is None else self._budget.pause_s

    @property
    def backlog(self) -> int:
        """Values that were read and are not stored yet."""
        return sum(publisher.waiting for publisher in self._publishers)
