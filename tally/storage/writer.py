"""The writing side of the store: one writer per count, one transaction per change set."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from tally.changes import LOG_FORMAT, Change, ChangeSet
from tally.errors import LeaseLost, StoreUnavailable, ValueRefused, WriterSilent
from tally.model import FeedState
from tally.storage.database import clock, notify, transaction
from tally.storage.epochs import make_epoch
from tally.storage.lease import LEASE_S, WATCH_S, Seen, take
from tally.storage.store import CountInfo, FeedStatus, Store, StoredHead
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, HeadRow, table_of

_TAKEN = "another process took over writing {}; this one stops"

_counts = table_of(CountRow)
_sets = table_of(ChangeSetRow)
_changes = table_of(ChangeRow)
_heads = table_of(HeadRow)
_COLUMNS = tuple(_changes.columns.keys())


class Writer:
    """The one writer of one count. It holds a lease that every write renews, for `lease_s`, and checks."""

    lease_s = LEASE_S

    def __init__(self, store: Store, info: CountInfo, name: str) -> None:
        self.store, self.info, self.name = store, info, name
        self.seq = info.seq
        self._is_in_doubt = False
        # The driver's own bulk insert: half the time of Core's, which builds a dictionary per row.
        place = "?" if store.engine.dialect.paramstyle == "qmark" else "%s"
        self._insert = (
            f"INSERT INTO {_changes.name} ({', '.join(_COLUMNS)}) VALUES ({', '.join([place] * len(_COLUMNS))})"  # noqa: S608 - our own names
        )

    @classmethod
    def acquire(
        cls, store: Store, election_id: str, contest_id: str, *, is_test: bool, at: str, seen: Seen | None = None
    ) -> "Writer":
        """Become the writer of that count, which is made if new. `seen`: see tally.storage.lease.take.

        Raises: WriterBusy: another writer holds the lease. WriterSilent: it is in doubt. StoreUnavailable.
        """
        name = secrets.token_hex(8)
        with transaction(store.engine) as connection:
            where = (_counts.c.election_id == election_id) & (_counts.c.contest_id == contest_id)
            if connection.execute(select(_counts.c.id).where(where)).first() is None:
                connection.execute(
                    insert(_counts).values(
                        election_id=election_id,
                        contest_id=contest_id,
                        epoch=make_epoch(),
                        seq=0,
                        is_test=is_test,
                        created_at=at,
                        writer_until=0.0,
                        feed_state=FeedState.STARTING.value,
                    )
                )
            take(connection, where, name, election_id, seen)
            if is_test:  # once a rehearsal wrote here it stays a rehearsal
                connection.execute(update(_counts).where(where).values(is_test=True))
        return cls(store, store.info(election_id, contest_id), name)

    def append(self, changes: Sequence[Change], at: str) -> ChangeSet:
        """Publish the changes as the next version; returned after the commit.

        Raises: LeaseLost: another writer took over; nothing was written. StoreUnavailable: try again with the same
        changes; if it was only the answer to the commit that got lost, they are found written. ValueRefused: some
        change cannot be written, so none was.
        """
        try:
            committed = self._append(changes, at)
        except (OverflowError, UnicodeError) as error:  # a driver that cannot even send it
            raise ValueRefused(f"a change cannot be written: {error}") from error
        except StoreUnavailable:
            self._is_in_doubt = True
            raise
        self.seq, self._is_in_doubt = committed.seq, False
        return committed

    def _append(self, changes: Sequence[Change], at: str) -> ChangeSet:
        seq, count_id = self.seq + 1, self.info.id
        with transaction(self.store.engine) as connection:
            if self._is_in_doubt and (earlier := self._committed_at(connection, seq)) is not None:
                return ChangeSet(seq, earlier, tuple(changes), LOG_FORMAT)
            self._renew(connection, {"seq": seq, "changed_at": at})
            connection.execute(insert(_sets), {"count_id": count_id, "seq": seq, "at": at, "format": LOG_FORMAT})
            connection.exec_driver_sql(
                self._insert,
                [
                    (count_id, seq, n, change.key, change.kind.value, change.data.decode(), change.src, change.note)
                    for n, change in enumerate(changes)
                ],
            )
            notify(connection, f"{count_id}:{seq}")
        return ChangeSet(seq, at, tuple(changes), LOG_FORMAT)

    def report(self, status: FeedStatus) -> None:
        """Say how the feed is doing, and renew the lease.

        Raises: LeaseLost, StoreUnavailable.
        """
        with transaction(self.store.engine) as connection:
            self._renew(connection, status.columns())

    def add_head(self, head: StoredHead) -> None:
        """Publish a sealed head of the archive. It says nothing about the version, so an append may be under way.

        Raises: LeaseLost, StoreUnavailable.
        """
        proof = msgspec.json.encode(head.proof).decode()
        values = {**msgspec.structs.asdict(head), "count_id": self.info.id, "proof": proof}
        with transaction(self.store.engine) as connection:
            mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name)
            # Written before anything is read: SQLite cannot turn a reading transaction into a writing one in a race.
            until = clock(connection) + self.lease_s
            if connection.execute(update(_counts).where(mine).values(writer_until=until)).rowcount != 1:
                raise LeaseLost(_TAKEN.format(self.info.election_id))
            connection.execute(insert(_heads), values)

    def release(self) -> None:
        """Give the lease back, so that the next writer need not wait."""
        with transaction(self.store.engine) as connection:
            mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name)
            connection.execute(update(_counts).where(mine).values(writer=None, writer_until=0.0))

    def _committed_at(self, connection: Connection, seq: int) -> str | None:
        """When this writer itself committed that version, if it did."""
        mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name) & (_counts.c.seq == seq)
        found = select(_sets.c.at).join(_counts, _counts.c.id == _sets.c.count_id).where(mine, _sets.c.seq == seq)
        return connection.execute(found).scalar()

    def _renew(self, connection: Connection, values: dict[str, Any]) -> None:
        mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name) & (_counts.c.seq == self.seq)
        until = clock(connection) + self.lease_s
        renewed = connection.execute(update(_counts).where(mine).values(writer_until=until, **values))
        if renewed.rowcount != 1:
            raise LeaseLost(_TAKEN.format(self.info.election_id))


async def become_writer(store: Store, election_id: str, contest_id: str, *, is_test: bool, at: str) -> Writer:
    """The writer of that count, as Writer.acquire makes it; a lease in doubt is watched for WATCH_S first.

    Raises: WriterBusy, StoreUnavailable.
    """
    try:
        return Writer.acquire(store, election_id, contest_id, is_test=is_test, at=at)
    except WriterSilent as doubt:
        await asyncio.sleep(WATCH_S)
        return Writer.acquire(store, election_id, contest_id, is_test=is_test, at=at, seen=doubt.seen)
