"""A drill: an unwell source, a poller and a store on a clock that only waiting moves, and the truth to compare with."""

import asyncio
import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec
from msgspec import UNSET

from geo.ubigeo import load_catalogue
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher, FetchLimits
from ingest.followed import ContestFeed
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from ingest.registry import known_elections, make_feed
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import FeedApp, build_feed
from tally.board import Board
from tally.changes import Change, ChangeSet
from tally.election import Election
from tally.errors import FeedError
from tally.model import Acta, ActaState, AreaCount, AreaState
from tally.rules.reconcile import compare
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.databases import sqlite_in

ELECTIONS = {
    "onpe2026": known_elections()["2026-06-07-president-runoff"],
    "onpe2021": known_elections()["2021-06-06-president-runoff"],
}
EARLY, LATE = timedelta(hours=5), timedelta(days=30)
_AT = "2026-06-08T00:00:00Z"
_PACE = Pace(cycle_s=2.0, readings=8, is_hurried=True, rechecks=Rechecks(confirm_s=0.0))
_TRIES = 40
IN_PROCESS = "http://source"
_LISTED = ("140101", "140102", "150101", "920101")

Truth = dict[str, list[AreaCount | Acta]]


class Hours:
    """Seconds that pass when somebody waits for them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class NotedBudget(Budget):
    """Remembers how long it was told to wait after refusals."""

    def __init__(self, hours: Hours, longest_wish_s: float) -> None:
        super().__init__(None, hours, seed=1, sleep=hours.sleep, longest_wish_s=longest_wish_s)
        self.pauses: list[float] = []

    def refused(self, left_at: float, retry_after_s: float | None) -> float:
        """See Budget."""
        self.pauses.append(super().refused(left_at, retry_after_s))
        return self.pauses[-1]


def build_country(
    election: Election, path: Path, *, speed: float | None = None, now: Callable[[], datetime] | None = None
) -> FeedApp:
    """Forty mesas in three districts and one foreign city. Without a speed the count stands where it is put."""
    lists = [entry.id for entry in election.contest().lists]
    with path.open("w", newline="") as stream:
        fixed = ("mesa", "ubigeo_onpe", "electores", "emitidos", "blancos", "nulos", "impugnados", "cod_local", "local")
        writer = csv.DictWriter(stream, [*fixed, *lists])
        writer.writeheader()
        for n in range(40):
            ubigeo, votes = _LISTED[n % 4], (50 + n, 100 - n)
            counts = (300, sum(votes) + 12, 5, 7, 0)
            head = dict(
                zip(fixed, (f"{n + 1:06}", ubigeo, *counts, f"{ubigeo[:3]}{n % 8}", f"IE {n % 8}"), strict=True)
            )
            writer.writerow({**head, **dict(zip(lists, votes, strict=True))})
    plan = FeedPlan(mesas=path, speed=speed)
    return build_feed(election, load_catalogue(election.date.year), plan, now=now or (lambda: datetime.now(UTC)))


class Drill:
    """One country's count, polled through whatever faults are ordered."""

    def __init__(self, generation: str, folder: Path) -> None:
        self.election, self.folder = ELECTIONS[generation], folder
        self.contest = self.election.contest()
        self.app = build_country(self.election, folder / "mesas.csv")
        self.hours = Hours()
        self.store = Store.open(sqlite_in(folder))
        self.archive = Archive(folder / "archive")
        self.announced: list[ChangeSet] = []
        self.budget = NotedBudget(self.hours, self.election.polling.longest_wish_s)
        self.source: FeedApp | FaultyFeed = self.app
        self.truth: Truth = {}
        self.truths = 0
        self.address = IN_PROCESS

    def step_to(self, since_closing: timedelta) -> None:
        """The count stands as it did that long after the polls closed."""
        self.app.step_to(closing(self.election) + since_closing)

    def order(self, *faults: str, seed: int = 1) -> None:
        """From now on the source has those faults; they may remember what it answered before."""
        self.source = FaultyFeed(self.app, [read_order(fault) for fault in faults], seed, self.hours)

    def recover(self) -> None:
        """From now on the source is well."""
        self.source = self.app

    def learn_truth(self) -> Board:
        """Read the count as it stands from the sound source, into a database of its own, as one more truth."""
        other = Drill.__new__(Drill)
        other.__dict__.update(self.__dict__)
        other.store, other.announced, other.source = (
            Store.open(sqlite_in(self.folder, f"truth-{len(self.truth)}.db")),
            [],
            self.app,
        )
        other.archive = Archive(self.folder / "truth")
        board = other.poll()
        other.store.close()
        return self._note(board)

    def _note(self, board: Board) -> Board:
        """One more truth."""
        for key, value in (*board.published.items(), *board.actas.items()):
            self.truth.setdefault(key, []).append(_unstamped(value))
        return board

    def spoil(self, *faults: str) -> Board:
        """An early count is read well; then the faults begin, the count goes on and is read through them.

        Returns: what the sound source would have said.
        """
        self.step_to(EARLY)
        self._note(_count_at(self.election.generation, EARLY))
        self.order(*(f"{fault}@1s" for fault in faults))
        self.poll()
        self.hours.now += 1
        self.step_to(LATE)
        truth = self._note(_count_at(self.election.generation, LATE))
        self.poll()
        return truth

    def poll(self) -> Board:
        """Poll to the end, beginning again when even the areas cannot be read, as `escrutinio run` does."""
        return asyncio.run(self.poll_to_the_end())

    async def poll_to_the_end(self) -> Board:
        for _ in range(_TRIES - 1):
            with suppress(FeedError):
                return await self._poll_once()
        return await self._poll_once()

    def identify(self) -> bool:
        """Ask the source whom it is about; returns whether it says it is a rehearsal."""

        async def ask() -> bool:
            feed = make_feed(self.election, self.contest)
            fetcher = self._fetcher(feed.base_path)
            try:
                return await feed.identify(fetcher)
            finally:
                await fetcher.close()

        return asyncio.run(ask())

    async def _poll_once(self) -> Board:
        writer = Writer.acquire(self.store, self.election.id, self.contest.id, is_test=False, at=_AT)
        board = Board(len(self.contest.lists), largest=self.election.largest)
        board.restore((key, entry.change.data) for key, entry in self.store.latest(writer.info.id).items())
        feed = make_feed(self.election, self.contest)
        fetcher = self._fetcher(feed.base_path)
        try:
            publisher = Publisher(board, writer, self.archive, self.announced.append, linger_s=0.01)
            async with asyncio.timeout(100):
                await Poller([ContestFeed(feed, publisher)], fetcher, _PACE).run(until_final=True)
        finally:
            await fetcher.close()
            writer.release()
        return board

    def _fetcher(self, base_path: str) -> Fetcher:
        transport = httpx.ASGITransport(app=self.source) if self.address == IN_PROCESS else None
        limits = FetchLimits(total_s=1.0)
        base = self.address + base_path
        return Fetcher(base, self.archive, self.budget, user_agent="drill", limits=limits, transport=transport)

    def wrong(self) -> list[str]:
        """Every published figure that was never the source's, as key and value. Held values are not published."""
        return [
            f"{change.key}: {value}"
            for changes in self.announced
            for change in changes.changes
            for value in _figures(change)
            if not any(_agrees(value, true) for true in self.truth[change.key])
        ]

    def last(self, key: str) -> Any:
        """What the store holds under a key."""
        data = self.store.latest(self.store.info(self.election.id).id)[key].change.data
        return msgspec.json.decode(data, type=Acta if key.startswith("mesa/") else AreaState)


