"""Queries of the log that the store puts its own together from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Select,
    Text,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from tally.storage.database import clock
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, HeadRow, table_of

_sets = table_of(ChangeSetRow)
_changes = table_of(ChangeRow)
_counts = table_of(CountRow)
_heads = table_of(HeadRow)

_SECOND = len("2026-06-08T03:00:00")
change_columns = (_changes.c.key, _changes.c.kind, _changes.c.data, _changes.c.src, _changes.c.note)
dated = select(_changes.c.seq, _sets.c.at, *change_columns).join(
    _sets, (_sets.c.count_id == _changes.c.count_id) & (_sets.c.seq == _changes.c.seq)
)
_of_its_set = (_sets.c.count_id == _changes.c.count_id) & (_sets.c.seq == _changes.c.seq)
_moment = select(_sets.c.at).where(_of_its_set).scalar_subquery().label("at")
# The ways that SQLite would not take by itself; the second where what is asked for is no update.
BY_KEY, OF_NOTE = (f"INDEXED BY {index}" for index in ("changes_by_key", "changes_of_note"))
# A database of schema 0001 has no column `format` yet, and may be given it while it is read: the name then means the
# one of `before`. Once no program serves that schema any more, this is `_sets.c.format`.
own_set = _sets.alias("own")
before = select(literal_column("1").label("format")).subquery("before")


# A writer's signs of life are no news; whether it lives is.
_told = [column for column in _counts.columns if column.name not in ("writer", "writer_until")]
_sealed = [column.label(f"head_{column.name}") for column in _heads.columns if column.name != "count_id"]
# The heads of an archive stand with one of its counts; the election's others, which have none of their own, are shown
# those. By the index of heads: how many there are does not matter.
_some = _heads.alias("some")
_has_heads = exists(select(_some.c.size).where(_some.c.count_id == _counts.c.id).correlate(_counts))
_keepers = (
    select(_counts.c.election_id, func.min(_counts.c.id).label("id"))
    .where(_has_heads)
    .group_by(_counts.c.election_id)
    .subquery("keepers")
)
_sealed_with = case((_has_heads, _counts.c.id), else_=_keepers.c.id)
_of_archive = _heads.alias("of_archive")
_newest_size = select(func.max(_of_archive.c.size)).where(_of_archive.c.count_id == _sealed_with).scalar_subquery()
_with_head = _counts.outerjoin(_keepers, _keepers.c.election_id == _counts.c.election_id).outerjoin(
    _heads, (_heads.c.count_id == _sealed_with) & (_heads.c.size == _newest_size)
)
_is_elsewhere = (_heads.c.count_id != _counts.c.id).label("is_sealed_elsewhere")


def keeper_of(count_id: int) -> ColumnElement[int]:
    """Id of the count with which the heads of that count's archive stand."""
    kept = _counts.outerjoin(_keepers, _keepers.c.election_id == _counts.c.election_id)
    return select(_sealed_with).select_from(kept).where(_counts.c.id == count_id).scalar_subquery()


def counts_now(connection: Connection) -> Select[Any]:
    """The query for every count as it stands, with its newest head; oldest first."""
    alive = (_counts.c.writer_until > clock(connection)).label("is_followed")
    return select(*_told, alive, _is_elsewhere, *_sealed).select_from(_with_head).order_by(_counts.c.id)


def format_of(own: ColumnElement[bool]) -> ColumnElement[int]:
    """The format of the change set that `own_set` is, where `before` is joined for databases without that column."""
    return select(literal_column("format")).select_from(own_set).where(own).scalar_subquery().label("format")


def values_at(count_id: int, keys: Sequence[str], seq: int, dialect: str) -> Select[Any]:
    """The query for the values of those keys at a version, by a way down the index of keys for each of them.

    Left to themselves both databases would rather read the log: SQLite all that changed in a version, PostgreSQL all.
    """
    own = _changes.c.count_id == count_id
    if dialect == "postgresql":
        wanted = func.unnest(literal(list(keys), ARRAY(Text))).table_valued("key").render_derived("wanted")
        value = (
            select(_changes)
            .where(own, _changes.c.key == wanted.c.key, _changes.c.seq <= seq)
            .order_by(_changes.c.seq.desc())
            .limit(1)
            .lateral()
        )
        sets = (_sets.c.count_id == count_id) & (_sets.c.seq == value.c.seq)
        columns = (value.c.seq, _sets.c.at, *(value.c[column.name] for column in change_columns))
        return select(*columns).select_from(wanted.join(value, true()).join(_sets, sets))
    newest = select(_changes.c.key, func.max(_changes.c.seq)).where(
        own, _changes.c.key.in_(keys), _changes.c.seq <= seq
    )
    found = dated.where(own, tuple_(_changes.c.key, _changes.c.seq).in_(newest.group_by(_changes.c.key)))
    return found.with_hint(_changes, BY_KEY, "sqlite")


def values_between(count_id: int, keys: Sequence[str], after: int, until: int | None) -> Select[Any]:
    """The query for all values that those keys took after a version, up to another; oldest first."""
    wanted = [_changes.c.count_id == count_id, _changes.c.key.in_(keys), _changes.c.seq > after]
    if until is not None:
        wanted.append(_changes.c.seq <= until)
    # SQLite would read the log in its own order, all of it, rather than sort what it finds.
    found = select(_changes.c.seq, _moment, *change_columns).where(*wanted).with_hint(_changes, BY_KEY, "sqlite")
    return found.order_by(_changes.c.seq, _changes.c.n)


def is_by(at: str) -> ColumnElement[bool]:
    """That a version was published by a moment (ISO UTC): a whole second is meant to its end, milliseconds exactly.

    Texts are compared, and those of the log have milliseconds only where there are some: "18Z" follows "18.250Z".
    """
    second = f"{at[:_SECOND]}Z"
    return _sets.c.at <= at if at == second else or_(_sets.c.at <= at, _sets.c.at == second)


def version_at(count_id: int, at: str) -> Any:
    """The newest version of a count up to a moment (ISO UTC), as a part of a query."""
    return select(func.max(_sets.c.seq)).where(_sets.c.count_id == count_id, is_by(at)).scalar_subquery()
