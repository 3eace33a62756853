"""The writing side of a world in which anything may go wrong: a count that grows, goes down, is held and restored."""

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from tally.board import Board, Fact
from tally.changes import Entry, Kind, fold
from tally.keys import mesa_key
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.country import ELECTION, NAMES, Country, minute
from tests.databases import sqlite_in

_TABLES = ("counts", "change_sets", "changes")
_BACKUPS = 3
_NATIONAL = [key for key in NAMES if key.startswith(("nation", "scope", "department"))]
_SOURCE = "sha256:" + "0" * 64
_IMPOSSIBLE = (150, 120)  # more votes than the roll has


class History:
    """The fold of the log as far as it was read, and the corrections in it: version, key and value."""

    def __init__(self) -> None:
        self.state: dict[str, Entry] = {}
        self.seq = 0
        self.corrections: list[tuple[int, tuple[str, bytes]]] = []
        self.every: set[tuple[str, bytes]] = set()

    def copy(self) -> "History":
        """What it is now."""
        twin = History()
        twin.state, twin.seq = dict(self.state), self.seq
        twin.corrections, twin.every = list(self.corrections), set(self.every)
        return twin

    def read(self, store: Store) -> None:
        """Fold in what the log has gained."""
        for one in store.read(store.info(ELECTION.id).id, self.seq, 1_000_000):
            fold([one], self.state)
            told = [(change.key, change.data) for change in one.changes if change.kind is Kind.CORRECTION]
            self.corrections += [(one.seq, each) for each in told]
            self.every.update(told)
            self.seq = one.seq


class Source:
    """A poller over a database in a folder; `history` is the log as far as it was read back."""

    def __init__(self, folder: Path, seed: random.Random) -> None:
        self._folder, self._seed, self._minutes = folder, seed, 0
        self.history = History()
        self._backups: list[tuple[Path, History]] = []
        self.store = Store.open(sqlite_in(folder))
        with self.store.engine.connect() as connection:
            connection.execute(text("PRAGMA synchronous=OFF"))
        self._country = Country(self.store)
        self.back_up()

    @property
    def version(self) -> tuple[str, int]:
        """Epoch and version of the log."""
        writer = self._country.writer
        return writer.info.epoch, writer.seq

    def publish(self) -> None:
        """Some mesas are counted, or counted again; now and then the source states its totals."""
        self._count(self._seed.randrange(1, 5), self._votes(90))
        if self._seed.random() < 0.1:
            at = minute(self._minutes)
            self._tell([Fact(key, self._country.board.sums.of(key).as_count(at), _SOURCE) for key in _NATIONAL])

    def correct(self) -> None:
        """What was counted goes down."""
        self._count(2, self._votes(5))

    def hold(self) -> None:
        """The source says what cannot be: the last good value stands."""
        self._count(1, _IMPOSSIBLE)

    def publish_much(self) -> None:
        """Far more than one answer of `/changes` holds, or a little less."""
        for _ in range(self._seed.randrange(5, 50)):
            self._count(8, self._votes(90))

    def _votes(self, most: int) -> tuple[int, int]:
        return self._seed.randrange(most), self._seed.randrange(most)

    def _count(self, number: int, votes: tuple[int, int]) -> None:
        self._minutes += 1
        country = self._country
        mesas = self._seed.sample(country.mesas, number)
        self._tell([Fact(mesa_key(mesa), country.acta(mesa, votes=votes), _SOURCE) for mesa in mesas])

    def _tell(self, facts: Sequence[Fact]) -> None:
        changes = self._country.board.apply(facts)
        if changes:
            self._country.writer.append(changes, minute(self._minutes))

    def back_up(self) -> None:
        """Copy the database while it is in use. The first copy, of the beginning, is kept for good."""
        number = len(self._backups) if len(self._backups) < _BACKUPS else self._seed.randrange(1, _BACKUPS)
        path = self._folder / f"backup{number}.db"
        path.unlink(missing_ok=True)
        own, copy = sqlite3.connect(self._folder / "count.db"), sqlite3.connect(path)
        own.backup(copy)
        own.close()
        copy.close()
        self._backups[number : number + 1] = [(path, self.history.copy())]

    def put_back(self) -> None:
        """Put a copy back, and poll again under the old name of its history."""
        path, history = self._seed.choice(self._backups)
        self.history = history.copy()
        own = sqlite3.connect(self._folder / "count.db")
        own.execute("ATTACH ? AS copy", (str(path),))
        with own:
            for table in _TABLES:
                own.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
                own.execute(f"INSERT INTO {table} SELECT * FROM copy.{table}")  # noqa: S608 - our own names
            own.execute("UPDATE counts SET writer = NULL, writer_until = 0")
        own.close()
        self._poll_again()

    def rename(self) -> None:
        """Give the history its new name, as an operator does after a restored backup."""
        self._country.writer.release()
        begin_epoch(self.store, self.store.info(ELECTION.id))
        self._poll_again()

    def _poll_again(self) -> None:
        contest = ELECTION.contest()
        self._country.board = Board(len(contest.lists))
        writer = Writer.acquire(self.store, ELECTION.id, contest.id, is_test=False, at=minute(self._minutes))
        entries = self.store.latest(writer.info.id).values()
        self._country.board.restore((entry.change.key, entry.change.data) for entry in entries)
        self._country.writer = writer
