"""Databases whose tables stand already. To make two dozen of them anew would cost every test a tenth of a second."""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlmodel import SQLModel

from tally.storage.database import transaction
from tally.storage.store import Store


@cache
def _pattern() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pattern.db"
        Store.open(f"sqlite:///{path}").close()
        return path.read_bytes()


def sqlite_in(folder: Path, name: str = "count.db") -> str:
    """URL of a new SQLite database in a folder: nothing in it but its tables."""
    with (folder / name).open("xb") as file:
        file.write(_pattern())
    return f"sqlite:///{file.name}"


def empty(store: Store) -> None:
    """Take everything out of all tables, also out of those from which nothing may ever be taken."""
    if store.engine.dialect.name == "sqlite":
        _copy_over(store)
        return
    with transaction(store.engine) as connection:
        # Whoever was left in a transaction by an earlier test is an error here and now, not a test that never ends.
        connection.execute(text("SET LOCAL lock_timeout = '10s'; SET LOCAL session_replication_role = replica"))
        names = ", ".join(table.name for table in SQLModel.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


def _copy_over(store: Store) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sqlite_in(Path(folder), "pattern.db")
        with (
            closing(sqlite3.connect(Path(folder) / "pattern.db")) as pattern,
            closing(store.engine.raw_connection()) as own,
        ):
            pattern.backup(own.dbapi_connection)
