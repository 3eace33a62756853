"""The published count of one election as an SQLite file, whichever database it stands in."""

import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, func, insert, select, update

from api.commands.backups.bar import progress
from api.commands.backups.database import check_unfollowed, opened, sqlite_file
from tally.errors import InvalidInput
from tally.storage.copying import snapshot
from tally.storage.database import transaction
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, FormerEpochRow, HeadRow, ReadingRow, table_of

_counts, _heads, _former = table_of(CountRow), table_of(HeadRow), table_of(FormerEpochRow)
# What was published, and when it was read. Releases and relays are work that was done: what came of it is changes.
_PUBLISHED = (table_of(ChangeSetRow), table_of(ChangeRow), _heads, table_of(ReadingRow))
_AT_ONCE = 2_000


class DumpedCount(Struct, frozen=True):
    """A count as it was copied: at version `seq` of history `epoch`, its last one published at `at` (ISO UTC)."""

    contest: str
    epoch: str
    seq: int
    at: str | None


def check_ended(url: str, election_id: str) -> None:
    """Return if the database has such a count and no poller writes it.

    Raises: InvalidInput, WriterBusy, StoreUnavailable.
    """
    with opened(url) as source, snapshot(source) as read:
        if read.scalar(select(func.count()).where(_counts.c.election_id == election_id)) == 0:
            raise InvalidInput(f"the database holds no count of {election_id}; name one with --election")
        check_unfollowed(read, election_id)


def dump(url: str, path: Path, election_id: str, newest_head: int) -> list[DumpedCount]:
    """Copy the log of an election's counts, and heads of up to so many lines; nothing of the mission, nobody's name.

    Raises: StoreUnavailable.
    """
    with (
        opened(url) as source,
        opened(sqlite_file(path)) as target,
        snapshot(source) as read,
        transaction(target) as write,
    ):
        ours = _counts.c.election_id == election_id
        rows = read.execute(select(_counts).where(ours).order_by(_counts.c.id)).mappings().all()
        write.execute(insert(_counts), [dict(row) for row in rows])
        write.execute(update(_counts).values(writer=None, writer_until=0.0))
        ids = [row["id"] for row in rows]
        for table in _PUBLISHED:
            wanted: ColumnElement[bool] = table.c.count_id.in_(ids)
            if table is _heads:
                wanted &= table.c.size <= newest_head
            _copy(read, write, table, wanted)
        _copy(read, write, _former, _former.c.election_id == election_id)
        sets = table_of(ChangeSetRow).c
        moments = write.execute(select(sets.count_id, func.max(sets.at)).group_by(sets.count_id))
        last = {row[0]: row[1] for row in moments}
    _make_one_file(path)
    return [DumpedCount(row["contest_id"], row["epoch"], row["seq"], last.get(row["id"])) for row in rows]


def _copy(read: Connection, write: Connection, table: Table, wanted: ColumnElement[bool]) -> None:
    asked = select(table).where(wanted).order_by(*table.primary_key.columns)
    whole = read.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    with progress(whole, table.name) as advance:
        found = read.execute(asked, execution_options={"yield_per": _AT_ONCE}).mappings()
        for some in found.partitions():
            write.execute(insert(table), [dict(row) for row in some])
            advance(len(some))


def _make_one_file(path: Path) -> None:
    """Without the write-ahead log beside it, which whoever opens it read-only could not take in."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")
