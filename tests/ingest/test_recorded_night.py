"""The recorded cuts of the run-off of 2026, replayed: what went down is a correction, what did not is none."""

import asyncio
import csv
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import msgspec
import pytest

from geo.ubigeo import load_catalogue
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.feeds import Feed
from ingest.fetch import Fetcher
from ingest.registry import known_elections, make_feed
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.server import FeedApp, build_feed
from tally import moments
from tally.board import Board, Fact
from tally.changes import Kind
from tally.gate import Gate
from tally.keys import NATION
from tally.ledger import LedgerEntry, read_ledger
from tally.model import AreaState
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.databases import sqlite_in

pytestmark = pytest.mark.reference_data

ELECTION = known_elections()["2026-06-07-president-runoff"]
LISTS = tuple(entry.id for entry in ELECTION.contest().lists)


def recorded(path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Stamp and votes of every national cut of the recording."""
    with path.open() as stream:
        for row in csv.DictReader(stream):
            if row["ubigeo"] == "000000":
                yield row["at_utc"], tuple(int(row[name]) for name in LISTS)


class Night:
    """The nation alone, asked twice at every cut, through feed, gate, board and store."""

    def __init__(self, timeline: Path, folder: Path) -> None:
        self.app: FeedApp = build_feed(ELECTION, load_catalogue(2026), FeedPlan(timeline=timeline))
        self.store = Store.open(sqlite_in(folder))
        self.writer = Writer.acquire(self.store, ELECTION.id, "president", is_test=False, at="2026-06-08T00:00:00Z")
        self.board = Board(len(LISTS))
        self.gate = Gate(self.board)
        self.feed: Feed = make_feed(ELECTION, ELECTION.contest())
        self.archive = Archive(folder / "archive")

    async def watch(self, stamps: list[str]) -> None:
        fetcher = Fetcher(
            "http://night" + self.feed.base_path,
            self.archive,
            Budget(None, lambda: 0.0),
            user_agent="test",
            transport=httpx.ASGITransport(app=self.app),
        )
        for stamp in stamps:
            at = moments.read(stamp) + timedelta(seconds=1)
            self.app.step_to(at)
            for _ in range(2):
                said = await self.feed.area(fetcher, NATION, self.board.published.get(NATION))
                changes = self.board.apply(self.gate.admit([said], at)) if isinstance(said, Fact) else []
                if changes:
                    self.writer.append(changes, stamp)
        await fetcher.close()


@pytest.fixture(scope="module")
def night(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    timeline = reference / "data" / "timeline_2026_round2.csv"
    night = Night(timeline, tmp_path_factory.mktemp("night"))
    asyncio.run(night.watch([stamp for stamp, _ in recorded(timeline)]))
    yield night
    night.store.close()


def votes(data: bytes | None) -> tuple[int, ...]:
    assert data is not None
    published = msgspec.json.decode(data, type=AreaState).published
    assert published is not None
    return published.votes


def test_the_seven_national_decreases_are_corrections_with_their_before_and_after(
    night: Night, reference: Path
) -> None:
    cuts = list(recorded(reference / "data" / "timeline_2026_round2.csv"))
    lower = [
        (stamp, before, after)
        for (_, before), (stamp, after) in pairwise(cuts)
        if any(a < b for a, b in zip(after, before, strict=True))
    ]
    assert len(lower) == 7
    lines: list[LedgerEntry] = read_ledger(night.store, night.writer.info.id, [Kind.CORRECTION])
    told = [(line.at, votes(line.before), votes(line.after)) for line in reversed(lines) if line.key == NATION]
    assert told == lower


def test_nothing_is_held_and_the_last_cut_is_the_official_final(night: Night) -> None:
    assert read_ledger(night.store, night.writer.info.id, [Kind.HOLD]) == []
    assert ELECTION.official is not None
    final = tuple(sum(area.votes[n] for area in ELECTION.official.areas) for n in range(len(LISTS)))
    # ONPE's last recorded cut, 29 June 2026.
    assert night.board.published[NATION].votes == final == (9_223_396, 9_173_755)


def test_both_changes_of_the_lead_are_seen_when_they_happened(night: Night) -> None:
    history = night.store.history(night.writer.info.id, NATION)
    leads = [(entry.at, votes(entry.change.data)) for entry in history if b'"published":{' in entry.change.data]
    changes = [after for (_, one), (after, two) in pairwise(leads) if (one[0] > one[1]) != (two[0] > two[1])]
    assert [change[:10] for change in changes] == ["2026-06-08", "2026-06-11"]
    assert "2026-06-11T03:42" <= changes[1] <= "2026-06-11T03:48"