@cache
def _count_at(generation: str, since_closing: timedelta) -> Board:
    """What the sound source says then: the same in every drill, so it is read once."""
    with TemporaryDirectory() as folder:
        drill = Drill(generation, Path(folder))
        drill.step_to(since_closing)
        board = drill.poll()
        drill.store.close()
    return board


def _agrees(value: AreaCount | Acta, true: AreaCount | Acta) -> bool:
    """Equal, or silent where the truth is known: the second form of an area's votes leaves blank and null votes out."""
    silent = {name: None for name in ("blank", "null", "challenged") if getattr(value, name) is None}
    return value == msgspec.structs.replace(true, **silent)


def _figures(change: Change) -> Iterator[AreaCount | Acta]:
    """What a change publishes of what the source said: an area's count or an acta, stamps aside."""
    if change.key.startswith("mesa/"):
        acta = msgspec.json.decode(change.data, type=Acta)
        if acta.held is UNSET and acta.state is not ActaState.PENDING:
            yield _unstamped(acta)
    elif not change.key.startswith("place/"):
        area = msgspec.json.decode(change.data, type=AreaState)
        if area.published is not None:
            yield _unstamped(area.published)


def _unstamped(value: AreaCount | Acta) -> AreaCount | Acta:
    """A fault of the stamp is not one of the figures."""
    return msgspec.structs.replace(value, source_at=None)


def assert_whole(board: Board, truth: Board) -> None:
    """All that the source has was read, nothing is held, and its aggregates are the sums of its actas."""
    assert figures(board) == figures(truth)
    assert board.actas == truth.actas
    assert board.held == {}
    for key, published in board.published.items():
        assert compare(published, board.sums.of(key)) == {}, key
    board.sums.cross_check()


def figures(board: Board) -> dict[str, AreaCount | Acta]:
    """What is published by area, stamps aside."""
    return {key: _unstamped(count) for key, count in board.published.items()}
