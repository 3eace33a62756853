"""When the units of one count were last read, as a server knows it: of areas by itself, of others once asked about."""

from collections.abc import Mapping

from cachetools import LRUCache

from tally.keys import is_area
from tally.storage.readings import UnitTimes, times_beside

# Polling places and mesas whose times are remembered: those that somebody follows just now.
_FOLLOWED = 512


class UnitReadings:
    """Times by key. For the loop's thread."""

    def __init__(self) -> None:
        self._areas: dict[str, UnitTimes] = {}
        self._others: LRUCache[str, UnitTimes] = LRUCache(_FOLLOWED)
        self._asked: set[str] = set()

    def take_asked(self) -> set[str]:
        """Places and mesas that were asked about since this was asked for."""
        asked = self._asked
        if asked:
            self._asked = set()
        return asked

    def put(self, times: Mapping[str, UnitTimes]) -> None:
        """The store knows newer ones."""
        for key, own in times.items():
            (self._areas if is_area(key) else self._others)[key] = own

    def of(self, key: str, changed_at: str) -> UnitTimes:
        """When the answer was read that gives a unit whose value is of that moment, and when it said something new."""
        if is_area(key):
            return times_beside(self._areas.get(key), changed_at)
        if len(self._asked) < _FOLLOWED:
            self._asked.add(key)
        return times_beside(self._others.get(key), changed_at)
