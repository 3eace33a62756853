"""The writer's lease on a count: whose it is, by the database's clock and by signs of life, never by a host's clock.

What a writer writes is fenced besides: every statement of it names the holder, so one whose lease was taken writes
nothing more, whatever its clock says.
"""

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, update

from tally.errors import WriterBusy, WriterSilent
from tally.storage.database import clock, has_clock, transaction
from tally.storage.store import CountInfo, FeedStatus, Store
from tally.storage.tables import CountRow, table_of
from tally.thresholds import THRESHOLDS

LEASE_S, WATCH_S = THRESHOLDS.lease.lasts_s, THRESHOLDS.lease.watch_s
# Two looks at one clock are not quite at one moment.
_SLACK_S = 1.0

# A holder and until when, as they stood: what shows later whether the lease was renewed.
Seen = tuple[str | None, float]

_counts = table_of(CountRow)


class Lease(Struct, frozen=True):
    """Who holds it (None: nobody), until when, and how many seconds that is from now by the database's clock."""

    writer: str | None
    until: float
    left_s: float

    @property
    def seen(self) -> Seen:
        """See Seen."""
        return self.writer, self.until


def look(store: Store, info: CountInfo) -> Lease:
    """The lease of that count as it stands."""
    with transaction(store.engine) as connection:
        return _read(connection, _counts.c.id == info.id)


def leases(store: Store) -> dict[int, Lease]:
    """The lease of every count as it stands, by the count's id."""
    with transaction(store.engine) as connection:
        left = (_counts.c.writer_until - clock(connection)).label("left")
        rows = connection.execute(select(_counts.c.id, _counts.c.writer, _counts.c.writer_until, left))
        return {row.id: Lease(row.writer, row.writer_until, row.left) for row in rows}


def look_at_all(store: Store, election_id: str) -> dict[str, Seen]:
    """How the leases of an election's counts stand, by contest."""
    leases = select(_counts.c.contest_id, _counts.c.writer, _counts.c.writer_until)
    with transaction(store.engine) as connection:
        rows = connection.execute(leases.where(_counts.c.election_id == election_id))
        return {row.contest_id: (row.writer, row.writer_until) for row in rows}


def take(connection: Connection, count: ColumnElement[bool], name: str, election_id: str, seen: Seen | None) -> None:
    """Give the lease of that count to `name`. `seen`: how it stood WATCH_S ago, if it was in doubt.

    Raises: WriterBusy: somebody holds it. WriterSilent: it seems to have ended; try again in WATCH_S with what it saw.
    """
    lease = _read(connection, count)
    if lease.writer is not None and lease.seen != seen:
        _refuse(lease, election_id, is_alive=seen is not None, is_timed=has_clock(connection))
    as_it_was: ColumnElement[bool] = _counts.c.writer.is_(None)
    if lease.writer is not None:
        as_it_was = (_counts.c.writer == lease.writer) & (_counts.c.writer_until == lease.until)
    values = {"writer": name, "writer_until": clock(connection) + LEASE_S}
    if connection.execute(update(_counts).where(count & as_it_was).values(values)).rowcount != 1:
        raise WriterBusy(_busy(election_id, "it has just begun"))


def free(store: Store, info: CountInfo, seen: Seen | None) -> bool:
    """End the lease of a writer that did not renew it since it was `seen`, or any lease (None); whether there was one.

    Raises: WriterBusy: it was renewed.
    """
    mine = _counts.c.id == info.id
    with transaction(store.engine) as connection:
        lease = _read(connection, mine)
        if seen is not None and lease.writer is not None and lease.seen != seen:
            raise WriterBusy(f"the process that writes {info.election_id} lives: it renewed its lease; stop it instead")
        connection.execute(update(_counts).where(mine).values(writer=None, writer_until=0.0))
    return lease.writer is not None


def promise(store: Store, election_id: str, status: FeedStatus, seconds: float) -> None:
    """Say of a count that nobody writes how its feed is, and that somebody will be back within that time.

    Raises: StoreUnavailable.
    """
    idle = (_counts.c.election_id == election_id) & _counts.c.writer.is_(None)
    with transaction(store.engine) as connection:
        values: dict[str, Any] = {"writer_until": clock(connection) + seconds, **status.columns()}
        connection.execute(update(_counts).where(idle).values(values))


def _read(connection: Connection, count: ColumnElement[bool]) -> Lease:
    left = (_counts.c.writer_until - clock(connection)).label("left")
    row = connection.execute(select(_counts.c.writer, _counts.c.writer_until, left).where(count)).one()
    return Lease(row.writer, row.writer_until, row.left)


def _refuse(lease: Lease, election_id: str, *, is_alive: bool, is_timed: bool) -> None:
    """Nothing, if the lease has ended for certain."""
    if is_alive:
        raise WriterBusy(_busy(election_id, "it renewed its lease while we looked"))
    if 0.0 < lease.left_s <= LEASE_S + _SLACK_S:
        wait_s = lease.left_s + (0.0 if is_timed else WATCH_S)
        raise WriterBusy(_busy(election_id, f"after a crash its lease has ended in {wait_s:.0f} s"))
    if lease.left_s > 0.0 or not is_timed:
        raise WriterSilent(_busy(election_id, f"whether it lives shows within {WATCH_S:.0f} s"), lease.seen)


def _busy(election_id: str, more: str) -> str:
    return f"another process is writing {election_id} in this database; stop it first ({more}; see `escrutinio free`)"
