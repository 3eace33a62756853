"""A reader's fold of the log: the present value of every key, grouped by topic, ready to be served."""

from collections.abc import Iterable, Sequence

from tally.changes import ChangeSet, Entry, digest, snapshot
from tally.keys import is_area
from tally.storage.store import CountInfo, Store
from tally.topics import topics_of

_NONE: dict[str, None] = {}


class View:
    """State of one count at version `seq`. `apply` moves it on; nothing else changes it."""

    def __init__(self, info: CountInfo) -> None:
        self.info = info
        self.epoch = info.epoch
        self.seq = 0
        self.as_of = info.created_at
        self.entries: dict[str, Entry] = {}
        # Topics above a key, one tuple for all that lie in the same; the last topic of a key is the key itself.
        self._above: dict[str, tuple[str, ...]] = {}
        self._alike: dict[tuple[str, ...], tuple[str, ...]] = {}
        # Members of a topic beside the key of that name: most keys, the mesas, have none. Keys of dicts, not
        # sets, which take twice the room: 7 MB of a country.
        self._members: dict[str, dict[str, None]] = {}

    @classmethod
    def load(cls, store: Store, info: CountInfo) -> "View":
        """State now."""
        view = cls(info)
        for entry in store.latest(info.id).values():
            view._put(entry)
        return view

    @classmethod
    def of_entries(cls, info: CountInfo, version: tuple[int, str], entries: Iterable[Entry]) -> "View":
        """State of some keys at a version of `store.version`; of no others."""
        view = cls(info)
        for entry in entries:
            view._put(entry)
        view.seq, view.as_of = version
        return view

    def apply(self, changes: ChangeSet) -> None:
        """Fold the next change set in; one that is already in is ignored."""
        if changes.seq <= self.seq:
            return
        for change in changes.changes:
            self._put(Entry(changes.seq, changes.at, change))
        self.seq, self.as_of = changes.seq, changes.at

    def frozen(self, topics: Iterable[str]) -> "View":
        """The same, for another thread to read while this one moves on. Of topics it has only those."""
        view = View(self.info)
        view._members = {topic: self._members[topic].copy() for topic in topics if topic in self._members}
        view.epoch, view.seq, view.as_of = self.epoch, self.seq, self.as_of
        view.entries, view._above = self.entries.copy(), self._above.copy()
        return view

    def keys(self, topics: Iterable[str]) -> set[str]:
        """Keys that belong to any of those topics."""
        found: set[str] = set()
        for topic in topics:
            found.update(self._members.get(topic, _NONE))
            if topic in self.entries:
                found.add(topic)
        return found

    def topics(self, key: str) -> tuple[str, ...]:
        """Topics a known key belongs to."""
        return (*self._above[key], key)

    def snapshot(self, topics: Iterable[str]) -> bytes:
        """Canonical JSON object of all values of those topics."""
        return snapshot(self.entries, self.keys(topics))

    def hash(self, topics: Sequence[str]) -> str:
        """SHA-256 of `snapshot(topics)`."""
        return digest(self.snapshot(topics))

    def _put(self, entry: Entry) -> None:
        change = entry.change
        key = change.key
        self.entries[key] = entry
        if entry.seq > self.seq:
            self.seq, self.as_of = entry.seq, entry.at
        above = self._above.get(key)
        # Only places and mesas can move to another district, and only a change of theirs can say so.
        if above is None or not is_area(key):
            new = topics_of(key, lambda: change.data)[:-1]
            if new == above:
                return
            for topic in above or ():
                self._members[topic].pop(key, None)
            new = self._above[key] = self._alike.setdefault(new, new)
            for topic in new:
                self._members.setdefault(topic, {})[key] = None
