"""What the program before schema versions and log formats left behind, for tests of those that come after it.

`make_older_count` polls a small country through faults and leaves a database of schema 0001 that names no revision, a
log of format 1, in which holds and flags are sentences (`tests.tally.old_log`), and a sealed archive without a format.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from bench.country import cuts, make_feed_app, newest_election, served, write_mesas
from ingest.archive import Archive
from ingest.budget import Budget
from ingest.fetch import Fetcher
from ingest.followed import ContestFeed
from ingest.plan import Rechecks
from ingest.poller import Pace, Poller
from ingest.proof.keyring import load_signer
from ingest.proof.seal import Sealer, sealing
from ingest.publisher import Publisher
from ingest.registry import make_feed
from ingest.rehearsal.faults.application import FaultyFeed
from ingest.rehearsal.faults.order import read_order
from ingest.rehearsal.server import FeedApp
from tally.board import Board
from tally.changes import Change, ChangeSet
from tally.migrations.runner import VERSION, migrate
from tally.storage.database import connect, transaction
from tally.storage.readings import NewReadings
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.tally.old_log import format_1

AT = "2026-06-08T00:00:00Z"
# Areas that are held, actas that are held, and published figures that differ from the sum of their actas.
FAULTS = ("echo:0.4@1s", "zero-acta:0.2@1s", "decrease:0.3@1s")
_PACE = Pace(cycle_s=2.0, readings=8, is_hurried=True, rechecks=Rechecks(confirm_s=0.0))


def make_older_database(url: str) -> None:
    """Give an empty database the tables of schema 0001, and no word of which they are."""
    engine = connect(url)
    with transaction(engine) as connection:
        migrate(connection, "0001")
        VERSION.drop(connection)
    engine.dispose()


class _NoReadings(NewReadings):
    def note(self, key: str, at: str | None, *, is_new: bool = False) -> None:
        """What was read and said nothing new was not kept then."""


class OlderWriter(Writer):
    """The writer of the program before, which knows of no format."""

    def append(self, changes: Sequence[Change], at: str) -> ChangeSet:
        """See Writer."""
        seq, count_id = self.seq + 1, self.info.id
        with transaction(self.store.engine) as connection:
            self._renew(connection, {"seq": seq, "changed_at": at})
            values = {"count_id": count_id, "seq": seq, "at": at}
            connection.execute(
                text("INSERT INTO change_sets (count_id, seq, at) VALUES (:count_id, :seq, :at)"), values
            )
            rows = [
                (count_id, seq, n, change.key, change.kind.value, change.data.decode(), change.src, change.note)
                for n, change in enumerate(changes)
            ]
            connection.exec_driver_sql(self._insert, rows)
        self.seq = seq
        return ChangeSet(seq, at, tuple(changes))


def make_older_count(folder: Path, database: str) -> None:
    """Poll a count into an empty database and `folder`/archive."""
    make_older_database(database)
    election = newest_election()
    app = make_feed_app(write_mesas(folder / "mesas.csv", 40, election), election)
    faulty = FaultyFeed(app, [read_order(fault) for fault in FAULTS], 1)
    with served(faulty) as url, format_1():
        asyncio.run(_poll(url, app, folder, database))
    (folder / "archive" / "format").unlink()


async def _poll(url: str, app: FeedApp, folder: Path, database: str) -> None:
    election = newest_election()
    contest = election.contest()
    feed, archive, store = make_feed(election, contest), Archive(folder / "archive"), Store.open(database)
    fetcher = Fetcher(url + feed.base_path, archive, Budget(None, time.monotonic), user_agent="older")
    writer = OlderWriter.acquire(store, election.id, contest.id, is_test=False, at=AT)
    writer.readings = _NoReadings()
    publisher = Publisher(Board(len(contest.lists), contest.scope), writer, archive, linger_s=0.01)
    try:
        async with sealing(Sealer(archive, [writer], load_signer(archive.folder, None))), asyncio.timeout(100):
            for moment in cuts(election, (3, 8, 720)):
                app.step_to(moment)
                await Poller([ContestFeed(feed, publisher)], fetcher, _PACE).run(until_final=True)
                await asyncio.sleep(1)  # before the first cut is over no fault has begun
    finally:
        writer.release()
        await fetcher.close()
        store.close()
