"""The tables of a set as one SQLite file: keys and references declared, names searchable, readable views."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from api.tables.sets.outputs import TakeRows
from api.tables.sets.tables import SetTable
from api.tables.sets.views import quote, write_views
from tally.election import ListEntry

_TYPES = {int: "INTEGER", str: "TEXT"}
# What people look for by name; accents and capitals do not matter.
_SEARCHED = {"areas": ("name",), "places": ("name",), "lists": ("name", "short", "candidate")}
# What views and pages go by, besides the keys.
_INDEXED = {
    "areas": ("ubigeo", "parent"),
    "places": ("ubigeo", "parent"),
    "mesas": ("name", "parent", "ubigeo", "state"),
    "queue": ("mesa", "state"),
    "corrections": ("key",),
}
# Nobody else reads it yet, and what is half done is made anew.
_HURRY = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF")


class SetDatabase:
    """The file while it is written."""

    def __init__(self, connection: sqlite3.Connection, tables: Mapping[str, SetTable]) -> None:
        self._connection, self._tables = connection, tables
        for table in tables.values():
            connection.execute(_declare(table))

    def taker(self, name: str) -> TakeRows:
        """What takes the rows of a table."""
        into = f"INSERT INTO {quote(name)} VALUES ({', '.join('?' * len(self._tables[name].columns))})"  # noqa: S608

        def take(rows: Sequence[Sequence[object]]) -> None:
            self._connection.executemany(into, rows)

        return take

    def finish(self, lists: Sequence[ListEntry], about: Mapping[str, object]) -> None:
        """Make what goes by the rows, once all of them are there; `about` becomes a table of names and values."""
        run = self._connection.execute
        referred = {(one.table, one.field) for table in self._tables.values() for one in table.references}
        for name, columns in _INDEXED.items():
            for column in columns:
                unique = "UNIQUE " if (name, column) in referred else ""
                run(f"CREATE {unique}INDEX {quote(f'{name}_{column}')} ON {quote(name)} ({quote(column)})")
        for name, columns in _SEARCHED.items():
            named = ", ".join(map(quote, columns))
            options = f'content={quote(name)}, tokenize="unicode61 remove_diacritics 2"'
            run(f"CREATE VIRTUAL TABLE {quote(f'{name}_fts')} USING fts5({named}, {options})")
            run(f"INSERT INTO {quote(f'{name}_fts')} ({quote(f'{name}_fts')}) VALUES ('rebuild')")  # noqa: S608
        run("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        told = [(name, str(value).lower() if isinstance(value, bool) else value) for name, value in about.items()]
        self._connection.executemany("INSERT INTO about VALUES (?, ?)", told)
        write_views(self._connection, lists)
        self._connection.commit()
        run("ANALYZE")
        run("VACUUM")


@contextmanager
def open_database(path: Path, tables: Mapping[str, SetTable]) -> Iterator[SetDatabase]:
    """A new file with those tables, empty."""
    with closing(sqlite3.connect(path)) as connection:
        for pragma in _HURRY:
            connection.execute(pragma)
        yield SetDatabase(connection, tables)


def _declare(table: SetTable) -> str:
    lines = [f"{quote(name)} {_TYPES[kind]}" for name, kind in table.columns.items()]
    if table.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(quote, table.key))})")
    lines += [
        f"FOREIGN KEY ({quote(one.column)}) REFERENCES {quote(one.table)} ({quote(one.field)})"
        for one in table.references
    ]
    return f"CREATE TABLE {quote(table.name)} ({', '.join(lines)})"
