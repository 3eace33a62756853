"""What a first round costs: every acta is asked for once, and whoever is read again is named with the reason."""

import asyncio
import re
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog

from ingest.followed import ContestFeed
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from ingest.rehearsal.feed import closing
from tally.board import Board
from tally.storage.writer import Writer
from tests.ingest.rig import AT, Rig
from tests.waiting import PATIENCE_S

_ACTA = ("/actas/buscar/mesa", "/mesas/detalle/")


class Counting(httpx.AsyncBaseTransport):
    """Counts the questions that reach the source."""

    def __init__(self, rig: Rig) -> None:
        self._below, self.asked = rig.transport, Counter[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked[str(request.url)] += 1
        return await self._below.handle_async_request(request)

    @property
    def actas(self) -> Counter[str]:
        """Those about one acta."""
        return Counter({url: times for url, times in self.asked.items() if any(part in url for part in _ACTA)})


@pytest.fixture
def counting(rig: Rig) -> Counting:
    counting = Counting(rig)
    rig.transport = counting
    return counting


def read_again(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "actas are read again"]


def test_a_first_round_asks_for_no_acta_twice(rig: Rig, counting: Counting) -> None:
    with structlog.testing.capture_logs() as lines:
        board = rig.poll()
    assert len(board.actas) == 60
    assert counting.actas.total() <= 1.02 * 60
    assert max(counting.actas.values()) == 1
    assert read_again(lines) == []
    # A second process knows what was read.
    counting.asked.clear()
    rig.poll()
    assert counting.actas.total() == 0


async def follow(rig: Rig, counting: Counting, hours: range) -> None:
    """One process that follows the count from cut to cut, until nearly every acta has been asked for."""
    writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=True, at=AT)
    publisher = Publisher(Board(len(rig.contest.lists)), writer, rig.archive, linger_s=0.01)
    pace = Pace(cycle_s=0.1, readings=16, is_hurried=True, rechecks=Rechecks(recheck_s=0.4, confirm_s=0.0))
    fetcher = rig.fetcher()
    polling = asyncio.create_task(Poller([ContestFeed(rig.feed, publisher)], fetcher, pace).run())
    for hour in hours:
        rig.app.step_to(closing(rig.election) + timedelta(hours=hour))
        await asyncio.sleep(0.3)
    async with asyncio.timeout(PATIENCE_S):
        while len(counting.actas) < 55:
            await asyncio.sleep(0.05)
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    await fetcher.close()


def test_an_acta_that_is_read_again_is_named_in_the_log_with_the_reason(rig: Rig, counting: Counting) -> None:
    with structlog.testing.capture_logs() as lines:
        asyncio.run(follow(rig, counting, range(2, 400, 60)))
    twice = {url[-6:] for url, times in counting.actas.items() if times > 1}
    named = {mesa for line in read_again(lines) for mesa in re.findall(r"\d{6}", line.get("mesas") or line["what"])}
    assert twice <= named
    assert all(line["why"] for line in read_again(lines))
