"""Where polling places are drawn: computed once a place."""

from collections.abc import Iterable
from threading import Lock

import msgspec

from geo.boundaries import Geometry
from geo.places import PlacePosition, PopulatedPlaces, locate
from tally.model import PollingPlace
from tally.view import View


class Positions:
    """Approximate positions by place key; none without a geometry."""

    def __init__(self, geometry: Geometry | None, populated: PopulatedPlaces | None) -> None:
        self._geometry, self._populated = geometry, populated
        self._known: dict[str, PlacePosition | None] = {}
        self._lock = Lock()

    def of(self, view: View, keys: Iterable[str]) -> dict[str, PlacePosition]:
        """Positions of those places; who has none (abroad, no polygon) is left out. Not on the loop."""
        keys, geometry = list(keys), self._geometry
        if geometry is None:
            return {}
        with self._lock:
            missing = [key for key in keys if key not in self._known]
            if missing:
                described = [view.entries[key].change.data for key in missing]
                found = _locate(described, geometry, self._populated)
                self._known.update(zip(missing, found, strict=True))
        return {key: position for key in keys if (position := self._known[key]) is not None}


def _locate(
    described: list[bytes], geometry: Geometry, populated: PopulatedPlaces | None
) -> list[PlacePosition | None]:
    places = [msgspec.json.decode(data, type=PollingPlace) for data in described]
    found = locate(places, geometry, populated)
    return [found[place.code] for place in places]
