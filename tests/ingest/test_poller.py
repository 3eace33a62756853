"""The poller against the rehearsal server, in one process: everything it ends with, and how it takes failures."""

import asyncio
import csv
import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from geo.ubigeo import load_catalogue
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from ingest.registry import known_elections, make_feed
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.board import Board
from tally.changes import ChangeSet, Kind, fold
from tally.errors import FeedUnavailable, WrongElection
from tally.model import AreaState
from tally.reconcile import adds_up, compare
from tally.store import Store
from tally.writer import Writer

ELECTION = known_elections()["2026-06-07-president-runoff"]
CLOSING = datetime(2026, 6, 7, 22, 0, tzinfo=UTC)
AT = "2026-06-08T00:00:00Z"
PACE = Pace(cycle_s=2.0, readings=16, is_hurried=True, rechecks=Rechecks(confirm_s=0.0))


def write_mesas(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_small_country(path: Path) -> Path:
    """Sixty mesas in three districts and one foreign city."""
    rows = []
    for n in range(60):
        ubigeo = ("140101", "140102", "150101", "920101")[n % 4]
        votes = (50 + n, 100 - n)
        rows.append(
            {
                "mesa": f"{n + 1:06}", "ubigeo_onpe": ubigeo, "electores": 300, "emitidos": sum(votes) + 12,
                "fuerza_popular": votes[0], "juntos_por_el_peru": votes[1], "blancos": 5, "nulos": 7, "impugnados": 0,
                "cod_local": f"{ubigeo[:3]}{n % 8}", "local": f"IE {n % 8}",
            }
        )  # fmt: skip
    return write_mesas(path, rows)


class Rig:
    """A rehearsal server, a store and pollers between them, without a socket."""

    def __init__(self, app: FeedApp, database_url: str, folder: Path) -> None:
        self.app, self.store = app, Store.open(database_url)
        self.archive = Archive(folder / "archive")
        self.transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app=app)
        self.announced: list[ChangeSet] = []
        self.contest = ELECTION.contest()
        self.feed = make_feed(ELECTION, self.contest)

    def fetcher(self) -> Fetcher:
        return Fetcher(
            "http://rehearsal" + self.feed.base_path,
            self.archive,
            Budget(None, time.monotonic),
            user_agent="test",
            transport=self.transport,
        )

    async def poll_to_the_end(self) -> Board:
        writer = Writer.acquire(self.store, ELECTION.id, self.contest.id, is_test=False, at=AT)
        board = Board(len(self.contest.lists))
        board.restore((key, entry.change.data) for key, entry in self.store.latest(writer.info.id).items())
        fetcher = self.fetcher()
        try:
            publisher = Publisher(board, writer, self.archive, self.announced.append, linger_s=0.01)
            poller = Poller(self.feed, fetcher, publisher, PACE)
            async with asyncio.timeout(100):
                await poller.run(until_final=True)
        finally:
            await fetcher.close()
            writer.release()
        return board

    def poll(self) -> Board:
        return asyncio.run(self.poll_to_the_end())


@pytest.fixture
def rig(database_url: str, tmp_path: Path) -> Iterator[Rig]:
    plan = FeedPlan(mesas=a_small_country(tmp_path / "mesas.csv"))
    rig = Rig(build_feed(ELECTION, load_catalogue(2026), plan), database_url, tmp_path)
    yield rig
    rig.store.close()


def assert_both_truths_agree(board: Board) -> None:
    for key, published in board.published.items():
        assert compare(published, board.sums.of(key)) == {}, key
    children: dict[str, list[Any]] = {}
    for key, published in board.published.items():
        if key != "nation":
            parent = board.tree.keys[board.tree.parents[board.tree.nodes[key]]]
            children.setdefault(parent, []).append(published)
    assert all(adds_up(board.published[parent], counts) for parent, counts in children.items())


def test_a_final_count_is_read_to_its_last_acta(rig: Rig) -> None:
    board = rig.poll()
    nation = board.published["nation"]
    assert (nation.total, nation.votes) == (60, (sum(50 + n for n in range(60)), sum(100 - n for n in range(60))))
    assert len(board.actas) == 60
    assert {"scope/domestic", "scope/abroad", "department/92", "district/140102"} <= board.published.keys()
    assert_both_truths_agree(board)
    board.sums.cross_check()
    stored = rig.store.latest(rig.store.info(ELECTION.id).id)
    assert stored == fold(rig.announced)
    state = msgspec.json.decode(stored["department/14"].change.data, type=AreaState)
    assert (state.name, state.published) == ("LIMA", board.published["department/14"])


