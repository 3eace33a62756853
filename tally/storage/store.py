"""The store: one append-only change log per count, read by version, by key and by moment."""

from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, Row, func, literal_column, or_, select, true

from tally.changes import Change, ChangeSet, Entry, Kind, check_format
from tally.errors import NotFound, StoreUnavailable
from tally.feednotes import FeedNote
from tally.model import FeedState
from tally.storage import schema
from tally.storage.database import transaction
from tally.storage.queries import (
    before,
    change_columns,
    counts_now,
    dated,
    format_of,
    is_by,
    keeper_of,
    own_set,
    values_at,
    values_between,
    version_at,
)
from tally.storage.readings import Readings
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, HeadRow, table_of

_counts = table_of(CountRow)
_sets = table_of(ChangeSetRow)
_changes = table_of(ChangeRow)
_heads = table_of(HeadRow)


class FeedStatus(Struct, frozen=True):
    """How the source is doing. Three times, ISO UTC: when we last asked, when it last changed, the stamp it gives.

    `state` is starting, ok, stale or down, and `note` why; whoever shows it judges by the ages too whether it is stale.
    """

    state: FeedState = FeedState.STARTING
    note: FeedNote | None = None
    checked_at: str | None = None
    changed_at: str | None = None
    source_at: str | None = None

    def columns(self) -> dict[str, str | None]:
        """What a writer says of it, by column; a time that is not known leaves the one that stands there."""
        times = {"checked_at": self.checked_at, "source_at": self.source_at}
        note = None if self.note is None else msgspec.json.encode(self.note).decode()
        return {"feed_state": self.state.value, "feed_note": note} | {name: at for name, at in times.items() if at}


class StoredHead(Struct, frozen=True):
    """One sealed head: `root` (hexadecimal) of the first `size` lines of the raw archive's log, sealed `at` (ISO UTC).

    `note` is the checkpoint, signed with the public `key`. `proof` (base64) shows that this tree begins with that of
    the head of size `since`, the one sealed before; 0 and () for the first.
    """

    size: int
    root: str
    at: str
    note: str
    key: str
    since: int
    proof: tuple[str, ...]


class CountInfo(Struct, frozen=True):
    """One count in the store, at version `seq` of history `epoch`; `head` is the newest of its archive.

    `is_sealed_elsewhere`: the archive is that of several counts, and its heads stand with another of them.
    `is_followed`: some poller keeps its lease, or has said that it will be back by now.
    """

    id: int
    election_id: str
    contest_id: str
    epoch: str
    seq: int
    is_test: bool
    created_at: str
    feed: FeedStatus
    head: StoredHead | None = None
    is_followed: bool = False
    is_sealed_elsewhere: bool = False


