"""What a poller counts of its own work, for whoever watches over it. It outlives pollers that are begun again."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from ingest.budget import Budget
from ingest.publisher import Publisher


class PollingFigures:
    """For the loop's thread. `clock` is a monotonic one."""

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
