"""Who went ahead where and when, over all areas of a level at once: read from the log once and then followed."""

from collections import defaultdict
from collections.abc import Hashable
from threading import Lock

from cachetools import LRUCache
from msgspec import Struct

from api.http.workers import pushing, showing
from api.story.trails import LogExtent, point_of
from api.story.turning_points import Lead, Turn
from tally.keys import Level, start_of
from tally.storage.store import Store

_KEPT = 8
_LOOKS = 200


class AreaTurn(Struct, frozen=True):
    """Another list leads in an area than before."""

    key: str
    turn: Turn


class LeadChange(Struct, frozen=True):
    """Another list led in an area from version `seq` on: `leader` and `before` are places in the contest's lists.

    at: our clock; source_at: the stamp of the source's own figures.
    """

    key: str
    name: str | None
    seq: int
    at: str
    source_at: str | None
    leader: int | None
    before: int | None
    margin: int
    counted: int
    total: int


def tell_turn(one: AreaTurn, name: str | None) -> LeadChange:
    """What turned, with the name of its area."""
    turn = one.turn
    stamps = turn.seq, turn.at, turn.source_at
    return LeadChange(one.key, name, *stamps, turn.leader, turn.before, turn.margin, turn.counted, turn.total)


class _Followed:
    """The leads of one level up to version `reached`, and what turned, oldest first."""

    def __init__(self) -> None:
        self.reached = 0
        self.turns: list[AreaTurn] = []
        self._leads = defaultdict[str, Lead](Lead)

    def follow(self, store: Store, count_id: int, prefix: str, until: int) -> None:
        """Read on to a version."""
        for number, entry in enumerate(store.walk(count_id, prefix, self.reached, until)):
            if number % _LOOKS == 0:
                # Read to its end though nobody waits any more: whoever asks next is given it at once.
                pushing.give_way()
                showing.give_way()
            turn = self._leads[entry.change.key].see(point_of(entry))
            if turn is not None:
                self.turns.append(AreaTurn(entry.change.key, turn))
        self.reached = max(self.reached, until)


class LeadChanges:
    """Those of the counts and levels that were asked for last. Any thread may ask; one reads at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: LRUCache[Hashable, _Followed] = LRUCache(_KEPT)
        self._lock = Lock()

    def of(self, history: LogExtent, level: Level, until: int) -> list[AreaTurn]:
        """What turned in the areas of a level up to a version, oldest first.

        Raises: StoreUnavailable.
        """
        name = (history.count_id, history.epoch, level)
        with self._lock:
            found = self._kept.get(name)
            if found is None or found.reached > history.newest:  # a log that was longer has been replaced
                found = _Followed()
            if found.reached < until:
                # A reading that is broken off would count its changes twice: it is not kept.
                self._kept.pop(name, None)
                found.follow(self._store, history.count_id, start_of(level), until)
            self._kept[name] = found
            return [one for one in found.turns if one.turn.seq <= until]
