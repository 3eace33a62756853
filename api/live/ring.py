"""The newest change sets, kept in memory so that a broken connection can resume without asking the store."""

import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from tally.changes import ChangeSet

Topics = tuple[str, ...]

# A count of a few keys keeps so many changes however old they are, and so many of the newest minutes.
_LEAST, _YOUNG = 50, 500


class Tagged(Struct, frozen=True):
    """A change set with the topics of each of its changes."""

    changes: ChangeSet
    topics: tuple[Topics, ...]


class Ring:
    """Change sets after version `floor`: those younger than `keep_s`, and at least `keep_changes` changes.

    But of a count of few keys not that many: whoever missed so much is given the state, which is shorter.
    """

    def __init__(self, floor: int, keep_s: float, keep_changes: int, now: Callable[[], float] = time.monotonic) -> None:
        self.floor = floor
        self._keep_s, self._keep_changes, self._now = keep_s, keep_changes, now
        self._sets: deque[tuple[float, Tagged]] = deque()
        self._size = 0

    def add(self, tagged: Tagged, keys: int) -> None:
        """Append the next change set of a count of so many keys, and let go of what is more than enough."""
        self._sets.append((self._now(), tagged))
        self._size += len(tagged.topics)
        oldest_kept = self._now() - self._keep_s
        while self._sets:
            added, first = self._sets[0]
            left = self._size - len(first.topics)
            is_young = added >= oldest_kept and self._size <= max(keys, _YOUNG)
            if is_young or left < min(self._keep_changes, max(keys, _LEAST)):
                break
            self._sets.popleft()
            self._size -= len(first.topics)
            self.floor = first.changes.seq

    def since(self, seq: int) -> list[Tagged] | None:
        """Change sets after version `seq`, oldest first; None when some of them are no longer held."""
        if seq < self.floor:
            return None
        found: list[Tagged] = []
        for _, tagged in reversed(self._sets):
            if tagged.changes.seq <= seq:
                break
            found.append(tagged)
        return found[::-1]
