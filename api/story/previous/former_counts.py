"""The counts of the election before, read once when the count that is compared with them comes into service."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import structlog
from msgspec import Struct

from api.live.count import LiveCount, Loaded
from tally.changes import ChangeSet
from tally.election import Contest, Election
from tally.errors import EscrutinioError, InvalidInput
from tally.keys import Level, start_of
from tally.previous.comparison import Comparison
from tally.previous.declaration import MesaNumbers, Predecessor
from tally.previous.former_count import FormerCount, make_former
from tally.storage.database import connect_to_read
from tally.storage.store import CountInfo, Store

_log = structlog.get_logger(__name__)
_STARTS = tuple(start_of(level) for level in Level if level is not Level.MESA)
# The database in the folder of a closed count.
_CLOSED = "count.db"


class ComparedList(Struct, frozen=True):
    """A list of both elections; `now` and `then`: its place among the lists of each. `why`: by language."""

    now: int
    then: int
    id: str
    short: str
    then_id: str
    then_short: str
    why: dict[str, str]


class Compared(Struct, frozen=True):
    """A count held against the one before, of `election`; `lists` are those of both."""

    election: Election
    declared: Predecessor
    former: FormerCount
    comparison: Comparison
    lists: tuple[ComparedList, ...]


class FormerCounts:
    """By count: what it is compared with. `place`: folder of a closed count, a SQLite file, or a database's URL.

    The store's own counts come first. What is not there, or cannot be read, is not compared: a log line says so.
    """

    def __init__(self, elections: Mapping[str, Election], place: str | None) -> None:
        self._elections, self._place = elections, place
        self._compared: dict[int, Compared] = {}

    def of(self, live: LiveCount) -> Compared | None:
        """What a count is compared with; None where its election names none, or that is not here."""
        return self.of_count(live.info.id)

    def of_count(self, count_id: int) -> Compared | None:
        """The same by the store's id of the count."""
        return self._compared.get(count_id)

    def loaded(self, store: Store, loaded: Loaded) -> None:
        """Read what it is compared with."""
        election = self._elections[loaded.info.election_id]
        declared = election.predecessor
        before = None if declared is None else self._elections.get(declared.election)
        if declared is None or before is None:
            return
        try:
            former = self._find(store, loaded.info, declared)
        except EscrutinioError as error:
            _log.warning("the election before cannot be read", election=declared.election, error=str(error))
            return
        if former is None:
            _log.info("the election before is not here", election=declared.election)
            return
        now, then = (one.contest(loaded.info.contest_id) for one in (election, before))
        lists = tuple(_lists_of_both(declared, now, then))
        comparison = Comparison(declared, former)
        self._compared[loaded.info.id] = Compared(before, declared, former, comparison, lists)

    def advanced(self, live: LiveCount, sets: Sequence[ChangeSet]) -> None:
        """A former count does not move."""

    def _find(self, own: Store, info: CountInfo, declared: Predecessor) -> FormerCount | None:
        """The former count of that contest; a rehearsal's with a rehearsal alone.

        Raises: EscrutinioError: what was named cannot be read.
        """
        for store in stores(own, self._place):
            for found in store.counts():
                is_it = found.election_id == declared.election and found.contest_id == info.contest_id
                if is_it and found.seq and found.is_test is info.is_test:
                    # Where each mesa stood is of use only if its number still means the same.
                    mesas = (start_of(Level.MESA),) if declared.mesas is MesaNumbers.KEPT else ()
                    return make_former(found, store.latest(found.id, prefixes=(*_STARTS, *mesas)), declared.places)
        return None


def stores(own: Store, place: str | None) -> Iterator[Store]:
    """Where the count of the election before may be: our own store, then what was named, closed again afterwards.

    Raises: EscrutinioError: that cannot be read.
    """
    yield own
    if place is not None:
        with closing(_open(place)) as store:
            yield store


def _lists_of_both(declared: Predecessor, now: Contest, then: Contest) -> Iterator[ComparedList]:
    mine, theirs = ({entry.id: place for place, entry in enumerate(contest.lists)} for contest in (now, then))
    for pair in declared.lists:
        if pair.now in mine and pair.then in theirs:
            places = mine[pair.now], theirs[pair.then]
            shorts = now.lists[places[0]].short, then.lists[places[1]].short
            yield ComparedList(*places, pair.now, shorts[0], pair.then, shorts[1], pair.why)


def _open(place: str) -> Store:
    if "://" in place:
        return Store.open(place)
    path = Path(place)
    file = path / _CLOSED if path.is_dir() else path
    if not file.is_file():
        raise InvalidInput(f"setting previous: there is no count in {place}")
    store = Store(connect_to_read(file))
    store.check()
    return store
