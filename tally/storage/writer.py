"""The writing side of the store: one writer per count, one transaction per change set."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from tally import moments
from tally.changes import LOG_FORMAT, Change, ChangeSet
from tally.errors import LeaseLost, StoreUnavailable, ValueRefused, WriterSilent
from tally.model import FeedState
from tally.storage.database import clock, notify, transaction
from tally.storage.epochs import make_epoch
from tally.storage.lease import LEASE_S, WATCH_S, Seen, look_at_all, take
from tally.storage.readings import NewReadings
from tally.storage.store import CountInfo, FeedStatus, Store, StoredHead
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, HeadRow, table_of

_TAKEN = "another process took over writing {}; this one stops"

_counts = table_of(CountRow)
_sets = table_of(ChangeSetRow)
_changes = table_of(ChangeRow)
_heads = table_of(HeadRow)
_COLUMNS = tuple(_changes.columns.keys())


class Writer:
    """The one writer of one count. It holds a lease that every write renews, for `lease_s`, and checks.

    `readings`: what was read since it wrote last, which goes with whatever it writes next.
    """

    lease_s = LEASE_S

    def __init__(self, store: Store, info: CountInfo, name: str) -> None:
        self.store, self.info, self.name = store, info, name
        self.seq = info.seq
        self.readings = NewReadings()
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
        wanted = {} if seen is None else {contest_id: seen}
        [writer] = acquire_all(store, election_id, [contest_id], is_test=is_test, at=at, seen=wanted)
        return cls(store, writer.info, writer.name)

    def append(self, changes: Sequence[Change], at: str) -> ChangeSet:
        """Publish the changes as the next version; returned after the commit.

        Raises: LeaseLost: another writer took over; nothing was written. StoreUnavailable: try again with the same
        changes; if it was only the answer to the commit that got lost, they are found written. ValueRefused: some
        change cannot be written, so none was.
        """
        [committed] = append_all([(self, changes)], at)
        return committed

    def append_in(self, connection: Connection, changes: Sequence[Change], at: str) -> ChangeSet:
        """The same within a transaction; see `append_all`."""
        seq, count_id = self.seq + 1, self.info.id
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
        self.readings.write(connection, count_id, at, is_with_changes=True)
        notify(connection, f"{count_id}:{seq}")
        return ChangeSet(seq, at, tuple(changes), LOG_FORMAT)

    def appended(self, committed: ChangeSet | None) -> None:
        """That is committed; None: nobody knows whether it was."""
        self._is_in_doubt = committed is None
        if committed is not None:
            self.seq = committed.seq
            self.readings.written()

    def report(self, status: FeedStatus) -> None:
        """Say how the feed is doing, and renew the lease.

        Raises: LeaseLost, StoreUnavailable.
        """
        report_all([self], [(self, status)])

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
        release_all([self])

    def _committed_at(self, connection: Connection, seq: int) -> str | None:
        """When this writer itself committed that version, if it did."""
        mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name) & (_counts.c.seq == seq)
        found = select(_sets.c.at).join(_counts, _counts.c.id == _sets.c.count_id).where(mine, _sets.c.seq == seq)
        return connection.execute(found).scalar()

    def say(self, connection: Connection, status: FeedStatus) -> None:
        """The same within a transaction of several counts."""
        self._renew(connection, status.columns())

    def _renew(self, connection: Connection, values: dict[str, Any]) -> None:
        mine = (_counts.c.id == self.info.id) & (_counts.c.writer == self.name) & (_counts.c.seq == self.seq)
        until = clock(connection) + self.lease_s
        renewed = connection.execute(update(_counts).where(mine).values(writer_until=until, **values))
        if renewed.rowcount != 1:
            raise LeaseLost(_TAKEN.format(self.info.election_id))


def acquire_all(
    store: Store,
    election_id: str,
    contest_ids: Sequence[str],
    *,
    is_test: bool,
    at: str,
    seen: Mapping[str, Seen],
) -> list[Writer]:
    """Become the writer of those counts of one election, of all or of none; see Writer.acquire. One name holds them.

    `seen`: by contest. Raises: WriterBusy, WriterSilent, StoreUnavailable.
    """
    name = secrets.token_hex(8)
    with transaction(store.engine) as connection:
        for contest_id in contest_ids:
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
            take(connection, where, name, election_id, seen.get(contest_id))
            if is_test:  # once a rehearsal wrote here it stays a rehearsal
                connection.execute(update(_counts).where(where).values(is_test=True))
    infos = {info.contest_id: info for info in store.counts() if info.election_id == election_id}
    return [Writer(store, infos[contest_id], name) for contest_id in contest_ids]


def append_all(news: Sequence[tuple[Writer, Sequence[Change]]], at: str) -> list[ChangeSet]:
    """Publish changes of some counts of one store, each as its next version, all or none; see Writer.append."""
    try:
        with transaction(news[0][0].store.engine) as connection:
            committed = [writer.append_in(connection, changes, at) for writer, changes in news]
    except (OverflowError, UnicodeError) as error:  # a driver that cannot even send it
        raise ValueRefused(f"a change cannot be written: {error}") from error
    except StoreUnavailable:
        for writer, _ in news:
            writer.appended(None)
        raise
    for (writer, _), changes in zip(news, committed, strict=True):
        writer.appended(changes)
    return committed


async def become_writers(
    store: Store, election_id: str, contest_ids: Sequence[str], *, is_test: bool, at: str
) -> list[Writer]:
    """The writers of those counts, as `acquire_all` makes them; leases in doubt are watched for WATCH_S first.

    Raises: WriterBusy, StoreUnavailable.
    """
    try:
        return acquire_all(store, election_id, contest_ids, is_test=is_test, at=at, seen={})
    except WriterSilent:
        seen = look_at_all(store, election_id)
        await asyncio.sleep(WATCH_S)
        return acquire_all(store, election_id, contest_ids, is_test=is_test, at=at, seen=seen)


def report_all(writers: Sequence[Writer], news: Sequence[tuple[Writer, FeedStatus]]) -> None:
    """Renew the leases of those writers of one store, and say what they read and how the feed of some is doing.

    Raises: LeaseLost: some lease was taken; nothing was said. StoreUnavailable.
    """
    first = writers[0]
    with transaction(first.store.engine) as connection:
        until = clock(connection) + first.lease_s
        for name, number in Counter(writer.name for writer in writers).items():
            held = update(_counts).where(_counts.c.writer == name).values(writer_until=until)
            if connection.execute(held).rowcount != number:
                raise LeaseLost(_TAKEN.format(first.info.election_id))
        for writer, status in news:
            writer.say(connection, status)
        read, at = [writer for writer in writers if writer.readings], moments.write(moments.utc_now())
        for writer in read:
            writer.readings.write(connection, writer.info.id, at, is_with_changes=False)
    for writer in read:
        writer.readings.written()


def release_all(writers: Sequence[Writer]) -> None:
    """Give the leases of those writers of one store back, and say what they read last."""
    names, at = {writer.name for writer in writers}, moments.write(moments.utc_now())
    with transaction(writers[0].store.engine) as connection:
        held = update(_counts).where(_counts.c.writer.in_(names))
        released = connection.execute(held.values(writer=None, writer_until=0.0)).rowcount
        for writer in writers if released == len(writers) else ():
            writer.readings.write(connection, writer.info.id, at, is_with_changes=False)
