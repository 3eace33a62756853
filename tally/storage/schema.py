"""The schema's version: which one a database has, whether this program may use it, and the way to the newest.

A revision says which schema a program must know at least to use the database after it. So long as that is not newer
than what it knows, an older program goes on working beside newer ones.
"""

import time
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection, Engine, MetaData, select, text
from sqlmodel import SQLModel

import tally.storage.tables  # noqa: F401 - registers the tables with SQLModel
from tally.errors import StoreMismatch, StoreUnavailable
from tally.migrations.runner import NEWEST, VERSION, Revision, migrate, revisions_after
from tally.storage.database import connect, exclusive, transaction

# The oldest schemas with which this program can serve a count, and write one.
SERVES, WRITES = "0001", "0007"
_FIRST = "0001"
# Programs without revisions take this lock too before they make tables.
_LOCK = "escrutinio tables"
_COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'",
    "postgresql": "SELECT t.relname, c.attname FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
    " WHERE t.relkind IN ('r', 'p') AND pg_table_is_visible(t.oid) AND t.relnamespace <> 'pg_catalog'::regnamespace"
    " AND c.attnum > 0 AND NOT c.attisdropped",
}
# Whoever reads a table waits behind an upgrade that waits for it: so it waits briefly, and often.
_WAIT = "SET LOCAL lock_timeout = '1s'"
_NOT_HAD = "55P03"
_TRIES, _PAUSE_S = 60, 0.5

Columns = frozenset[tuple[str, str]]


class SchemaStanding(Struct, frozen=True):
    """Which revision a database has ("": it is empty), and what a program must know at least to use it.

    `is_named`: the database says so itself; before there were revisions none did. `columns`: table and column, each.
    """

    revision: str
    oldest: str
    is_named: bool
    columns: Columns


def read_standing(connection: Connection) -> SchemaStanding:
    """What that database has. Two short questions."""
    rows = connection.execute(text(_COLUMNS[connection.dialect.name]))
    columns = frozenset((str(table), str(column)) for table, column in rows)
    if (VERSION.name, "oldest") in columns:
        row = connection.execute(select(VERSION)).first()
        if row is not None:
            # Alembic by itself gives a revision only: whoever does not know it had better stay away.
            return SchemaStanding(row.version_num, row.oldest or row.version_num, True, columns)
    ours = {table for table, _ in _recorded()}
    revision = _FIRST if any(table in ours for table, _ in columns) else ""
    return SchemaStanding(revision, revision, False, columns)


def check(engine: Engine, least: str) -> None:
    """Return if a program that needs the schema `least` may use the database.

    Raises: StoreMismatch: what to do. StoreUnavailable.
    """
    with transaction(engine) as connection:
        standing = read_standing(connection)
    _refuse(_hopeless(standing) or _wanting(standing, least))


def open_engine(url: str) -> Engine:
    """An engine on a database that has some schema: an empty one is given the newest.

    Raises: InvalidInput: not a database URL we can use. StoreUnavailable.
    """
    engine = connect(url)
    try:
        with transaction(engine) as connection:
            is_empty = not read_standing(connection).revision
        if is_empty:
            upgrade(engine)
    except StoreUnavailable:
        engine.dispose()
        raise
    return engine


def steps_due(engine: Engine) -> tuple[SchemaStanding, list[Revision]]:
    """What the database has, and the steps from there to the newest schema.

    Raises: StoreMismatch: there is no way there, and what to do. StoreUnavailable.
    """
    with transaction(engine) as connection:
        standing = read_standing(connection)
    _refuse(_hopeless(standing))
    return standing, _steps(standing)


def upgrade(
    engine: Engine, applied: Callable[[str], None] = lambda revision: None, waiting: Callable[[], None] = lambda: None
) -> None:
    """Bring the schema to the newest revision: all of the way, or not at all. `waiting`: somebody holds a table.

    Raises: StoreMismatch: there is no way there, and what to do. StoreUnavailable.
    """
    for _ in range(_TRIES):
        try:
            _upgrade(engine, applied)
        except StoreUnavailable as error:
            if getattr(getattr(error.__cause__, "orig", None), "sqlstate", None) != _NOT_HAD:
                raise
        else:
            return
        waiting()
        time.sleep(_PAUSE_S)
    raise StoreUnavailable("a table is held by somebody else all the time; nothing was changed, try again later")


def _upgrade(engine: Engine, applied: Callable[[str], None]) -> None:
    with exclusive(engine, _LOCK) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(_WAIT))
        standing = read_standing(connection)
        _refuse(_hopeless(standing))
        if _steps(standing):
            migrate(connection, applied=applied)


def _steps(standing: SchemaStanding) -> list[Revision]:
    if standing.revision >= NEWEST:
        return []
    return revisions_after(standing.revision if standing.is_named else "")


def _refuse(complaint: str | None) -> None:
    if complaint is not None:
        raise StoreMismatch(complaint, public=complaint)


def _hopeless(standing: SchemaStanding) -> str | None:
    """Why no upgrade by this program helps."""
    if standing.oldest > NEWEST:
        return (
            f"the database has schema {standing.revision}, made by a newer program; this one knows {NEWEST}: use the "
            "newer program, or a copy of the database from before its upgrade"
        )
    if standing.is_named or not standing.revision:
        return None
    present = {table for table, _ in standing.columns}
    altered = [one for one in _recorded() - standing.columns if one[0] in present]
    if not altered:
        return None
    return (
        f"the database is older than schema {_FIRST} (it has no {'.'.join(min(altered))}), or is not ours: "
        "begin a new one, or restore a newer copy"
    )


def _wanting(standing: SchemaStanding, least: str) -> str | None:
    """Why it will not do as it is."""
    if standing.revision < least:
        return f"the database has schema {standing.revision}, this program needs {least}: run `escrutinio upgrade`"
    if not standing.is_named and _recorded() - standing.columns:
        return f"the database has a part of schema {standing.revision} only: run `escrutinio upgrade`"
    if standing.revision >= NEWEST and (missing := _columns_of(SQLModel.metadata) - standing.columns):
        return (
            f"the database says that it has schema {standing.revision}, but has no {'.'.join(min(missing))}: "
            "restore a copy of it"
        )
    return None


def _recorded() -> Columns:
    from tally.migrations.schema_0001 import tables  # here: no database that has its revision needs it

    return _columns_of(tables)


def _columns_of(tables: MetaData) -> Columns:
    return frozenset((table.name, column.name) for table in tables.tables.values() for column in table.columns)
