"""One count as it is served: its state, the newest changes, and whoever waits for the next one. Lives on the loop."""

import asyncio
import time
from collections.abc import Callable, Hashable, Sequence
from urllib.parse import quote

from cachetools import LRUCache
from msgspec import Struct

from api.http.policy import PREFIX
from api.live.deltas import write_delta
from api.live.frames import Frame
from api.live.outlook import status_of
from api.live.readings import UnitReadings
from api.live.ring import Ring, Tagged, Topics
from api.options import ServeOptions
from api.tables.search import SearchIndex
from tally.changes import ChangeSet, digest
from tally.election import Contest, Election
from tally.storage.store import CountInfo, Store
from tally.view import View

_KEPT_SNAPSHOTS = 64
_KEPT_DELTAS = 128


class Snapshot(Struct, frozen=True):
    """All values of some topics at one version, canonical, their hash, and the status of the count then."""

    epoch: str
    seq: int
    as_of: str
    status: str
    hash: str
    state: bytes


def take_snapshot(view: View, topics: Topics) -> Snapshot:
    """The values of those topics in a view."""
    state = view.snapshot(topics)
    return Snapshot(view.epoch, view.seq, view.as_of, status_of(view), digest(state), state)


class Loaded(Struct, frozen=True):
    """What is read from the store, in a worker thread, before a count can be served."""

    info: CountInfo
    view: View
    names: SearchIndex


def load(store: Store, info: CountInfo) -> Loaded:
    """Read the whole present state of a count.

    Raises: StoreUnavailable.
    """
    view = View.load(store, info)
    names = SearchIndex()
    for key, entry in view.entries.items():
        names.put(key, entry.change.data)
    return Loaded(info, view, names)


class LiveCount:
    """One count in service. Only the loop's thread may touch it; what it hands out never changes.

    `clock` tells how old a change is.
    """

    def __init__(
        self,
        election: Election,
        loaded: Loaded,
        options: ServeOptions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.election, self.options, self._clock = election, options, clock
        self.listeners: set[asyncio.Event] = set()
        self.is_away = False
        # Messages handed to followers since the start: whoever hands one on counts it here, for /metrics.
        self.deliveries = 0
        self._deltas: LRUCache[Hashable, bytes | None] = LRUCache(_KEPT_DELTAS)
        self._frames: LRUCache[Hashable, Frame] = LRUCache(_KEPT_DELTAS)
        self._snapshots: LRUCache[Hashable, Snapshot] = LRUCache(_KEPT_SNAPSHOTS)
        self.replace(loaded)

    @property
    def contest(self) -> Contest:
        """The contest that is counted."""
        return self._contest

    @property
    def path(self) -> str:
        """Where the API has this count, whether or not the election has others."""
        election = f"{PREFIX}/elections/{quote(self.election.id)}"
        return election if self.is_only else f"{election}/contests/{quote(self.contest.id)}"

    @property
    def page(self) -> str:
        """What the paths of its pages begin with."""
        return "/" if self.is_only else f"/contests/{self.contest.id}/"

    @property
    def name(self) -> str:
        """Names the count in files: by its election, and by its contest where there are several."""
        return self.election.id if self.is_only else f"{self.election.id}-{self.contest.id}"

    @property
    def is_only(self) -> bool:
        """Whether its contest is the election's only one."""
        return len(self.election.contests) == 1

    @property
    def epoch(self) -> str:
        """The history this state belongs to."""
        return self.view.epoch

    @property
    def seq(self) -> int:
        """The version of the state."""
        return self.view.seq

    @property
    def etag(self) -> str:
        """Names the version among all versions of all histories."""
        return f"{self.epoch}-{self.seq}"

    @property
    def standing(self) -> object:
        """How its source is read, as far as whoever follows is told of another one at once."""
        return self.info.is_followed, self.info.feed.state

    def replace(self, loaded: Loaded) -> None:
        """Serve another history from now on; every subscriber starts anew."""
        self.info, self.view, self.names = loaded.info, loaded.view, loaded.names
        self._contest = self.election.contest(loaded.info.contest_id)
        self.readings = UnitReadings()
        self.ring = Ring(self.view.seq, self.options.ring_s, self.options.ring_changes, self._clock)
        self._deltas.clear()
        self._frames.clear()
        self._snapshots.clear()
        self._notify()

    def advance(self, sets: Sequence[ChangeSet]) -> None:
        """Fold the next change sets in and wake whoever waits."""
        for changes in sets:
            if changes.seq <= self.view.seq:
                continue
            self.view.apply(changes)
            tagged = Tagged(changes, tuple(self.view.topics(change.key) for change in changes.changes))
            self.ring.add(tagged, len(self.view.entries))
            for change in changes.changes:
                self.names.put(change.key, change.data)
        self._notify()

    def describe(self, info: CountInfo) -> None:
        """Take over what the store says of the feed; the version is that of the state, not the store's."""
        before, self.info = self.standing, info
        if self.standing != before:
            self._notify()

    def snapshot(self, topics: Topics) -> Snapshot:
        """The state of those topics now."""
        known = self.remembered(topics, self.seq)
        if known is None:
            known = self._snapshots[self.seq, topics] = take_snapshot(self.view, topics)
        return known

    def remembered(self, topics: Topics, seq: int) -> Snapshot | None:
        """The state of those topics at a version, if it was asked for when it was the present."""
        return self._snapshots.get((seq, topics))

    def delta(self, topics: Topics, after: int, prev: int) -> Frame | None:
        """The `delta` frame that brings a subscription from `after` to now; None if nothing of it changed.

        The caller has checked that the ring reaches back to `after`. Changes are written once for all topics that
        are equal, frames shared by all who need the same.
        """
        key = (after, self.seq, topics)
        if key not in self._deltas:
            self._deltas[key] = write_delta(self.ring.since(after) or (), frozenset(topics))
        changes = self._deltas[key]
        if changes is None:
            return None
        head = b'{"t":"delta","seq":%d,"prev":%d,"at":"%s","changes":' % (self.seq, prev, self.view.as_of.encode())
        return self.frame(("delta", prev, *key), lambda: Frame(head + changes + b"}"))

    def frame(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """The frame of that key, built if it is not remembered. Keys name the version: a new history forgets all."""
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = build()
        return frame

    def _notify(self) -> None:
        for listener in self.listeners:
            listener.set()
