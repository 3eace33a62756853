"""A small country of either generation, and pollers between it and a store."""

import asyncio
import csv
import time
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from geo.ubigeo import load_catalogue
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher
from ingest.followed import ContestFeed
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.publisher import Publisher
from ingest.registry import known_elections, make_feed
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally.board import Board
from tally.changes import ChangeSet
from tally.election import Election
from tally.storage.store import Store
from tally.storage.writer import Writer

ELECTIONS = known_elections()
AT = "2026-06-08T00:00:00Z"
PACE = Pace(cycle_s=2.0, readings=16, is_hurried=True, rechecks=Rechecks(confirm_s=0.0))


class Source(Struct, frozen=True):
    """One generation: the election that is read, and another one of the same generation."""

    election: Election
    other: Election

    @property
    def year(self) -> int:
        return self.election.date.year

    def app(self, mesas: Path) -> FeedApp:
        """A feed that replays a file of mesas."""
        return build_feed(self.election, load_catalogue(self.year), FeedPlan(mesas=mesas))


SOURCES = {
    "onpe2021": Source(ELECTIONS["2021-06-06-president-runoff"], ELECTIONS["2021-04-11-president"]),
    "onpe2026": Source(ELECTIONS["2026-06-07-president-runoff"], ELECTIONS["2026-04-12-president"]),
}


def write_mesas(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_small_country(path: Path, election: Election) -> Path:
    """Sixty mesas in three districts and one foreign city."""
    first, second = (entry.id for entry in election.contest().lists)
    rows = []
    for n in range(60):
        ubigeo = ("140101", "140102", "150101", "920101")[n % 4]
        votes = (50 + n, 100 - n)
        rows.append(
            {
                "mesa": f"{n + 1:06}", "ubigeo_onpe": ubigeo, "electores": 300, "emitidos": sum(votes) + 12,
                first: votes[0], second: votes[1], "blancos": 5, "nulos": 7, "impugnados": 0,
                "cod_local": f"{ubigeo[:3]}{n % 8}", "local": f"IE {n % 8}",
            }
        )  # fmt: skip
    return write_mesas(path, rows)


class Rig:
    """A rehearsal server, a store and pollers between them, without a socket."""

    def __init__(self, source: Source, mesas: Path, database_url: str, folder: Path) -> None:
        self.source, self.election = source, source.election
        self.app, self.store = source.app(mesas), Store.open(database_url)
        self.archive = Archive(folder / "archive")
        self.transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app=self.app)
        self.announced: list[ChangeSet] = []
        self.contest = self.election.contest()
        self.feed = make_feed(self.election, self.contest)

    def fetcher(self) -> Fetcher:
        return Fetcher(
            "http://rehearsal" + self.feed.base_path,
            self.archive,
            Budget(None, time.monotonic),
            user_agent="test",
            transport=self.transport,
        )

    async def poll_to_the_end(self) -> Board:
        writer = Writer.acquire(self.store, self.election.id, self.contest.id, is_test=False, at=AT)
        board = Board(len(self.contest.lists), largest=self.election.largest)
        board.restore((key, entry.change.data) for key, entry in self.store.latest(writer.info.id).items())
        fetcher = self.fetcher()
        try:
            publisher = Publisher(board, writer, self.archive, self.announced.append, linger_s=0.01)
            poller = Poller([ContestFeed(self.feed, publisher)], fetcher, PACE)
            async with asyncio.timeout(100):
                await poller.run(until_final=True)
        finally:
            await fetcher.close()
            writer.release()
        return board

    def poll(self) -> Board:
        return asyncio.run(self.poll_to_the_end())