def test_every_published_figure_names_bytes_that_are_in_the_archive(rig: Rig) -> None:
    rig.poll()
    for changes in rig.announced:
        for change in changes.changes:
            for source in (change.src or "").split("+"):
                if source:
                    assert rig.archive.read(source.removeprefix("sha256:"))


def test_reading_a_count_twice_adds_no_change(rig: Rig) -> None:
    rig.poll()
    before = rig.store.info(ELECTION.id).seq
    rig.poll()
    assert rig.store.info(ELECTION.id).seq == before


def test_a_count_is_followed_from_cut_to_cut(rig: Rig) -> None:
    shown = []
    for hours in (2, 5, 24, 24 * 30):
        rig.app.step_to(CLOSING + timedelta(hours=hours))
        board = rig.poll()
        assert_both_truths_agree(board)
        shown.append(board.published["nation"].counted)
    assert shown == sorted(shown)
    assert shown[0] < shown[-1] == 60


def test_a_count_that_goes_back_becomes_a_correction(rig: Rig) -> None:
    rig.app.step_to(CLOSING + timedelta(days=30))
    rig.poll()
    rig.announced.clear()
    rig.app.step_to(CLOSING + timedelta(hours=4))
    board = rig.poll()
    assert_both_truths_agree(board)
    kinds = {change.key: change.kind for changes in rig.announced for change in changes.changes}
    assert kinds["nation"] is Kind.CORRECTION


class Flaky(httpx.AsyncBaseTransport):
    """Every third answer fails in one of the ways the source fails."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.count = inner, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        if self.count % 3 == 0 and self.count > 6:
            way = self.count // 3 % 3
            if way == 0:
                return httpx.Response(200, content=b"<html><app-root></app-root></html>")
            if way == 1:
                return httpx.Response(200, content=b'{"success":true,"data":{"contab')
            return httpx.Response(200, content=b'{"success":false,"message":"error"}')
        return await self.inner.handle_async_request(request)


def test_unusable_answers_neither_stop_the_poller_nor_become_numbers(rig: Rig) -> None:
    rig.transport = Flaky(rig.transport)
    board = rig.poll()
    for key, published in board.published.items():
        if board.sums.of(key).total == published.total:
            assert not {"valid", "votes"} & compare(published, board.sums.of(key)).keys() or board.actas
    assert all(acta.held is msgspec.UNSET for acta in board.actas.values())
    rig.transport = httpx.ASGITransport(app=rig.app)
    assert_both_truths_agree(rig.poll())


def test_a_source_that_is_away_is_an_error_at_the_start(rig: Rig) -> None:
    class Away(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("away", request=request)

    rig.transport = Away()
    with pytest.raises(FeedUnavailable):
        rig.poll()
    assert rig.archive.attempts()[0].error is not None


def test_a_host_that_answers_about_another_election_is_refused(rig: Rig) -> None:
    other = known_elections()["2026-04-12-president"]

    async def identify() -> None:
        fetcher = rig.fetcher()
        try:
            await make_feed(other, other.contest()).identify(fetcher)
        finally:
            await fetcher.close()

    with pytest.raises(WrongElection, match="check --feed and --election"):
        asyncio.run(identify())


@pytest.mark.reference_data
def test_two_departments_and_a_continent_of_2026_end_with_both_truths_equal(reference: Path, tmp_path: Path) -> None:
    with gzip.open(reference / "data" / "eg2026_round2_tables.csv.gz", "rt") as stream:
        rows = [row for row in csv.DictReader(stream) if row["ubigeo_onpe"][:2] in ("16", "17", "91")]
    plan = FeedPlan(mesas=write_mesas(tmp_path / "mesas.csv", rows))
    rig = Rig(build_feed(ELECTION, load_catalogue(2026), plan), f"sqlite:///{tmp_path / 'count.db'}", tmp_path)
    board = rig.poll()
    rig.store.close()
    assert ELECTION.official is not None
    official = {area.ubigeo[:2]: area for area in ELECTION.official.areas}
    for prefix in ("16", "17", "91"):
        published, area = board.published[f"department/{prefix}"], official[prefix]
        assert (published.votes, published.cast, published.total) == (area.votes, area.cast, area.mesas)
        assert (published.blank, published.null) == (area.blank, area.null)
    assert_both_truths_agree(board)
    assert len(board.actas) == len(rows) == board.published["nation"].total
