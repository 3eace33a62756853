"""One contest of those a poller follows: what is known of it, what is to be read next, and how its readings went."""

import math
import time
from collections.abc import Collection

import structlog
from msgspec import Struct

from ingest.containment import contained
from ingest.failures import Failures
from ingest.feeds import Feed
from ingest.fetch import Ask
from ingest.plan import ReadingPlan
from ingest.publisher import Publisher
from ingest.reading import NotingAsk, Reader
from ingest.shared import SharedAnswers
from ingest.tasks import AREAS, EVERY, TOTALS, Rank, Rechecks, Task
from tally import moments
from tally.errors import FeedError, FeedMalformed, FeedRefused, FeedUnavailable, Unforeseen

_log = structlog.get_logger()

_NAMES = "the names of the areas"
# A race that alone is refused is left alone for so long, and twice as long each time.
_SHORTEST_S, _LONGEST_S = 60.0, 2400.0


class ContestFeed(Struct, frozen=True):
    """A contest to follow: the feed that reads it, and where what was read goes. `name` tells it from others."""

    feed: Feed
    publisher: Publisher
    name: str = ""


class FollowedContest:
    """Reads a contest's tasks and publishes what they say.

    `is_named`: whether its areas' names were read by this process. `answered`: how often the source answered.
    """

    def __init__(self, followed: ContestFeed, ask: Ask, shared: SharedAnswers, rechecks: Rechecks) -> None:
        self.name, self.publisher, self._feed = followed.name, followed.publisher, followed.feed
        self._shared, self.health = shared, self.publisher.health
        self.board, gate = self.publisher.board, self.publisher.gate
        self.plan = ReadingPlan(self.board, gate.waiting, rechecks, self.publisher.unpublished)
        self._reader = Reader(self._feed, ask, self.plan, gate, shared=shared)
        self._failures = Failures(self.name)
        self._names_since = -math.inf
        self.is_named = False
        self.has_asked_totals = False
        self.answered = 0
        self._refused_when: int | None = None
        self._refusals, self._rests_until = 0, -math.inf

    @property
    def can_be_read(self) -> bool:
        """Whether its areas have names, from now or from before."""
        return self.is_named or self.board.is_catalogued

    async def name_areas(self) -> FeedError | Unforeseen | None:
        """Read the names of all areas; returns why that could not be done."""
        asking = NotingAsk(self._shared.since(self._names_since))
        try:
            names = await contained(self._feed.catalogue(asking), asking.__str__)
        except (FeedError, Unforeseen) as error:
            self._names_since = time.monotonic()
            self._failures.begin(_NAMES, error)
            self.health.failed(error, moments.utc_now())
            return error
        self._failures.end(_NAMES)
        self.publisher.put(names)
        self.is_named = True
        return None

    def begin_cycle(self, now: float, *, is_full: bool) -> bool:
        """Its whole is due again, and in a full cycle all else too; whether that is so."""
        if not self.can_be_read:
            return False
        self.plan.begin_cycle(is_full=is_full)
        return True

    def next(self, now: float, ranks: Collection[Rank]) -> Task | None:
        """Its most urgent task of those ranks; None also while it is left alone."""
        return None if now < self._rests_until else self.plan.next(now, ranks)

    def wanted(self, *, lets_actas: bool) -> Collection[Rank]:
        """What may be asked of it: first its whole, and mesas not while more wait than can be stored."""
        if not self.has_asked_totals:
            return TOTALS
        return EVERY if lets_actas and not self.publisher.is_full else AREAS

    @property
    def has_timers(self) -> bool:
        """Whether some reading becomes due by the mere passing of time."""
        return bool(self.publisher.gate.waiting) or self.plan.has_setbacks

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being read, stored, or waiting for a second look."""
        return self.plan.is_idle and self.publisher.is_settled and not self.publisher.gate.waiting

    async def attempt(self, task: Task, answered_to_others: int) -> FeedError | Unforeseen | None:
        """Make a reading and publish what it says; returns why it could not be made."""
        is_totals = task.rank is Rank.NATION
        failure: FeedError | Unforeseen | None = None
        try:
            facts = await self._reader.read(task)
        except (FeedError, Unforeseen) as error:
            failure = error
            self._fail(task, error, answered_to_others)
        else:
            self.answered += 1
            self._failures.end(task.name)
            at = moments.write(moments.utc_now())
            self.publisher.put(facts, at)
            if task.is_of_area and not facts:
                self.publisher.confirm(task.key, at)
            if is_totals:
                self._refused_when, self._refusals = None, 0
                self.health.heard()
                self.publisher.checked(at)
        self.has_asked_totals |= is_totals
        self.health.unread = self._failures.unread
        return failure

    def _fail(self, task: Task, error: FeedError | Unforeseen, answered_to_others: int) -> None:
        if isinstance(error, FeedRefused) and error.is_apart:
            return
        if isinstance(error, FeedMalformed | Unforeseen):
            self.answered += 1
            self._failures.begin(task.name, error)
        if task.rank is Rank.NATION or isinstance(error, FeedRefused):
            self.health.failed(error, moments.utc_now())
        elif isinstance(error, FeedUnavailable):
            self.health.paused(error, moments.utc_now())
        if isinstance(error, FeedRefused):
            self._rest(answered_to_others)

    def _rest(self, answered_to_others: int) -> None:
        """Leave it alone for a while if others were answered since it was refused before: it alone is refused then.

        Every refusal ends all asking for a minute or so, and the others would wait for this one again and again.
        """
        if self._refused_when is not None and answered_to_others > self._refused_when:
            rest_s = min(_SHORTEST_S * 2.0**self._refusals, _LONGEST_S)
            self._refusals += 1
            self._rests_until = time.monotonic() + rest_s
            _log.warning("one contest alone is refused", contest=self.name, seconds=rest_s)
        self._refused_when = answered_to_others
