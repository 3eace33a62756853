"""The mission's log of one election: written one decision at a time, read by following it."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import convert
from msgspec.structs import asdict
from sqlalchemy import Connection, Engine, insert, select

from mission.incidents.book import Book, LogLine, NewLine
from mission.incidents.incident import Member
from mission.incidents.log_tables import mission_events
from mission.people.accounts import stamp
from mission.people.auditlog import Actor, record
from mission.people.roles import Role
from mission.transactions import exclusive
from tally.storage.database import transaction

Decide = Callable[[Connection, Book], Sequence[NewLine]]


class Casebook:
    """The log and its fold. Safe to use from several threads; other processes may write the same log."""

    def __init__(self, engine: Engine, election_id: str) -> None:
        self._engine, self._election_id = engine, election_id
        self._book = Book()
        self._lock = threading.Lock()

    def read(self) -> Book:
        """The book now.

        Raises: StoreUnavailable.
        """
        with transaction(self._engine) as connection:
            return self._keep(self._follow(connection))

    def check(self, ask: Callable[[Connection, Book], None]) -> None:
        """Return if `ask`, of the book as it is now, raises nothing.

        Raises: StoreUnavailable; what `ask` raises.
        """
        with transaction(self._engine) as connection:
            ask(connection, self._follow(connection))

    def write(self, by: Member, now: datetime, decide: Decide) -> Book:
        """Ask `decide`, in a transaction in which nobody else writes, what is to be entered; the book after the commit.

        What `decide` raises leaves everything as it was. Raises: StoreUnavailable.
        """
        with exclusive(self._engine) as connection:
            book = self.write_within(connection, by, now, decide)
        return self._keep(book)

    def read_within(self, connection: Connection) -> Book:
        """The book now, as a part of the caller's transaction."""
        return self._follow(connection)

    def write_within(self, connection: Connection, by: Member, now: datetime, decide: Decide) -> Book:
        """What `write` does, as a part of the caller's exclusive transaction."""
        book = self._follow(connection)
        at = max(stamp(now), book.at)  # clocks go back; the log does not
        lines = [
            LogLine(**asdict(entry), seq=book.seq + n, at=at, actor=by.pseudonym, role=by.role.value)
            for n, entry in enumerate(decide(connection, book), start=1)
        ]
        if lines:
            connection.execute(
                insert(mission_events),
                [{**asdict(line), "election_id": self._election_id, "data": line.data.decode()} for line in lines],
            )
        if by.role.covers(Role.VERIFIER):
            _audit(connection, lines)
        return book.after(lines)

    def _follow(self, connection: Connection) -> Book:
        book = self._book
        chosen = select(mission_events).where(
            mission_events.c.election_id == self._election_id, mission_events.c.seq > book.seq
        )
        rows = connection.execute(chosen.order_by(mission_events.c.seq))
        return book.after(convert({**row._mapping, "data": row.data.encode()}, LogLine) for row in rows)

    def _keep(self, book: Book) -> Book:
        with self._lock:
            if book.seq > self._book.seq:
                self._book = book
        return book


def _audit(connection: Connection, lines: Sequence[LogLine]) -> None:
    """What the team does stands in the audit log too; who reported stays a pseudonym's matter."""
    for line in lines:
        detail = f"{line.before} → {line.after}" if line.before != line.after else ""
        record(connection, line.at, Actor(None, line.actor), f"mission {line.deed}", line.subject, detail)


class Casebooks:
    """One casebook an election, made when it is first asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._casebooks: dict[str, Casebook] = {}
        self._lock = threading.Lock()

    def of(self, election_id: str) -> Casebook:
        """That election's."""
        with self._lock:
            if election_id not in self._casebooks:
                self._casebooks[election_id] = Casebook(self._engine, election_id)
            return self._casebooks[election_id]