class Store:
    """Reading side. Safe to use from several threads. `readings`: when units were last read."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.readings = Readings(engine)

    @classmethod
    def open(cls, url: str, least: str = schema.SERVES) -> "Store":
        """Open or create the database, for a program that needs the schema `least`.

        Raises: InvalidInput, StoreUnavailable. StoreMismatch: its schema or a log is of another version.
        """
        store = cls(schema.open_engine(url))
        try:
            store.check(least)
        except StoreUnavailable:
            store.close()
            raise
        return store

    def check(self, least: str = schema.SERVES) -> None:
        """Return if schema and logs are of versions that a program can use which needs the schema `least`.

        Raises: StoreMismatch: what to do. StoreUnavailable.
        """
        schema.check(self.engine, least)
        newest = (own_set.c.count_id == _counts.c.id) & (own_set.c.seq == _counts.c.seq)
        formats = select(format_of(newest)).select_from(_counts.join(before, true()))
        with transaction(self.engine) as connection:
            for number in connection.execute(formats).scalars():
                if number is not None:  # a count without versions
                    check_format(number)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def counts(self) -> list[CountInfo]:
        """Every count of the store, oldest first."""
        with transaction(self.engine) as connection:
            return [info_of(row) for row in connection.execute(counts_now(connection))]

    def info(self, election_id: str, contest_id: str | None = None) -> CountInfo:
        """One count; without `contest_id` the election's first.

        Raises: NotFound: the store has no such count.
        """
        for info in self.counts():
            if info.election_id == election_id and contest_id in (None, info.contest_id):
                return info
        raise NotFound(f"the database holds no count of {election_id}")

    def read(self, count_id: int, after: int, limit: int = 1000) -> list[ChangeSet]:
        """Change sets with seq > `after`, oldest first, at most `limit`.

        Raises: StoreMismatch: one is written in a newer format than this program knows.
        """
        with transaction(self.engine) as connection:
            own = (own_set.c.count_id == _sets.c.count_id) & (own_set.c.seq == _sets.c.seq)
            heads = connection.execute(
                select(_sets.c.seq, _sets.c.at, format_of(own))
                .select_from(_sets.join(before, true()))
                .where(_sets.c.count_id == count_id, _sets.c.seq > after)
                .order_by(_sets.c.seq)
                .limit(limit)
            ).all()
            if not heads:
                return []
            rows = connection.execute(
                select(_changes.c.seq, *change_columns)
                .where(_changes.c.count_id == count_id, _changes.c.seq.between(heads[0].seq, heads[-1].seq))
                .order_by(_changes.c.seq, _changes.c.n)
            )
            changes: dict[int, list[Change]] = {}
            for seq, *values in rows:
                changes.setdefault(seq, []).append(_change(*values))
        return [
            ChangeSet(head.seq, head.at, tuple(changes.get(head.seq, ())), check_format(head.format)) for head in heads
        ]

    def version(self, count_id: int, *, seq: int | None = None, at: str | None = None) -> tuple[int, str] | None:
        """The newest version up to `seq` or `at` (ISO UTC) and its time; None when nothing was published by then."""
        heads = select(_sets.c.seq, _sets.c.at).where(_sets.c.count_id == count_id)
        if seq is not None:
            heads = heads.where(_sets.c.seq <= seq)
        if at is not None:
            heads = heads.where(is_by(at))
        with transaction(self.engine) as connection:
            row = connection.execute(heads.order_by(_sets.c.seq.desc()).limit(1)).first()
        return None if row is None else (row.seq, row.at)

    def latest(
        self, count_id: int, *, seq: int | None = None, at: str | None = None, prefixes: Sequence[str] | None = None
    ) -> dict[str, Entry]:
        """State by key: now, at version `seq`, or at the moment `at` (ISO UTC). `prefixes`: only keys that begin so."""
        newest = select(_changes.c.key, func.max(_changes.c.seq).label("seq")).where(_changes.c.count_id == count_id)
        if prefixes is not None:
            newest = newest.where(or_(*(_changes.c.key.startswith(prefix) for prefix in prefixes)))
        if at is not None:
            newest = newest.where(_changes.c.seq <= version_at(count_id, at))
        if seq is not None:
            newest = newest.where(_changes.c.seq <= seq)
        chosen = newest.group_by(_changes.c.key).subquery()
        return {entry.change.key: entry for entry in self._entries(count_id, chosen)}

    def latest_of(self, count_id: int, keys: Sequence[str], seq: int) -> list[Entry]:
        """The values of those keys at version `seq`, found by the index of keys however long the log is."""
        found = list[Entry]()
        with transaction(self.engine) as connection:
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                some = values_at(count_id, keys[start : start + _KEYS_AT_ONCE], seq, self.engine.dialect.name)
                found += map(_entry, connection.execute(some))
        return found

    def history(self, count_id: int, key: str) -> list[Entry]:
        """Every value one key ever had, oldest first."""
        return self.histories(count_id, [key])

    def histories(self, count_id: int, keys: Sequence[str], after: int = 0, until: int | None = None) -> list[Entry]:
        """Values those keys took after version `after`, oldest first."""
        with transaction(self.engine) as connection:
            return [_entry(row) for row in connection.execute(values_between(count_id, keys, after, until))]

    def walk(self, count_id: int, prefix: str, after: int, until: int) -> Iterator[Entry]:
        """Changes after version `after`, up to `until`, of keys that begin so: in the log's order, read piecewise."""
        wanted = (
            _changes.c.count_id == count_id,
            _changes.c.seq > after,
            _changes.c.seq <= until,
            _changes.c.key.startswith(prefix),
        )
        with transaction(self.engine) as connection:
            rows = connection.execution_options(yield_per=_PIECE).execute(
                dated.where(*wanted).order_by(_changes.c.seq, _changes.c.n)
            )
            for row in rows:
                yield _entry(row)

    def number_of(self, count_id: int, kind: Kind, seq: int) -> int:
        """How many changes of a kind the log holds up to version `seq`."""
        with transaction(self.engine) as connection:
            where = [_changes.c.count_id == count_id, _changes.c.kind == kind.value, _changes.c.seq <= seq]
            if kind is not Kind.UPDATE:  # said so that the small index of what is no update serves
                where.append(_changes.c.kind != literal_column("'update'"))
            return int(connection.execute(select(func.count()).select_from(_changes).where(*where)).scalar_one())

    def heads(self, count_id: int, after: int = 0, limit: int = 1000) -> list[StoredHead]:
        """Sealed heads of its archive of more than `after` lines, oldest first, at most `limit`."""
        with transaction(self.engine) as connection:
            rows = connection.execute(
                select(_heads)
                .where(_heads.c.count_id == keeper_of(count_id), _heads.c.size > after)
                .order_by(_heads.c.size)
                .limit(limit)
            )
            return [_head(*values) for _, *values in rows]

    def _entries(self, count_id: int, chosen: Any) -> list[Entry]:
        with transaction(self.engine) as connection:
            # Piecewise: PostgreSQL's driver would hold all rows of a country a second time.
            rows = connection.execution_options(yield_per=_PIECE).execute(
                select(_changes.c.seq, _sets.c.at, *change_columns)
                .join(chosen, (chosen.c.key == _changes.c.key) & (chosen.c.seq == _changes.c.seq))
                .join(_sets, (_sets.c.count_id == _changes.c.count_id) & (_sets.c.seq == _changes.c.seq))
                .where(_changes.c.count_id == count_id)
            )
            return [_entry(row) for row in rows]


