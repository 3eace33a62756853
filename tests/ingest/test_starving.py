"""Nothing that one area says, or that waits to be stored, keeps us from asking for the contest's totals."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from ingest.followed import ContestFeed
from ingest.health import FeedHealth
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.progress import ReadingProgress
from ingest.publisher import Publisher
from tally.board import Board
from tally.changes import Change, ChangeSet
from tally.feednotes import FeedNote, Note
from tally.storage.store import FeedStatus
from tally.storage.writer import Writer
from tests.databases import sqlite_in
from tests.ingest.rig import AT, Rig, Source, a_small_country
from tests.waiting import PATIENCE_S

Spoiling = Callable[[httpx.Request, httpx.Response], httpx.Response]
_CYCLE_S = 0.5


class Unwell(httpx.AsyncBaseTransport):
    """A source some of whose answers are something else, or late. How often it was asked for totals and for lists."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.totals = self.lists = 0
        self.late_s = 0.0
        self.spoil_lists: Spoiling = lambda request, response: response
        self.spoil_totals: Spoiling = lambda request, response: response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        await response.aread()
        if str(request.url).endswith(("/resumen-general/totales?idEleccion=10&tipoFiltro=eleccion", "/10/000000")):
            self.totals += 1
            return self.spoil_totals(request, response)
        if request.url.path.endswith("/actas") or "/mesas/locales/" in request.url.path:
            self.lists += 1
            await asyncio.sleep(self.late_s)
            return self.spoil_lists(request, response)
        return response


@pytest.fixture
def rig(source: Source, tmp_path: Path) -> Iterator[Rig]:
    """A source, an archive and an empty store: which one it is makes no difference here."""
    mesas = a_small_country(tmp_path / "mesas.csv", source.election)
    rig = Rig(source, mesas, sqlite_in(tmp_path), tmp_path)
    yield rig
    rig.store.close()


@pytest.fixture
def unwell(rig: Rig) -> Unwell:
    transport = rig.transport = Unwell(rig.transport)
    return transport


class Followed:
    """What was told last, and the cycles that were begun."""

    def __init__(self) -> None:
        self.status, self.cycles = FeedStatus(), 0

    def progress(self, progress: ReadingProgress) -> None:
        self.cycles = progress.cycle


def follow(rig: Rig, until: Callable[[Followed], bool], limit_s: float = PATIENCE_S) -> Followed:
    """Poll until it is so."""
    followed = Followed()

    async def run() -> None:
        writer = Writer.acquire(rig.store, rig.election.id, rig.contest.id, is_test=False, at=AT)
        board = Board(len(rig.contest.lists))
        fetcher = rig.fetcher()
        publisher = Publisher(board, writer, rig.archive, rig.announced.append, 0.01, FeedHealth(_CYCLE_S))
        pace = Pace(cycle_s=_CYCLE_S, readings=2, rechecks=Rechecks(retry_s=0.5))
        task = asyncio.create_task(Poller([ContestFeed(rig.feed, publisher)], fetcher, pace, followed.progress).run())
        try:
            async with asyncio.timeout(limit_s):
                while not until(followed):
                    assert not task.done()
                    await asyncio.sleep(0.05)
                    followed.status = await asyncio.to_thread(lambda: rig.store.info(rig.election.id).feed)
        finally:
            task.cancel()
            await asyncio.wait({task})
            await fetcher.close()
            writer.release()

    asyncio.run(run())
    return followed


