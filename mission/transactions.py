"""Transactions of the mission: one writer at a time, and tables from which nothing is ever taken away.

Reading needs no more than `tally.database.transaction`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import DDL, Connection, Engine, Table, event, text
from sqlmodel import SQLModel

from tally.database import transaction
from tally.tables import table_of

_REFUSED = "nothing is changed in or removed from"
_SQLITE = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, '{refused} {table}'); END
"""
# A statement-level trigger: it also refuses where no row would be met, and TRUNCATE.
_POSTGRESQL = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN RAISE EXCEPTION '{refused} {table}'; END $body$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only();
"""


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """A transaction during which nobody else writes for the mission: what is read in it stays true until the commit.

    Keep it short: no hashing of passwords, no pictures, no network inside.
    Raises: StoreUnavailable.
    """
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('escrutinio mission'))"))
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def append_only(row: type[SQLModel]) -> Table:
    """The table of that row class; the database itself refuses to change or remove what is in it."""
    table = table_of(row)
    for action in ("UPDATE", "DELETE"):
        sqlite = _SQLITE.format(table=table.name, action=action, refused=_REFUSED)
        event.listen(table, "after_create", _ddl(sqlite).execute_if(dialect="sqlite"))
    postgresql = _POSTGRESQL.format(table=table.name, refused=_REFUSED)
    event.listen(table, "after_create", _ddl(postgresql).execute_if(dialect="postgresql"))
    return table


def _ddl(statement: str) -> DDL:
    # It formats its text with %, and nothing of ours is a place to fill.
    return DDL(statement.replace("%", "%%"))
