"""Reaching the database: SQLite by default, PostgreSQL by URL, the same transactions and errors on both."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Float,
    FromClause,
    NullPool,
    create_engine,
    event,
    inspect,
    literal_column,
    make_url,
    text,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from tally.errors import InvalidInput, StoreMismatch, StoreUnavailable, ValueRefused
from tally.storage.refusals import is_refusal
from tally.storage.silence import check_silence

CHANNEL = "escrutinio"
_BUSY_S = 5.0
# SQLite takes addresses of files, too: file:count.db?mode=ro
_URI = "file:"
# A table or column that is not there, as PostgreSQL's codes and SQLite's words say it.
_MISSING_STATES = ("42P01", "42703")
_MISSING_WORDS = re.compile(r"^(no such (table|column)|table \S+ has no column)")
_MISMATCH = "its schema is not the one this program needs; `escrutinio doctor` says what to do"
_CLOCKS = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)",
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
}
_FIRST_WORD = re.compile(r"^\w*")
# A connection whose other end fell silent (a machine lost, a firewall that forgot it) is given up after about 20 s.
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


def connect(url: str) -> Engine:
    """An engine, whatever the database holds. `url` is sqlite:///FILE or postgresql://…

    Raises: InvalidInput: not a database URL we can use.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            arguments = {"connect_timeout": int(_BUSY_S), **KEEPALIVE}
            engine = create_engine(parsed, pool_pre_ping=True, pool_timeout=_BUSY_S, connect_args=arguments)
        elif parsed.get_backend_name() == "sqlite":
            _make_relative_folder(parsed.database)
            engine = _sqlite(parsed)
        else:
            raise InvalidInput(f"database {_masked(url)!r}: only sqlite:///FILE and postgresql://… are known")
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise InvalidInput(f"database {_masked(url)!r} is none; use sqlite:///FILE or postgresql://…") from None
    return engine


def _masked(url: str) -> str:
    """A database URL as it may be printed, well formed or not: of one that can hold a password its first word only."""
    return f"{_FIRST_WORD.findall(url)[0]}…" if set("@?") & set(url) else url


def check_exists(url: str) -> None:
    """Return if there is a database, for a command that only looks at one: opening it would make one.

    Raises: InvalidInput: a SQLite file that is not there.
    """
    parsed = make_url(url) if "://" in url else None
    path = None if parsed is None or parsed.get_backend_name() != "sqlite" else parsed.database
    if path and path != ":memory:" and not path.startswith(_URI) and not Path(path).exists():
        raise InvalidInput(f"there is no database {path}; name it with --database")


def clock(connection: Connection) -> ColumnElement[float]:
    """The database's clock in seconds since 1970, the same for all who share it; see `has_clock`."""
    return literal_column(_CLOCKS[connection.dialect.name], Float)


def has_clock(connection: Connection) -> bool:
    """Whether that clock is the database's own: SQLite's is that of whoever asks."""
    return connection.dialect.name == "postgresql"


def has_table(connection: Connection, name: str) -> bool:
    """Whether that table is there: programs serve before the upgrade that makes it. What is there stays."""
    known: set[str] = connection.info.setdefault("tables", set())
    if name not in known and inspect(connection).has_table(name):
        known.add(name)
    return name in known


def notify(connection: Connection, payload: str) -> None:
    """Wake whoever listens on CHANNEL once this transaction is committed; only PostgreSQL can."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


def _make_relative_folder(database: str | None) -> None:
    """A folder below the working folder is ours to make; an absolute one that is missing is more likely a slip."""
    path = Path(database or "")
    if not path.is_absolute() and path.parent != Path() and not path.as_posix().startswith(_URI):
        with suppress(OSError):  # opening the file says what is wrong
            path.parent.mkdir(parents=True, exist_ok=True)


class HintingCompiler(SQLiteCompiler):
    """SQLite's, with the hints that its own leaves out: without statistics it takes the wrong one of two indexes."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        """What stands behind the table's name."""
        return text


def _sqlite(parsed: URL) -> Engine:
    path = Path(parsed.database or "")
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return connect_to_read(path)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_S})
    engine.dialect.statement_compiler = HintingCompiler
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def connect_to_read(path: Path) -> Engine:
    """An engine on a SQLite file that stays as it is, to the byte: one we may not write, or must not."""
    # A connection each time: how such a file can be read depends on whether somebody writes it just now.
    engine = create_engine(
        URL.create("sqlite", database=str(path)), creator=lambda: _open_to_read(path), poolclass=NullPool
    )
    engine.dialect.statement_compiler = HintingCompiler
    return engine


def _open_to_read(path: Path) -> sqlite3.Connection:
    """A connection to a file that we may not write. Without a writer's files beside it SQLite would make them."""
    is_written = path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro" if is_written else "mode=ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_S, check_same_thread=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL: readers never wait for the writer. FULL: a committed change survives a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


@contextmanager
def store_errors(engine: Engine) -> Iterator[None]:
    """Database errors become StoreUnavailable with one sentence that says which database and what to do.

    Raises: StoreUnavailable. ValueRefused: it is there, and refuses what it is given.
    """
    try:
        yield
    except DBAPIError as error:
        if is_refusal(error):
            raise ValueRefused(f"database {_shown(engine)} refuses a value: {error.orig}") from error
        raise _failure(engine, error.orig) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"database {_shown(engine)}: {error}") from error


def _failure(engine: Engine, cause: BaseException | None) -> StoreUnavailable:
    """Drivers name hosts, files and people: answers are given our own words only."""
    reason = str(cause).strip().partition("\n")[0] or "no reason given"
    state = getattr(cause, "sqlstate", "")
    if state in _MISSING_STATES or _MISSING_WORDS.search(reason):
        return StoreMismatch(f"database {_shown(engine)}: {reason}; {_MISMATCH}", public=f"our database: {_MISMATCH}")
    # PostgreSQL gives every refusal a code; only who was not reached has none.
    ours = "it does not answer" if state is None else _explain(reason)
    if ours is None:
        return StoreUnavailable(f"database {_shown(engine)}: {reason}")
    more = f" ({reason})" if state is None else ""
    return StoreUnavailable(f"database {_shown(engine)}: {ours}{more}", public=f"our database: {ours}")


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _explain(reason: str) -> str | None:
    lower = reason.lower()
    if "locked" in lower:
        return "it is locked by another program; stop that program or use another file"
    if "readonly" in lower or "read-only" in lower:
        return "it is read-only; give write permission to the file and its folder"
    if "unable to open" in lower:
        return "the file cannot be opened; does its folder exist, and may we write there?"
    if "not a database" in lower or "malformed" in lower:
        return f"the file is not a usable SQLite database ({reason})"
    return "the disk is full" if "full" in lower else None


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction: committed at the end, rolled back on any error.

    Raises: StoreUnavailable: the database failed.
    """
    check_silence(engine)
    with store_errors(engine), engine.begin() as connection:
        yield connection


@contextmanager
def exclusive(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction while nobody else is in one of that name (on SQLite: of any). Keep it short.

    Raises: StoreUnavailable.
    """
    with transaction(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
