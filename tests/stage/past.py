"""The part of a night that is over: read by our own reader without a network, and written into a new database."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ingest.fetch import Answer, Question
from ingest.plan import Rank, ReadingPlan, Task
from ingest.reading import Reader
from ingest.registry import make_feed
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.generations import generation_of
from tally import moments
from tally.board import Board, Fact
from tally.gate import Gate
from tally.keys import NATION, Level, level_of
from tally.storage.store import Store
from tally.storage.writer import Writer

_BATCH = 1000
# Every so many cuts everything is read down to the mesas, at the others only the large areas.
_WHOLE = 12
# Whoever polls hears of a cut that long after it.
_HEARD = timedelta(seconds=40)
_NO_HEADERS: dict[str, str] = {}


class Past:
    """Writes one count. The log's times are the simulated ones, as if we had followed the night as it went."""

    def __init__(self, feed: RehearsalFeed, store: Store, say: Callable[[str], None]) -> None:
        election, contest = feed.election, feed.election.contest()
        self._clock, self._feed, self._say = feed.clock, make_feed(election, contest), say
        self._contract = generation_of(election.generation).contract(feed)
        self._board = Board(len(contest.lists), contest.scope)
        self._gate = Gate(self._board)
        self._plan = ReadingPlan(self._board, self._gate.waiting)
        self._reader = Reader(self._feed, self._ask, self._plan, self._gate)
        self._writer = Writer.acquire(store, election.id, contest.id, is_test=feed.is_test, at=self._heard_at())

    def write(self, cuts: Sequence[datetime]) -> None:
        """Read what stands at each of those moments, at the last one everything."""
        asyncio.run(self._write(cuts))
        self._writer.release()

    async def _write(self, cuts: Sequence[datetime]) -> None:
        self._publish(await self._feed.catalogue(self._ask))
        for left, cut in zip(range(len(cuts) - 1, -1, -1), cuts, strict=True):
            self._clock.step_to(cut)
            await (self._read_large() if left % _WHOLE else self._read_whole())

    async def _read_large(self) -> None:
        """The nation, its scopes, departments and continents."""
        large = [key for key in self._board.tree.nodes if level_of(key) in (Level.SCOPE, Level.DEPARTMENT)]
        facts = [await self._reader.read(Task(Rank.TOP, 0.0, key)) for key in (NATION, *large)]
        self._publish([fact for some in facts for fact in some])

    async def _read_whole(self) -> None:
        facts: list[Fact] = []
        self._plan.begin_cycle(is_full=True)
        while (task := self._plan.next(time.monotonic())) is not None:
            facts += await self._reader.read(task)
            if len(facts) >= _BATCH:
                self._publish(facts)
                facts = []
        self._publish(facts)
        nation = self._board.published[NATION]
        self._say(f"{self._heard_at()}: {nation.counted:,} of {nation.total:,} actas counted")

    def _publish(self, facts: Sequence[Fact]) -> None:
        at = self._heard_at()
        changes = self._board.apply(self._gate.admit(facts, moments.read(at)))
        if changes:
            self._writer.append(changes, at)

    def _heard_at(self) -> str:
        return moments.write(self._clock.at() + _HEARD)

    async def _ask(self, question: Question) -> Answer:
        path = self._feed.base_path + question.path
        body = self._contract.answer(path, dict(question.params)).body
        return Answer(path, body, f"sha256:{hashlib.sha256(body).hexdigest()}", self._heard_at(), _NO_HEADERS)
