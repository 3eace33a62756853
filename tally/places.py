"""Polling places by their codes. A code that turns up in a second ubigeo means another building of the same code.

Some sources number the places of each district from 1. The district that is heard of first keeps the plain code; in any
other the code is led by the ubigeo, so that no mesa is ever shown under a stranger's place, and both districts' people
are told.
"""

from collections.abc import Mapping

import msgspec

from tally.keys import UBIGEO_LENGTH, area_key, place_key
from tally.model import Acta, PollingPlace
from tally.rules.issues import Issue, Rule, broken

# As much of a code as can follow an ubigeo in a key.
_MOST = 32 - UBIGEO_LENGTH - 1


class Places(dict[str, PollingPlace]):
    """Polling places by key. `doubled`: by key of a district, an issue for each of its codes that another had first."""

    def __init__(self) -> None:
        super().__init__()
        self.doubled: dict[str, tuple[Issue, ...]] = {}

    def own(self, place: PollingPlace) -> PollingPlace:
        """The place under the code it has here."""
        code = self._own_code(place.code, place.ubigeo)
        return place if code == place.code else msgspec.structs.replace(place, code=code)

    def at_own(self, acta: Acta) -> Acta:
        """The acta at its own district's place."""
        code = acta.place and self._own_code(acta.place, acta.ubigeo)
        return acta if code == acta.place else msgspec.structs.replace(acta, place=code)

    def keep(self, place: PollingPlace) -> None:
        """Know a place, under its own code."""
        self[place_key(place.code)] = place
        self._note(place)

    def recall(self, places: Mapping[str, PollingPlace]) -> None:
        """Know places that were kept before."""
        self.update(places)
        for place in places.values():
            self._note(place)

    def _own_code(self, code: str, ubigeo: str) -> str:
        known = self.get(place_key(code))
        return code if known is None or known.ubigeo == ubigeo else f"{ubigeo}-{code[-_MOST:]}"

    def _note(self, place: PollingPlace) -> None:
        """Tell the district, if the place's code was led by its ubigeo because another district had it first."""
        first = self.get(stated_key(place_key(place.code)))
        if first is None or first.ubigeo == place.ubigeo or not place.code.startswith(f"{place.ubigeo}-"):
            return
        issue, district = broken(Rule.PLACE_CODE, code=first.code, ubigeo=first.ubigeo), area_key(place.ubigeo)
        told = self.doubled.get(district, ())
        if issue not in told:  # in one order, however it was heard of
            self.doubled[district] = tuple(sorted((*told, issue), key=str))


def stated_key(key: str) -> str:
    """Key under which the source may have stated a place: "place/140102-0001" → "place/0001"."""
    return place_key(key.partition("-")[2])