def without_end(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """A list of actas, or of polling places, that goes on for ever."""
    if not response.content:
        return response
    said = json.loads(response.content)
    if "locales" in said:
        row = {"CCODI_UBIGEO": request.url.path[-6:], "TNOMB_LOCAL": "IE"}
        said["locales"] = [{"CCODI_LOCAL": f"{number:05}", **row} for number in range(9999)]
    elif "data" in said:
        said["data"] |= {"totalPaginas": 10**9}
    return httpx.Response(200, json=said)


def test_lists_without_end_cost_one_question_each_and_no_cycle_its_totals(rig: Rig, unwell: Unwell) -> None:
    unwell.spoil_lists = without_end
    followed = follow(rig, lambda followed: unwell.lists >= 12 and followed.cycles >= 6)
    assert unwell.totals >= followed.cycles - 1
    assert rig.store.info(rig.election.id).feed.state == "ok"


def test_slow_lists_in_every_slot_cost_no_cycle_its_totals(rig: Rig, unwell: Unwell) -> None:
    unwell.late_s = 2.5
    followed = follow(rig, lambda followed: unwell.lists >= 4 and followed.cycles >= 12)
    assert unwell.totals >= followed.cycles - 1


def test_a_store_far_slower_than_the_source_costs_no_cycle_its_totals(
    rig: Rig, unwell: Unwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Writer.append

    def slowly(writer: Writer, changes: Sequence[Change], at: str) -> ChangeSet:
        time.sleep(1.5)
        return append(writer, changes, at)

    monkeypatch.setattr(Writer, "append", slowly)
    followed = follow(rig, lambda followed: followed.cycles >= 12)
    assert unwell.totals >= followed.cycles - 1
    assert followed.status.checked_at is not None


def malformed(status: int, body: bytes, **headers: str) -> Spoiling:
    return lambda request, response: httpx.Response(
        status, headers=headers, stream=httpx.ByteStream(body), request=request
    )


@pytest.mark.parametrize(
    "spoiling",
    [
        malformed(404, b"{}"),
        malformed(200, b"{}", **{"content-encoding": "gzip"}),
        malformed(200, gzip.compress(b"{}")),
        malformed(200, b""),
        malformed(204, b""),
        malformed(200, b"<!doctype html><app-root></app-root>"),
        malformed(200, '{"success":true,"data":{}}'.encode("utf-16")),
    ],
    ids=["404", "not-gzip", "gzip-unsaid", "empty-200", "204", "page", "utf-16"],
)
def test_totals_that_cannot_be_read_show_in_the_feeds_state_and_are_over_with_the_next_good_answer(
    rig: Rig, unwell: Unwell, spoiling: Spoiling
) -> None:
    follow(rig, lambda followed: followed.status.state == "ok")
    unwell.spoil_totals = spoiling
    asked = unwell.totals
    told = follow(rig, lambda followed: followed.status.note == FeedNote(Note.UNREAD))
    assert told.status.state == "down"
    assert unwell.totals - asked <= 4  # a beat is two of these cycles long, and what is told is asked for
    unwell.spoil_totals = lambda request, response: response
    assert follow(rig, lambda followed: followed.status.state == "ok").status.note is None


def test_totals_behind_a_byte_order_mark_are_read(rig: Rig, unwell: Unwell) -> None:
    unwell.spoil_totals = lambda request, response: httpx.Response(200, content=b"\xef\xbb\xbf" + response.content)
    follow(rig, lambda followed: followed.status.state == "ok")
    assert rig.store.info(rig.election.id).feed.checked_at is not None


def test_other_answers_that_cannot_be_read_are_counted_in_the_feeds_note(rig: Rig, unwell: Unwell) -> None:
    unwell.spoil_lists = malformed(404, b"")
    told = follow(rig, lambda followed: followed.status.state == "ok" and followed.status.note is not None)
    assert told.status.note is not None
    assert told.status.note.id == Note.SOME_UNREAD
    assert (told.status.note.answers or 0) >= 1


def test_one_bad_list_is_asked_again_and_all_is_read_when_it_is_good(rig: Rig, unwell: Unwell) -> None:
    bad = [3]

    def spoil(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        bad[0] -= "140101" in str(request.url)
        return httpx.Response(200, content=b"<html>") if bad[0] >= 0 and "140101" in str(request.url) else response

    unwell.spoil_lists = spoil
    follow(rig, lambda _: rig_actas(rig) == 60)
    assert bad[0] < 0


def rig_actas(rig: Rig) -> int:
    latest = rig.store.latest(rig.store.info(rig.election.id).id, prefixes=["mesa/"])
    return len(latest)
