"""From facts to numbered changes: board, then store, then whoever listens. Nothing is announced before its commit."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence

import structlog

from ingest.archive import Archive
from ingest.backlog import Backlog
from ingest.commits import Commits
from ingest.containment import contained
from ingest.health import FeedHealth
from tally import moments
from tally.board import Board, Fact
from tally.changes import Change, ChangeSet
from tally.errors import EscrutinioError, StoreUnavailable, Unforeseen, ValueRefused
from tally.gate import Gate
from tally.keys import NATION, is_area
from tally.model import AreaCount
from tally.storage.releases import ReleaseRequest, close_request
from tally.storage.store import FeedStatus
from tally.storage.writer import Writer

_log = structlog.get_logger()

_MOST_FACTS = 1000
_CHECK_EVERY_S = 60.0
_RETRY_S = 1.0
# So many values set aside without one that could be stored between them are no matter of the values.
_MOST_REFUSALS = 10
# A stop that was asked for takes at most 10 s, and the archive is sealed after this.
_DRAIN_S = 5.0


class Publisher:
    """Gathers facts for at most `linger_s`, applies them to the board, commits the changes and announces them.

    `unpublished`: keys of facts that were put in and are not on the board yet, and how many values. `on_stored` is
    called after each commit. Publishers of one database share its `commits`.
    """

    def __init__(
        self,
        board: Board,
        writer: Writer,
        archive: Archive,
        announce: Callable[[ChangeSet], None] = lambda _: None,
        linger_s: float = 0.2,
        health: FeedHealth | None = None,
        commits: Commits | None = None,
    ) -> None:
        self.board, self.gate, self.health = board, Gate(board), health or FeedHealth()
        self.writer, self._announce, self._linger_s = writer, announce, linger_s
        self._backlog = Backlog()
        self._news, self._stored = asyncio.Event(), asyncio.Condition()
        self._is_busy = False
        self.commits = commits or Commits(archive)
        self._check: str | None = None
        self._confirmed: dict[str, str] = {}
        self._refused: dict[str, object] = {}
        self._refusals_in_a_row = 0
        self.on_stored: Callable[[], object] = lambda: None
        self._cross_checked = time.monotonic()

    @property
    def unpublished(self) -> Counter[str]:
        """See Backlog."""
        return self._backlog.keys

    @property
    def waiting(self) -> int:
        """How many values were put in and are not committed yet."""
        return len(self._backlog)

    @property
    def seq(self) -> int:
        """Version of the last commit."""
        return self.writer.seq

    @property
    def is_settled(self) -> bool:
        """Whether everything put in has been committed."""
        return not self._backlog and not self._is_busy

    @property
    def is_full(self) -> bool:
        """Whether no more polling places and mesas should be put in for now."""
        return self._backlog.is_full

    def put(self, facts: Sequence[Fact], at: str | None = None) -> None:
        """Facts to publish, which were read at that moment."""
        if facts:
            self._backlog.put(facts, at)
            self._news.set()

    def confirm(self, key: str, at: str) -> None:
        """An area was read at that moment, and the source said what the board has; the log may not have it yet."""
        self._confirmed[key] = at
        if not self._is_busy:
            self._note_confirmed()

    def _note_confirmed(self) -> None:
        for key, at in self._confirmed.items():
            if not self._is_whole(key):
                self.writer.readings.note(key, at)
        self._confirmed.clear()

    def _is_whole(self, key: str) -> bool:
        """Whether the feed's own times tell when it was read."""
        return key == NATION or key in self.board.wholes

    def checked(self, at: str) -> None:
        """The contest's totals were read at that moment: checked once what they said, if anything new, is committed."""
        if self.is_settled:
            self._confirm(at)
        else:
            self._check = at

    def discard(self) -> None:
        """Forget what waits: it is not about this count."""
        self._backlog.clear()

    async def settled(self) -> None:
        """Return when everything put in so far has been committed, or overtaken by something newer."""
        number = self._backlog.readings
        async with self._stored:
            await self._stored.wait_for(lambda: not self._is_busy and self._backlog.oldest > number)

    async def run(self) -> None:
        """Publish until cancelled.

        Raises: LeaseLost, ArchiveError, CountInconsistent, Unforeseen, ValueRefused: publishing must stop.
        """
        while True:
            await self._news.wait()
            if len(self._backlog) < _MOST_FACTS:
                await asyncio.sleep(self._linger_s)
            await self._publish_next()

    async def drain(self) -> None:
        """Publish what is left, and wait for a commit that is under way. Gives up on a store that stays away."""
        try:
            async with asyncio.timeout(_DRAIN_S):
                while self._backlog:
                    await self._publish_next()
                async with self.commits.turn:
                    pass
        except (EscrutinioError, TimeoutError) as error:
            _log.error("the last changes could not be stored; they will be read again", detail=str(error))

    async def _publish_next(self) -> None:
        facts, check = self._backlog.take(_MOST_FACTS), self._check
        self._check, self._is_busy = None, True
        if not self._backlog:
            self._news.clear()
        await self._publish(facts)
        self._is_busy, self.health.set_aside = False, len(self._refused)
        self._note_confirmed()
        self._confirm(check)
        if NATION not in self.unpublished:  # what was read of it meanwhile is what stands now
            self._confirm(self._check)
            self._check = None
        async with self._stored:
            self._stored.notify_all()
        self.on_stored()
        if time.monotonic() - self._cross_checked > _CHECK_EVERY_S:
            self._cross_checked = time.monotonic()
            self.board.sums.cross_check()

    def _confirm(self, check: str | None) -> None:
        """That reading of the totals stands, unless the gate wants to see its figures once more."""
        if check is not None and NATION not in self.gate.waiting:
            self.health.checked(check)

    async def _publish(self, facts: Sequence[Fact]) -> None:
        """Publish what can be; what fails is narrowed down to the facts it is about, and those are set aside.

        Raises: Unforeseen, ValueRefused: it is not about single facts. LeaseLost, ArchiveError.
        """
        facts = [fact for fact in facts if self._refused.get(fact.key) != fact.value]
        try:
            await contained(self._apply(facts), lambda: f"{len(facts)} facts")
        except (Unforeseen, ValueRefused) as error:
            await self._begin_anew()
            if len(facts) == 1:
                self._set_aside(facts[0], error)
                return
            step = max(1, math.isqrt(len(facts)))
            for start in range(0, len(facts), step):
                await self._publish(facts[start : start + step])
        else:
            self._refusals_in_a_row = 0 if facts else self._refusals_in_a_row

    async def _apply(self, facts: Sequence[Fact]) -> None:
        published = {
            fact.key: self.board.published.get(fact.key) for fact in facts if isinstance(fact.value, AreaCount)
        }
        changes = self.board.apply(self.gate.admit(facts, moments.utc_now()))
        self._note_read(facts, published, {change.key for change in changes})
        if changes:
            # Shielded: a shutdown must not part the board from the log in the middle of a commit.
            await asyncio.shield(self._commit(changes))
        for fact in facts:
            self._refused.pop(fact.key, None)

    def _note_read(
        self, facts: Sequence[Fact], before: Mapping[str, AreaCount | None], changed: Container[str]
    ) -> None:
        """What those facts say of when units were read; of a place or mesa that changed the log says it by itself.

        Of what was relayed nobody here knows when it was read: when it is published, if it is new.
        """
        for fact in facts:
            key, at = fact.key, self._backlog.read_at.get(fact.key)
            if isinstance(fact.value, AreaCount):
                is_new = self.board.published.get(key) != before[key]
                if (at or is_new) and key not in self.gate.waiting and not self._is_whole(key):
                    self.writer.readings.note(key, at, is_new=is_new)
            elif at and key not in changed and key not in self.gate.waiting:
                self.writer.readings.note(key, at)

    async def _begin_anew(self) -> None:
        """The board has taken in what is not in the log: it is made again from the log, as after a restart."""
        self.writer.readings.forget_new()
        while True:
            try:
                entries = await asyncio.to_thread(self.writer.store.latest, self.writer.info.id)
            except StoreUnavailable:
                await asyncio.sleep(_RETRY_S)
            else:
                break
        self.board.restore((entry.change.key, entry.change.data) for entry in entries.values())

    def _set_aside(self, fact: Fact, error: Unforeseen | ValueRefused) -> None:
        self._refused[fact.key] = fact.value
        self._refusals_in_a_row += 1
        trace = error.__cause__ if isinstance(error, Unforeseen) else None
        _log.error("a value was set aside", key=fact.key, src=fact.src, detail=str(error), exc_info=trace)
        if self._refusals_in_a_row >= _MOST_REFUSALS:
            raise error

    async def _commit(self, changes: list[Change]) -> None:
        """The board has moved on already, so a commit that fails is tried until it succeeds: nothing is lost."""
        self._announce(await self.commits.commit(self.writer, changes))

    async def carry_out(self, request: ReleaseRequest) -> None:
        """Publish a held value that a person has released. One whose value is not known yet waits until it is read."""
        changes = self.board.release(request.release)
        if changes:
            if is_area(request.release.key) and not self._is_whole(request.release.key):
                self.writer.readings.note(request.release.key, None, is_new=True)
            await asyncio.shield(self._commit(changes))
        elif self.board.is_held(request.release.key):
            return
        seq = self.writer.seq if changes else None
        await asyncio.to_thread(close_request, self.writer.store, request, moments.write(moments.utc_now()), seq)

    def status(self) -> FeedStatus:
        """What to tell readers of the feed now."""
        nation = self.board.published.get(NATION)
        return self.health.status(None if nation is None else nation.source_at)
