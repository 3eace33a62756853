"""A store that cannot keep up gets each value once, not ever more of them."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from tally.board import Board
from tally.changes import Change, ChangeSet
from tally.keys import NATION
from tally.storage.writer import Writer
from tests.ingest.rig import AT, Rig


def test_a_store_slower_than_the_cycle_is_given_no_ever_longer_queue(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    append = Writer.append

    def slowly(writer: Writer, changes: Sequence[Change], at: str) -> ChangeSet:
        time.sleep(0.1)
        return append(writer, changes, at)

    async def follow() -> int:
        writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
        fetcher, board = rig.fetcher(), Board(len(rig.contest.lists))
        publisher = Publisher(board, writer, rig.archive, linger_s=0.01)
        poller = Poller(rig.feed, fetcher, publisher, Pace(cycle_s=0.01))
        longest, looks = 0, 0
        task = asyncio.create_task(poller.run())
        async with asyncio.timeout(60):
            while looks < 100:
                await asyncio.sleep(0.02)
                longest = max(longest, publisher.unpublished[NATION])
                looks += bool(longest)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await fetcher.close()
        writer.release()
        return longest

    monkeypatch.setattr(Writer, "append", slowly)
    assert asyncio.run(follow()) == 1
