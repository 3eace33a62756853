"""A database put into another one as it is, by a backup, a restore and a move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update

# Each registers its tables; what is missing here is refused as a table that this program does not know.
import mission.alert_tables
import mission.audit.tables
import mission.flags.tables
import mission.incidents.log_tables
import mission.people.tables  # noqa: F401
from api.commands.backups.bar import Advance
from mission.people.access import end_access_within
from mission.people.auditlog import COMMAND_LINE
from tally.errors import InvalidInput, WriterBusy
from tally.migrations.runner import NEWEST
from tally.storage import schema
from tally.storage.copying import copy_rows, tables_of, take_out
from tally.storage.database import clock, notify
from tally.storage.epochs import make_epoch
from tally.storage.former_epochs import ended_by_restore, remember
from tally.storage.tables import CountRow, table_of

_counts = table_of(CountRow)
_BEGUN = ("counts", "accounts", "mission_events")


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """A database with this program's schema, which an empty one is given.

    Raises: InvalidInput: it has an older one. StoreMismatch. StoreUnavailable.
    """
    engine = schema.open_engine(url)
    try:
        standing, due = schema.steps_due(engine)
        if due:
            raise InvalidInput(
                f"the database has schema {standing.revision}, this program's is {NEWEST}: use the program that it "
                "is of, or `escrutinio upgrade` first"
            )
        yield engine
    finally:
        engine.dispose()


def sqlite_file(path: Path) -> str:
    """The URL of a SQLite database."""
    return f"sqlite:///{path.absolute()}"


def check_unfollowed(connection: Connection, election_id: str | None = None) -> None:
    """Return if no poller holds a lease, of that election or of any.

    Raises: WriterBusy.
    """
    held = _counts.c.writer.is_not(None) & (_counts.c.writer_until >= clock(connection))
    if election_id is not None:
        held &= _counts.c.election_id == election_id
    row = connection.execute(select(_counts.c.election_id).where(held)).first()
    if row is not None:
        raise WriterBusy(f"a process is writing {row.election_id} in this database; stop the poller first")


def is_begun(rows: dict[str, int]) -> bool:
    """Whether a database with so many rows a table holds a count or a mission already."""
    return any(rows.get(name) for name in _BEGUN)


def copy_whole(source: Connection, target: Connection, heard: Advance) -> None:
    """Put all rows into a database that has none."""
    copy_rows(source, target, tables_of(source), heard)


def replace_whole(source: Connection, target: Connection, now: datetime, heard: Advance) -> tuple[list[str], int]:
    """Put all rows in the place of those that stand there, under new epochs, with every access ended.

    All of it is seen at once, when the caller's exclusive transaction ends. Returns: the epochs, and how many sessions
    and devices were ended.

    Raises: WriterBusy: a poller is at work there.
    """
    # Who takes a lease from here on waits for the end, and then finds no such count.
    target.execute(select(_counts.c.id).with_for_update())
    check_unfollowed(target)
    tables, ended = tables_of(target), ended_by_restore(source, target, now)
    take_out(target, tables)
    copy_rows(source, target, tables, heard)
    remember(target, ended)
    epochs = []
    for row in target.execute(select(_counts.c.id, _counts.c.seq)).all():
        epochs.append(make_epoch())
        anew = {"epoch": epochs[-1], "writer": None, "writer_until": 0.0}
        target.execute(update(_counts).where(_counts.c.id == row.id).values(anew))
        notify(target, f"{row.id}:{row.seq}")
    return epochs, end_access_within(target, COMMAND_LINE, now)
