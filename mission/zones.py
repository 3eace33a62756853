"""As which area an incident may be named to the public, so that nobody is one of fewer than K who could have seen it.

Every area that is named, and every rest that is left when the named areas within an area (or within the country) are
taken away from it, has at least K assigned observers, or none at all. So no difference of totals points at fewer than
K of them. The zones follow from the assignments alone, never from what was reported: that an area is named coarsely
says nothing about incidents.
"""

from collections.abc import Mapping

from tally.keys import area_key

K = 5
_DEPARTMENT, _PROVINCE, _DISTRICT = 2, 4, 6


class Zones:
    """The zones of one moment; `observers`: how many are assigned at each ubigeo prefix of 2, 4 or 6 digits."""

    def __init__(self, observers: Mapping[str, int], k: int = K) -> None:
        self._observers, self._k = {prefix: n for prefix, n in observers.items() if n > 0}, k
        # Areas that have a total of their own, and areas whose rest may be named.
        self.named: set[str] = set()
        self._rests: set[str] = set()
        hidden = 0
        for department in sorted({prefix[:_DEPARTMENT] for prefix in self._observers}):
            if self.total(department) >= k:
                self._divide(department)
            else:
                hidden += self.total(department)
        if 0 < hidden < k:
            self._absorb("", _DEPARTMENT)

    def total(self, prefix: str) -> int:
        """Observers assigned in an area, at whatever level."""
        return sum(n for assigned, n in self._observers.items() if assigned.startswith(prefix))

    def key(self, district: str) -> str | None:
        """Key of the area as which an incident in that district may be named; None: it may not be."""
        if district in self.named:
            return area_key(district)
        for length in (_PROVINCE, _DEPARTMENT):
            if district[:length] in self._rests:
                return area_key(district[:length])
        return None

    def _divide(self, area: str) -> None:
        """Name an area, and within it whatever is large enough and leaves a rest that is large enough or empty."""
        self.named.add(area)
        length = len(area) + 2
        parts = {prefix[:length] for prefix in self._observers if prefix.startswith(area) and len(prefix) >= length}
        large = sorted(part for part in parts if self.total(part) >= self._k)
        for part in large:
            if length == _DISTRICT:
                self.named.add(part)
            else:
                self._divide(part)
        rest = self.total(area) - sum(map(self.total, large))
        if 0 < rest < self._k:
            rest += self._absorb(area, length)
        if rest:
            self._rests.add(area)

    def _absorb(self, area: str, length: int) -> int:
        """Name the smallest named part of an area no more, nor anything in it; returns its observers."""
        parts = [part for part in self.named if len(part) == length and part.startswith(area)]
        if not parts:
            return 0
        smallest = min(parts, key=lambda part: (self.total(part), part))
        for named in (self.named, self._rests):
            named -= {prefix for prefix in named if prefix.startswith(smallest)}
        return self.total(smallest)
