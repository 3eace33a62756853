"""As which area an incident may be named to the public, so that nobody is one of fewer than K who could have seen it.

Every area that is named, and every rest that is left when the named areas within an area (or within the country) are
taken away from it, has at least K assigned observers, or none at all. So no difference of totals points at fewer than
K of them. The zones follow from the assignments alone, never from what was reported: that an area is named coarsely
says nothing about incidents.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

from mission.thresholds import THRESHOLDS
from tally.keys import NATION, Level, areas_of, code_of, is_within, level_of

K = THRESHOLDS.publication.least_observers


class Zones:
    """The zones of one moment; `observers`: how many are assigned at each ubigeo prefix of 2, 4 or 6 digits."""

    def __init__(self, observers: Mapping[str, int], k: int = K) -> None:
        self._k = k
        # Observers assigned in an area, at whatever level, and the areas below it in which there are any.
        self._totals: Counter[str] = Counter()
        self._parts: defaultdict[str, set[str]] = defaultdict(set)
        for prefix, n in observers.items():
            if n > 0:
                self._count(prefix, n)
        # Areas that have a total of their own, and areas whose rest may be named.
        self._named: set[str] = set()
        self._rests: set[str] = set()
        hidden = 0
        for department in sorted(self._parts[NATION]):
            if self._totals[department] >= k:
                self._divide(department)
            else:
                hidden += self._totals[department]
        if 0 < hidden < k:
            self._absorb(NATION)

    @property
    def named(self) -> set[str]:
        """Ubigeo prefixes of the areas that have a total of their own."""
        return set(map(code_of, self._named))

    def key(self, district: str) -> str | None:
        """Key of the area as which an incident in that district may be named; None: it may not be."""
        own, *above = reversed(areas_of(district))
        return own if own in self._named else next((area for area in above if area in self._rests), None)

    def _count(self, prefix: str, n: int) -> None:
        around = [area for area in areas_of(prefix) if level_of(area) is not Level.SCOPE]
        for area in around:
            self._totals[area] += n
        for area, part in pairwise(around):
            self._parts[area].add(part)

    def _divide(self, area: str) -> None:
        """Name an area, and within it whatever is large enough and leaves a rest that is large enough or empty."""
        self._named.add(area)
        large = sorted(part for part in self._parts[area] if self._totals[part] >= self._k)
        for part in large:
            if level_of(part) is Level.DISTRICT:
                self._named.add(part)
            else:
                self._divide(part)
        rest = self._totals[area] - sum(self._totals[part] for part in large)
        if 0 < rest < self._k:
            rest += self._absorb(area)
        if rest:
            self._rests.add(area)

    def _absorb(self, area: str) -> int:
        """Name the smallest named part of an area no more, nor anything in it; returns its observers."""
        parts = self._parts[area] & self._named
        if not parts:
            return 0
        smallest = min(parts, key=lambda part: (self._totals[part], part))
        for areas in (self._named, self._rests):
            areas -= {one for one in areas if is_within(one, smallest)}
        return self._totals[smallest]
