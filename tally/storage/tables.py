"""The database tables: one row per count, one per change set, one per change. Nothing of a change is ever updated."""

from sqlalchemy import BigInteger, Index, Table, Text, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from tally.model import FeedState


def table_of(row: type[SQLModel]) -> Table:
    """The table of that row class, for statements; whole objects are never loaded."""
    return row.metadata.tables[str(row.__tablename__)]


class CountRow(SQLModel, table=True):
    """One count (election and contest): its version, its writer's lease and how the feed is doing. Times: ISO UTC."""

    __tablename__ = "counts"
    __table_args__ = (UniqueConstraint("election_id", "contest_id"),)

    id: int | None = Field(default=None, primary_key=True)
    election_id: str
    contest_id: str
    epoch: str
    seq: int = Field(default=0, sa_type=BigInteger)
    is_test: bool = False
    created_at: str
    writer: str | None = None
    writer_until: float = 0.0
    feed_state: str = FeedState.STARTING.value
    feed_note: str | None = None
    checked_at: str | None = None
    changed_at: str | None = None
    source_at: str | None = None


class ChangeSetRow(SQLModel, table=True):
    """One transaction's version, time of publication, and the format its changes are written in."""

    __tablename__ = "change_sets"

    count_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: str
    # The default is for programs of schema 0001, which write that format and do not know the column.
    format: int = Field(sa_column_kwargs={"server_default": "1"})


class ChangeRow(SQLModel, table=True):
    """One key's new value in one change set. `data` is canonical JSON; `n` keeps the order within the set."""

    __tablename__ = "changes"
    # Without SQLite's hidden rowid the log is one tree in the order it is written and read.
    __table_args__ = (
        Index("changes_by_key", "count_id", "key", "seq"),
        # Corrections, holds and releases are few: the ledger reads them without walking through the updates.
        Index(
            "changes_of_note",
            "count_id",
            "seq",
            sqlite_where=text("kind <> 'update'"),
            postgresql_where=text("kind <> 'update'"),
        ),
        {"sqlite_with_rowid": False},
    )

    count_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    n: int = Field(primary_key=True)
    key: str
    kind: str
    data: str = Field(sa_type=Text)
    src: str | None = None
    note: str | None = None


class ReleaseRow(SQLModel, table=True):
    """A person's decision to publish a held value. `done_at` is None until the writer has looked at it."""

    __tablename__ = "releases"

    id: int | None = Field(default=None, primary_key=True)
    count_id: int
    key: str
    by: str
    reason: str
    at: str
    done_at: str | None = None
    seq: int | None = Field(default=None, sa_type=BigInteger)


class RelayRow(SQLModel, table=True):
    """One answer from a relay. `body` is emptied and `facts` counted when the writer has taken it in, at `done_at`."""

    __tablename__ = "relays"
    __table_args__ = (Index("relays_open", "election_id", "done_at"),)

    id: int | None = Field(default=None, primary_key=True)
    election_id: str
    url: str
    fetched_at: str
    body: bytes
    received_at: str
    done_at: str | None = None
    facts: int | None = None


class HeadRow(SQLModel, table=True):
    """One sealed head of the raw archive: what `tally.storage.store.Head` says, with `proof` as JSON."""

    __tablename__ = "heads"

    count_id: int = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=BigInteger)
    root: str
    at: str
    note: str = Field(sa_type=Text)
    key: str
    since: int = Field(sa_type=BigInteger)
    proof: str = Field(sa_type=Text)


class FormerEpochRow(SQLModel, table=True):
    """An epoch that a restore ended: up to version `kept` its history is the present one."""

    __tablename__ = "former_epochs"

    epoch: str = Field(primary_key=True)
    election_id: str
    contest_id: str
    kept: int = Field(sa_type=BigInteger)
    ended_at: str


class ReadingRow(SQLModel, table=True):
    """When the answer that gives a unit was last read and last said something new; see `tally.storage.readings`.

    `told`: of an area, when that was written, in seconds of the database's clock.
    """

    __tablename__ = "readings"
    __table_args__ = (
        Index(
            "readings_told",
            "told",
            sqlite_where=text("told IS NOT NULL"),
            postgresql_where=text("told IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    count_id: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    checked_at: str
    changed_at: str | None = None
    told: float | None = None
