"""How the numbers of areas moved, kept in memory and read on from the log: what lines, turns and reasons come from."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from threading import Lock

import msgspec
from cachetools import LRUCache
from msgspec import Struct

from api.live.count import LiveCount
from tally.changes import Entry, Kind
from tally.keys import ABROAD, NATION
from tally.model import AreaCount, Sums
from tally.rules.issues import Issue
from tally.rules.review import is_disputed, is_suspect
from tally.storage.store import Store

# The nation, abroad and whatever is looked at just now: one of a long night has 2,000 points, about 2 MB.
_KEPT = 16
_MOST_KEYS = 400


class _Read(Struct):
    computed: Sums
    published: AreaCount | None = None
    name: str | None = None
    held: tuple[Issue, ...] = ()
    flags: tuple[Issue, ...] = ()


class Point(Struct, frozen=True):
    """What a key said from version `seq` on: `count` is what the source publishes, else our own sum.

    While it `is_in_review` nothing may be concluded from it.
    """

    seq: int
    at: str
    count: AreaCount
    is_published: bool
    computed: Sums
    is_in_review: bool = False
    kind: Kind = Kind.UPDATE

    @property
    def numbers(self) -> tuple[object, ...]:
        """What a reader sees move: acta buckets and votes, not the source's stamp."""
        count = self.count
        return count.counted, count.at_jee, count.pending, count.total, count.cast, count.votes

    @property
    def figures(self) -> tuple[object, ...]:
        """The same, and which side says it."""
        return *self.numbers, self.is_published


class LogExtent(Struct, frozen=True):
    """Which log is meant: of a count, under that name, up to its version `newest`."""

    count_id: int
    epoch: str
    newest: int


def history_of(live: LiveCount) -> LogExtent:
    """The log behind a count as it is served now."""
    return LogExtent(live.info.id, live.epoch, live.seq)


class Trail(Struct):
    """The values of one key up to version `reached`, in order."""

    reached: int = 0
    points: list[Point] = []

    def at(self, seq: int) -> Point | None:
        """The value at a version."""
        place = self._after(seq)
        return self.points[place - 1] if place else None

    def until(self, seq: int) -> "Trail":
        """A trail of its own that ends at a version."""
        return Trail(seq, self.points[: self._after(seq)])

    def _after(self, seq: int) -> int:
        return bisect_right(self.points, seq, key=lambda point: point.seq)


class Trails:
    """Trails by key. Any thread may ask; one reads at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: LRUCache[Hashable, Trail] = LRUCache(_KEPT)
        self._lock = Lock()

    def of(self, history: LogExtent, keys: Sequence[str], until: int) -> dict[str, Trail]:
        """The trails of those keys up to version `until`.

        Raises: StoreUnavailable.
        """
        with self._lock:
            kept = {key: self._find(history, key) for key in keys}
            behind: dict[int, list[str]] = {}
            for key, trail in kept.items():
                if trail.reached < until:
                    behind.setdefault(trail.reached, []).append(key)
            for reached, group in behind.items():
                for start in range(0, len(group), _MOST_KEYS):
                    part = group[start : start + _MOST_KEYS]
                    _extend(kept, self._store.histories(history.count_id, part, reached, until))
                for key in group:
                    kept[key].reached = until
            return {key: trail.until(until) for key, trail in kept.items()}

    def between(self, history: LogExtent, keys: Sequence[str], after: int, until: int) -> dict[str, Trail]:
        """What those keys said at version `after` and from then on, up to version `until`; nothing of it is kept.

        Raises: StoreUnavailable.
        """
        trails = {key: Trail(until, []) for key in keys}
        for start in range(0, len(keys), _MOST_KEYS):
            part = keys[start : start + _MOST_KEYS]
            _extend(trails, self._store.latest_of(history.count_id, part, after))
            _extend(trails, self._store.histories(history.count_id, part, after, until))
        return trails

    def _find(self, history: LogExtent, key: str) -> Trail:
        """What is kept of a key; nothing of a log that was longer: it has been replaced."""
        name = (history.count_id, history.epoch, key)
        trail = self._kept.get(name)
        if trail is None or trail.reached > history.newest:
            trail = self._kept[name] = Trail(0, [])
        return trail


def _extend(trails: dict[str, Trail], entries: Iterable[Entry]) -> None:
    for entry in entries:
        points = trails[entry.change.key].points
        point = point_of(entry)
        if not points and not point.count.total:
            continue  # an area that is only known by name: its numbers have not begun
        last = points[-1] if points else None
        # A nation's own sum and what is in review decide how sure its outlook is; elsewhere only what is shown steps.
        if last is None or last.figures != point.figures or (entry.change.key in _JUDGED and last != point):
            points.append(point)


_JUDGED = (NATION, ABROAD)
_decoder = msgspec.json.Decoder(_Read)


def point_of(entry: Entry) -> Point:
    """What an area or place says from that change on."""
    read = _decoder.decode(entry.change.data)
    count = read.published or read.computed.as_count()
    is_doubtful = is_suspect(read.held, read.flags) or is_disputed(read.published, read.computed)
    is_published, kind = read.published is not None, entry.change.kind
    return Point(entry.seq, entry.at, count, is_published, read.computed, is_doubtful, kind)


def steps(points: Sequence[Point]) -> list[Point]:
    """Those that moved a figure a reader sees, the first among them; that the source now says it too moves none."""
    found: list[Point] = []
    for point in points:
        if not found or found[-1].numbers != point.numbers:
            found.append(point)
    return found
