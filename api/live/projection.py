"""The log from one version on as a set of topics sees it, a limited piece at a time."""

import msgspec
from msgspec import Struct

from api.http.components import raw
from api.live.deltas import NewValue, count_changes, tag, write_delta
from api.live.ring import Tagged, Topics
from tally.storage.store import Store

VERSION = 1
MOST_CHANGES = 1000
# How much of the log one answer searches for topics that are rarely in it; it says how far it came.
_BATCH, _MOST_BATCHES = 20, 10


class Delta(Struct, frozen=True):
    """What one version changed, `prev` the one before it that changed anything for the same topics."""

    seq: int
    prev: int
    at: str
    changes: list[NewValue]


class Changes(Struct, frozen=True):
    """The versions after one, up to `seq`."""

    v: int
    epoch: str
    seq: int
    deltas: list[Delta]


class Projection:
    """What changed for those topics after version `since`. For worker threads: it touches nothing that moves."""

    def __init__(self, store: Store, count_id: int, since: int, topics: Topics) -> None:
        self._store, self._count_id, self._since = store, count_id, since
        self._topics = frozenset(topics)

    def read(self, newest: int) -> tuple[list[Tagged], int]:
        """Change sets of the store up to version `newest` until there is enough, and the version reached.

        Raises: StoreUnavailable.
        """
        found: list[Tagged] = []
        reached, total = self._since, 0
        for _ in range(_MOST_BATCHES):
            sets = self._store.read(self._count_id, reached, _BATCH)
            tagged = [tag(changes) for changes in sets if changes.seq <= newest]
            found += tagged
            total += sum(count_changes(one, self._topics) for one in tagged)
            reached = tagged[-1].changes.seq if tagged else newest
            if total >= MOST_CHANGES or reached >= newest:
                break
        return self.take(found, reached)

    def take(self, sets: list[Tagged], reached: int) -> tuple[list[Tagged], int]:
        """The first sets with at most 1,000 changes, and the version reached. No set is cut: one may be larger."""
        total = 0
        for n, one in enumerate(sets):
            size = count_changes(one, self._topics)
            if total and total + size > MOST_CHANGES:
                return sets[:n], sets[n - 1].changes.seq
            total += size
        return sets, reached

    def write(self, epoch: str, sets: list[Tagged], reached: int) -> bytes:
        """The answer of `/changes`: one delta a change set that has something for the topics."""
        deltas: list[Delta] = []
        prev = self._since
        for one in sets:
            changes = write_delta([one], self._topics)
            if changes is not None:
                deltas.append(Delta(one.changes.seq, prev, one.changes.at, raw(changes)))
                prev = one.changes.seq
        return msgspec.json.encode(Changes(VERSION, epoch, reached, deltas))
