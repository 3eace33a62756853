"""The observation's journal: what is done in a room of it, read by folding it, written one decision at a time."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from msgspec import Struct, convert
from msgspec.structs import asdict
from sqlalchemy import Connection, Engine, insert, select

from mission.incidents.incident import Member
from mission.journal_tables import journal
from mission.people.accounts import stamp
from mission.transactions import exclusive
from tally.errors import Conflict
from tally.storage.database import has_table, transaction

S = TypeVar("S")


class NewEntry(Struct, frozen=True):
    """What is to be entered: the journal gives it number, time and actor. `data` is JSON."""

    subject: str
    deed: str
    data: bytes = b"{}"


class Entry(NewEntry, frozen=True, kw_only=True):
    """One entry. `at`: ISO UTC, never before the one ahead of it; `actor`: a pseudonym."""

    seq: int
    at: str
    actor: str
    role: str


def check_seen(seen: int, now: int) -> None:
    """Return if whoever decides saw what stands: the number of what they looked at is that of now.

    Raises: Conflict: somebody else was quicker.
    """
    if seen != now:
        raise Conflict("seen: this was answered or decided anew since you looked; read it again, and decide upon that")


class _Standing(Struct, Generic[S], frozen=True):
    state: S
    seq: int = 0
    at: str = ""


class Journal(Generic[S]):
    """One room's entries of an election and the state they fold to. Safe in threads; others may write the same room.

    `fold(state, entries)` makes the next state and leaves the one before as it is.
    """

    def __init__(
        self, engine: Engine, election_id: str, room: str, empty: S, fold: Callable[[S, Iterable[Entry]], S]
    ) -> None:
        self._engine, self._election_id, self._room, self._fold = engine, election_id, room, fold
        self._standing = _Standing(empty)
        self._lock, self._writing = threading.Lock(), threading.Lock()

    def read(self) -> S:
        """The state now.

        Raises: StoreUnavailable.
        """
        with transaction(self._engine) as connection:
            found = self._follow(connection)
        return self._keep(found).state

    def write(self, by: Member, now: datetime, decide: Callable[[Connection, S], Sequence[NewEntry]]) -> S:
        """Ask `decide`, in a transaction in which nobody else writes, what is to be entered; the state after it.

        What `decide` raises leaves everything as it was. Raises: StoreUnavailable.
        """
        # Threads of ours wait in line; the database would let them try by turns until some of them give up.
        with self._writing, exclusive(self._engine) as connection:
            standing = self._follow(connection)
            at = max(stamp(now), standing.at)  # clocks go back; the journal does not
            entries = [
                Entry(**asdict(entry), seq=standing.seq + n, at=at, actor=by.pseudonym, role=by.role.value)
                for n, entry in enumerate(decide(connection, standing.state), start=1)
            ]
            if entries:
                of = {"election_id": self._election_id, "room": self._room}
                rows = [{**asdict(entry), **of, "data": entry.data.decode()} for entry in entries]
                connection.execute(insert(journal), rows)
            # Before the commit: nothing is taken back, so what cannot be read again would close the room for good.
            found = self._after(standing, entries)
        return self._keep(found).state

    def _follow(self, connection: Connection) -> _Standing[S]:
        standing = self._standing
        if not has_table(connection, journal.name):  # a program serves before the upgrade that makes it
            return standing
        of_room = (journal.c.election_id == self._election_id) & (journal.c.room == self._room)
        rows = connection.execute(select(journal).where(of_room, journal.c.seq > standing.seq).order_by(journal.c.seq))
        return self._after(standing, [convert({**row._mapping, "data": row.data.encode()}, Entry) for row in rows])

    def _after(self, standing: _Standing[S], entries: Sequence[Entry]) -> _Standing[S]:
        if not entries:
            return standing
        return _Standing(self._fold(standing.state, entries), entries[-1].seq, entries[-1].at)

    def _keep(self, found: _Standing[S]) -> _Standing[S]:
        with self._lock:
            if found.seq > self._standing.seq:
                self._standing = found
        return found


class Journals(Generic[S]):
    """One journal an election of a room, made when it is first asked for."""

    def __init__(self, engine: Engine, room: str, empty: S, fold: Callable[[S, Iterable[Entry]], S]) -> None:
        self._make = partial(Journal, engine, room=room, empty=empty, fold=fold)
        self._journals: dict[str, Journal[S]] = {}
        self._lock = threading.Lock()

    def of(self, election_id: str) -> Journal[S]:
        """That election's."""
        with self._lock:
            if election_id not in self._journals:
                self._journals[election_id] = self._make(election_id=election_id)
            return self._journals[election_id]
