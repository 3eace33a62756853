"""Answers from an authorised relay, taken in like our own: archived first, then read by what their address asks for.

An area's count of 2026 is two answers. What came lately is kept in mind, so that they may come in any order and apart.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from ingest.archive import Archive, Attempt
from ingest.containment import contained
from ingest.failures import Failures
from ingest.feeds import Kept
from ingest.followed import ContestFeed
from ingest.proof.replay import question_of
from ingest.publisher import Publisher
from ingest.reports import Reports
from tally import moments
from tally.board import Fact
from tally.errors import ArchiveError, InvalidInput, StoreUnavailable, Unforeseen
from tally.model import AreaCount
from tally.storage.relays import Relayed, close_relayed, open_relayed
from tally.storage.store import Store

_log = structlog.get_logger()

EVERY_S = 2.0
_BEAT_S = 5.0
_AT_ONCE, _REMEMBERED = 50, 500


class Relay:
    """Takes in what waits for one election."""

    def __init__(self, store: Store, election_id: str, followed: Sequence[ContestFeed], archive: Archive) -> None:
        self._store, self._election_id = store, election_id
        self._followed, self._archive = followed, archive
        self._base_path = followed[0].feed.base_path
        self._recent: OrderedDict[str, Kept] = OrderedDict()

    async def take_in(self) -> int:
        """Archive and publish everything that waits; returns how many answers that were.

        Raises: StoreUnavailable, ArchiveError: what was not taken in keeps waiting.
        """
        taken = 0
        while waiting := await asyncio.to_thread(open_relayed, self._store, self._election_id, _AT_ONCE):
            new = [self._keep(relayed) for relayed in waiting]
            bad: set[str] = set()
            said = [await self._facts(one, new, list(self._recent.values()), bad) for one in self._followed]
            self._remember([kept for kept in new if kept.src not in bad])
            for one, own in zip(self._followed, said, strict=True):
                one.publisher.put(own)
            # Until the commit it stays open: after a crash it is taken in once more.
            for one in self._followed:
                await one.publisher.settled()
            facts = [fact for own in said for fact in own]
            for relayed, kept in zip(waiting, new, strict=True):
                given = sum(kept.src in _parts(fact) for fact in facts)
                at = moments.write(moments.utc_now())
                await asyncio.to_thread(close_relayed, self._store, relayed, at, given)
            taken += len(waiting)
            _log.info("relayed answers taken in", answers=len(waiting), facts=len(facts))
        return taken

    def _keep(self, relayed: Relayed) -> Kept:
        body = relayed.body
        sha256 = self._archive.keep(body)
        self._archive.log(Attempt(relayed.fetched_at, relayed.url, 200, 0, None, len(body), sha256, source="relay"))
        return Kept(f"sha256:{sha256}", (question_of(relayed.url, self._base_path),), body)

    async def _facts(self, one: ContestFeed, new: Sequence[Kept], recent: list[Kept], bad: set[str]) -> list[Fact]:
        """What they say of a contest; one over which our own reading fails is set aside, and named in `bad`."""
        try:
            reading = self._read(one, new, recent)
            facts = await contained(reading, lambda: f"the answers {'+'.join(kept.src for kept in new)}")
        except Unforeseen as error:
            if len(new) > 1:
                return [fact for kept in new for fact in await self._facts(one, [kept], recent, bad)]
            if new[0].src not in bad:
                _log.error("a relayed answer was set aside", detail=str(error), exc_info=error.__cause__)
            bad.add(new[0].src)
            return []
        recent += new
        return facts

    async def _read(self, one: ContestFeed, new: Sequence[Kept], recent: Sequence[Kept]) -> list[Fact]:
        """Facts to which a new answer contributes, the last of each key."""
        sources = {kept.src for kept in new}
        found: dict[str, Fact] = {}
        # Twice, because the answers that belong together may stand in either order.
        for fact in one.feed.reread([*recent, *new, *recent, *new], one.publisher.board.actas):
            if not sources.isdisjoint(parts := _parts(fact)) and (parts <= sources or _adds_up(fact)):
                found.pop(fact.key, None)
                found[fact.key] = fact
        return list(found.values())

    def _remember(self, new: Sequence[Kept]) -> None:
        for kept in new:
            name = str(kept.questions)
            self._recent.pop(name, None)
            self._recent[name] = kept
        while len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[None]:
    """Take in what waits every few seconds, for as long as somebody publishes."""
    task = asyncio.create_task(_repeat(relay))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(relay: Relay) -> None:
    failures = Failures()
    while True:
        try:
            await relay.take_in()
        except (StoreUnavailable, ArchiveError) as error:
            failures.begin("relay", error)
        else:
            failures.end("relay")
        await asyncio.sleep(EVERY_S)


class RelayOnly:
    """A poller that asks nobody: what is relayed is all there is."""

    def __init__(self, publishers: Sequence[Publisher]) -> None:
        self._publishers, self._reports = publishers, Reports(publishers)

    async def run(self, *, until_final: bool = False) -> None:
        """Publish until cancelled.

        Raises: InvalidInput: nobody can tell when a relay is at its end. LeaseLost, CountInconsistent.
        """
        if until_final:
            raise InvalidInput("--until-final cannot be told from a relay; leave it out, or read --feed file:FOLDER")
        publishing = [asyncio.create_task(publisher.run()) for publisher in self._publishers]
        try:
            while not any(task.done() for task in publishing):
                await asyncio.wait(publishing, timeout=_BEAT_S, return_when=asyncio.FIRST_COMPLETED)
                await self._reports.tell()
                await self._reports.carry_out_releases()
            await next(task for task in publishing if task.done())
        finally:
            for task in publishing:
                task.cancel()
            await asyncio.gather(*(publisher.drain() for publisher in self._publishers))


def _parts(fact: Fact) -> set[str]:
    return set((fact.src or "").split("+"))


def _adds_up(fact: Fact) -> bool:
    """Whether two answers that came apart are of one cut."""
    return not isinstance(fact.value, AreaCount) or sum(fact.value.votes) == fact.value.valid