_PIECE = 5000
# As many as every SQLite takes in one statement, twice over.
_KEYS_AT_ONCE = 400


def _entry(row: Any) -> Entry:
    seq, at, *values = row
    # All that changed in a version has its moment, and should not have it a hundred times.
    return Entry(seq, intern(at), _change(*values))


def _change(key: str, kind: str, data: str, src: str | None, note: str | None) -> Change:
    return Change(key, Kind(kind), data.encode(), src, note)


def _head(size: int, root: str, at: str, note: str, key: str, since: int, proof: str) -> StoredHead:
    return StoredHead(size, root, at, note, key, since, msgspec.json.decode(proof, type=tuple[str, ...]))


def info_of(row: Row[Any]) -> CountInfo:
    """The count of a row of `tally.storage.queries.counts_now`."""
    note = None if row.feed_note is None else msgspec.json.decode(row.feed_note, type=FeedNote)
    feed = FeedStatus(FeedState(row.feed_state), note, row.checked_at, row.changed_at, row.source_at)
    own = row.id, row.election_id, row.contest_id, row.epoch, row.seq, bool(row.is_test), row.created_at
    head = None
    if row.head_size is not None:
        named = row.head_size, row.head_root, row.head_at, row.head_note, row.head_key, row.head_since, row.head_proof
        head = _head(*named)
    return CountInfo(*own, feed, head, bool(row.is_followed), bool(row.is_sealed_elsewhere))
