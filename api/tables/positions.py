"""Where polling places are drawn: computed once a place."""

from collections.abc import Iterable
from threading import Lock

import msgspec

from geo.boundaries import Geometry
from geo.places import PlacePosition, PopulatedPlaces, SchoolPoints, locate
from tally.keys import place_key
from tally.model import PollingPlace
from tally.view import View


class Positions:
    """Positions by place key; none without a geometry."""

    def __init__(
        self, geometry: Geometry | None, populated: PopulatedPlaces | None, schools: SchoolPoints | None = None
    ) -> None:
        self._geometry, self._populated, self._schools = geometry, populated, schools
        self._known: dict[str, PlacePosition | None] = {}
        self._lock = Lock()

    def of(self, view: View, keys: Iterable[str]) -> dict[str, PlacePosition]:
        """Positions of those places; who has none (abroad, no polygon) is left out. Not on the loop."""
        keys = list(keys)
        if self._geometry is None:
            return {}
        with self._lock:
            missing = [key for key in keys if key not in self._known]
            if missing:
                described = [view.entries[key].change.data for key in missing]
                drawn = self.draw(msgspec.json.decode(data, type=PollingPlace) for data in described)
                self._known.update({key: drawn.get(key) for key in missing})
        return {key: position for key in keys if (position := self._known[key]) is not None}

    def draw(self, places: Iterable[PollingPlace]) -> dict[str, PlacePosition]:
        """Positions, likewise, of places that are described; they are not kept."""
        if self._geometry is None:
            return {}
        located = locate(places, self._geometry, self._populated, self._schools)
        return {place_key(code): position for code, position in located.items() if position is not None}
