"""A store that cannot keep up gets each value once, not ever more of them."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from ingest.followed import ContestFeed
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from tally.board import Board, Fact
from tally.changes import Change, ChangeSet
from tally.keys import NATION
from tally.storage.writer import Writer
from tests.ingest.rig import AT, Rig
from tests.waiting import PATIENCE_S


def test_a_store_slower_than_the_cycle_is_given_no_ever_longer_queue(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    append, put = Writer.append, Publisher.put
    waiting = list[int]()

    def slowly(writer: Writer, changes: Sequence[Change], at: str) -> ChangeSet:
        time.sleep(0.1)
        return append(writer, changes, at)

    def watched(publisher: Publisher, facts: Sequence[Fact]) -> None:
        put(publisher, facts)
        if any(fact.key == NATION for fact in facts):
            waiting.append(publisher.unpublished[NATION])

    async def follow() -> None:
        writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
        fetcher, board = rig.fetcher(), Board(len(rig.contest.lists))
        publisher = Publisher(board, writer, rig.archive, linger_s=0.01)
        poller = Poller([ContestFeed(rig.feed, publisher)], fetcher, Pace(cycle_s=0.01))
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(PATIENCE_S):
            while not waiting:
                await asyncio.sleep(0.02)
        await asyncio.sleep(2.0)  # many cycles, in which what waits is not put in again
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await fetcher.close()
        writer.release()

    monkeypatch.setattr(Writer, "append", slowly)
    monkeypatch.setattr(Publisher, "put", watched)
    asyncio.run(follow())
    assert set(waiting) == {1}
