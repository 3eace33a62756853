"""From facts to numbered changes: board, then store, then whoever listens. Nothing is announced before its commit."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence

import structlog

from ingest.archive import Archive
from tally import moments
from tally.board import Board, Fact
from tally.changes import Change, ChangeSet
from tally.errors import StoreUnavailable
from tally.gate import Gate
from tally.keys import NATION
from tally.model import FeedState
from tally.releases import close_request, open_requests
from tally.store import FeedStatus
from tally.writer import Writer

_log = structlog.get_logger()

_MOST_FACTS = 1000
_CHECK_EVERY_S = 60.0
_RETRY_S = 1.0
_DRAIN_S = 10.0


class Publisher:
    """Gathers facts for at most `linger_s`, applies them to the board, commits the changes and announces them.

    `unpublished`: keys of facts that were put in and are not committed yet, and how often.
    """

    def __init__(
        self,
        board: Board,
        writer: Writer,
        archive: Archive,
        announce: Callable[[ChangeSet], None] = lambda _: None,
        linger_s: float = 0.2,
    ) -> None:
        self.board, self.gate, self.status = board, Gate(board), FeedState.STARTING
        self._writer, self._archive, self._announce, self._linger_s = writer, archive, announce, linger_s
        self._facts: asyncio.Queue[Sequence[Fact]] = asyncio.Queue()
        self._next: Sequence[Fact] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._checked_at: str | None = None
        self._cross_checked = time.monotonic()
        self.unpublished: Counter[str] = Counter()

    @property
    def seq(self) -> int:
        """Version of the last commit."""
        return self._writer.seq

    @property
    def is_settled(self) -> bool:
        """Whether everything put in has been committed."""
        return not self.unpublished

    def put(self, facts: Sequence[Fact]) -> None:
        """Facts to publish."""
        if facts:
            self.unpublished.update(fact.key for fact in facts)
            self._facts.put_nowait(facts)

    def checked(self) -> None:
        """The source answered just now."""
        self.status, self._checked_at = FeedState.OK, moments.write(moments.utc_now())

    async def settled(self) -> None:
        """Return when everything put in so far has been committed."""
        await self._facts.join()

    async def run(self) -> None:
        """Publish until cancelled.

        Raises: LeaseLost, CountInconsistent: publishing must stop.
        """
        while True:
            batch = [self._next or await self._facts.get()]
            self._next = None
            await asyncio.sleep(self._linger_s)
            await self._publish(batch)

    async def drain(self) -> None:
        """Publish what is left, and wait for a commit that is under way. Gives up on a store that stays away."""
        try:
            async with asyncio.timeout(_DRAIN_S):
                while self._next or not self._facts.empty():
                    batch = [self._next or self._facts.get_nowait()]
                    self._next = None
                    await self._publish(batch)
                async with self._one_at_a_time:
                    pass
        except TimeoutError:
            _log.error("the last changes could not be stored; they will be read again")

    async def _publish(self, batch: list[Sequence[Fact]]) -> None:
        self._gather(batch)
        admitted = self.gate.admit([fact for facts in batch for fact in facts], moments.utc_now())
        changes = self.board.apply(admitted)
        if changes:
            # Shielded: a shutdown must not part the board from the log in the middle of a commit.
            await asyncio.shield(self._commit(changes))
        for facts in batch:
            self._published(facts)
            self._facts.task_done()
        if time.monotonic() - self._cross_checked > _CHECK_EVERY_S:
            self._cross_checked = time.monotonic()
            self.board.sums.cross_check()

    def _published(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            self.unpublished[fact.key] -= 1
            if not self.unpublished[fact.key]:
                del self.unpublished[fact.key]

    def _gather(self, batch: list[Sequence[Fact]]) -> None:
        """Add what waits, until a key would come twice: a change names the bytes of one reading, and all of them."""
        keys = {fact.key for facts in batch for fact in facts}
        while len(keys) < _MOST_FACTS and not self._facts.empty():
            facts = self._facts.get_nowait()
            if not keys.isdisjoint(fact.key for fact in facts):
                self._next = facts
                return
            keys.update(fact.key for fact in facts)
            batch.append(facts)

    async def _commit(self, changes: list[Change]) -> None:
        """The board has moved on already, so a commit that fails is tried until it succeeds: nothing is lost."""
        is_failing = False
        async with self._one_at_a_time:
            while True:
                try:
                    await asyncio.to_thread(self._archive.flush)
                    at = moments.write(moments.utc_now())
                    committed = await asyncio.to_thread(self._writer.append, changes, at)
                except StoreUnavailable as error:
                    if not is_failing:
                        _log.error("cannot store, trying again", detail=str(error))
                    is_failing = True
                    await asyncio.sleep(_RETRY_S)
                else:
                    break
        if is_failing:
            _log.info("storing works again", seq=committed.seq)
        self._announce(committed)

    async def carry_out_releases(self) -> None:
        """Publish held values that a person has released. One whose value is not known yet waits until it is read."""
        store, count_id = self._writer.store, self._writer.info.id
        for request in await asyncio.to_thread(open_requests, store, count_id):
            changes = self.board.release(request.release)
            if changes:
                await asyncio.shield(self._commit(changes))
            elif self.board.is_held(request.release.key):
                continue
            seq = self._writer.seq if changes else None
            await asyncio.to_thread(close_request, store, request, moments.write(moments.utc_now()), seq)

    async def report(self) -> None:
        """Tell readers how the feed is, and keep the lease.

        Raises: LeaseLost.
        """
        nation = self.board.published.get(NATION)
        status = FeedStatus(
            state=self.status, checked_at=self._checked_at, source_at=None if nation is None else nation.source_at
        )
        try:
            async with self._one_at_a_time:
                await asyncio.to_thread(self._writer.report, status)
        except StoreUnavailable as error:
            _log.warning("cannot report the feed's state", detail=str(error))
