"""Facts between reading and storing: of one key only the newest waits, and the contest's totals never behind others.

A queue of all readings would grow while the store is slower than the source, and the oldest of a hundred values of one
area would be published first.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from tally.board import Fact
from tally.keys import NATION
from tally.model import AreaCount

# So many polling places and mesas may wait until no more of them are asked for: some seconds' work.
_FULL = 5000

# A key, and whether it is its name: what an area is called does not replace its count.
_Slot = tuple[str, bool]


class _Waiting(Struct):
    """What one reading said of a key, and when. `since`: number of the reading from which on the key has waited."""

    facts: list[Fact]
    since: int
    read_at: str | None


class Backlog:
    """`keys`: what waits, and as how many values (a name and a count at most)."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.readings = 0
        # When what was taken last was read, by key; names apart, which are no figures.
        self.read_at: dict[str, str | None] = {}
        totals: dict[_Slot, _Waiting] = {}
        areas: dict[_Slot, _Waiting] = {}
        mesas: dict[_Slot, _Waiting] = {}
        self._lanes = (totals, areas, mesas)

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    @property
    def is_full(self) -> bool:
        """Whether polling places and mesas are read faster than they can be stored."""
        return len(self._lanes[-1]) >= _FULL

    @property
    def oldest(self) -> int:
        """Number of the oldest reading that still waits, or of the next one."""
        waiting = [next(iter(lane.values())).since for lane in self._lanes if lane]
        return min(waiting, default=self.readings + 1)

    def put(self, facts: Sequence[Fact], at: str | None = None) -> None:
        """One more reading, made at that moment: what it says of a key takes the place, and the turn, of what waits."""
        self.readings += 1
        said: dict[_Slot, list[Fact]] = {}
        for fact in facts:
            said.setdefault((fact.key, isinstance(fact.value, str)), []).append(fact)
        for slot, own in said.items():
            lane = self._lane(own[0])
            if slot in lane:
                lane[slot].facts, lane[slot].read_at = own, at
            else:
                lane[slot] = _Waiting(own, self.readings, at)
                self.keys[slot[0]] += 1

    def take(self, most: int) -> list[Fact]:
        """About `most` facts for one change set, the most urgent first; of one key only what one reading said."""
        batch: list[Fact] = []
        keys: set[str] = set()
        self.read_at = {}
        for lane in self._lanes:
            taken = []
            for slot, waiting in lane.items():
                if len(batch) >= most:
                    break
                if slot[0] not in keys:
                    keys.add(slot[0])
                    batch += waiting.facts
                    taken.append(slot)
                    if not slot[1]:
                        self.read_at[slot[0]] = waiting.read_at
            for slot in taken:
                del lane[slot]
        for key in keys:
            self.keys[key] -= 1
            if not self.keys[key]:
                del self.keys[key]
        return batch

    def clear(self) -> None:
        """Nothing waits any more."""
        self.keys.clear()
        for lane in self._lanes:
            lane.clear()

    def _lane(self, fact: Fact) -> dict[_Slot, _Waiting]:
        if fact.key == NATION:
            return self._lanes[0]
        return self._lanes[1 if isinstance(fact.value, str | AreaCount) else 2]
