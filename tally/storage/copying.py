"""All rows of one database into another, as they stood at one moment: for backups, restores and moves.

Both have this program's schema, and rows are told by our own tables, so that each database gets its own types.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, delete, func, insert, inspect, select, text
from sqlmodel import SQLModel

from tally.errors import StoreMismatch
from tally.migrations.runner import VERSION
from tally.storage.database import store_errors

_AT_ONCE = 2_000
# Some tables refuse that anything is ever taken from them: by triggers, which the database knows by name.
_GUARDS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT c.relname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)",
}

Heard = Callable[[int], None]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was at its first question, whatever is committed meanwhile.

    Raises: StoreUnavailable.
    """
    with store_errors(engine), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
        connection.rollback()


def tables_of(connection: Connection) -> list[Table]:
    """Every table of the database, those first that others refer to.

    Raises: StoreMismatch: it has some that this program does not know, which a copy would lose.
    """
    known = {table.name: table for table in SQLModel.metadata.sorted_tables}
    strange = {*inspect(connection).get_table_names()} - {*known, VERSION.name}
    if strange:
        raise StoreMismatch(f"the database has tables that this program does not know: {', '.join(sorted(strange))}")
    return list(known.values())


def count_rows(connection: Connection, tables: Iterable[Table]) -> dict[str, int]:
    """How many rows each of those tables has, by its name."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def copy_rows(source: Connection, target: Connection, tables: Sequence[Table], heard: Heard) -> None:
    """Copy every row of those tables into the same tables of `target`, which have none. `heard` is told how many."""
    for table in tables:
        ordered = select(table).order_by(*table.primary_key.columns)
        for rows in source.execute(ordered, execution_options={"yield_per": _AT_ONCE}).mappings().partitions():
            target.execute(insert(table), [{**row} for row in rows])
            heard(len(rows))
    _go_on_numbering(target, tables)


def _go_on_numbering(target: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL gives the next number by a counter of its own, which knows nothing of rows that came with theirs."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is not None:
            counter = select(func.pg_get_serial_sequence(table.name, column.name)).scalar_subquery()
            following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            target.execute(select(func.setval(counter, following, text("false"))))


def take_out(target: Connection, tables: Sequence[Table]) -> None:
    """Take every row out of those tables, also where the database refuses that to everybody else."""
    with _unguarded(target):
        for table in reversed(tables):
            target.execute(delete(table))


@contextmanager
def _unguarded(target: Connection) -> Iterator[None]:
    is_sqlite = target.dialect.name == "sqlite"
    guards = [(str(name), str(made)) for name, made in target.execute(text(_GUARDS[target.dialect.name]))]
    for name, _ in guards:
        target.exec_driver_sql(f"DROP TRIGGER {name}" if is_sqlite else f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name, made in guards:
        target.exec_driver_sql(made if is_sqlite else f"ALTER TABLE {name} ENABLE TRIGGER USER")
