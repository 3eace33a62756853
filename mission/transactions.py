"""Transactions of the mission: one writer at a time, and tables from which nothing is ever taken away.

Reading needs no more than `tally.storage.database.transaction`.
"""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine, Table
from sqlmodel import SQLModel

from tally.storage import database
from tally.storage.tables import table_of

APPEND_ONLY = "append_only"


def exclusive(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction during which nobody else writes for the mission: what is read in it stays true until the commit.

    Keep it short: no hashing of passwords, no pictures, no network inside.
    Raises: StoreUnavailable.
    """
    return database.exclusive(engine, "escrutinio mission")


def append_only(row: type[SQLModel]) -> Table:
    """The table of that row class, whose revision makes the database refuse to change or remove what is in it."""
    table = table_of(row)
    table.info[APPEND_ONLY] = True
    return table
