"""Where the mesas of a sample are: as the count says once it has named them, till then as the mission's list does."""

from collections.abc import Mapping

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from api.live.count import LiveCount
from api.mission.case import Name
from mission.quickcount.frame import Unit
from mission.quickcount.sampling import Sample
from tally.keys import Level, areas_of, code_of, is_key, mesa_key, place_key, ubigeo_of
from tally.model import ActaState, PlaceState


class _Seen(Struct):
    """What is asked of an acta; the rest is skipped unread."""

    state: ActaState
    registered: int | None = None


class MesaPositions(Struct, frozen=True):
    """Those of one version of a count; `name` gives the name of an area or polling place. On the loop."""

    live: LiveCount
    name: Name

    def district(self, unit: Unit) -> str | None:
        """The ubigeo of its district."""
        above = self._above(unit.id)
        return code_of(above[0]) if above else None if unit.ubigeo is UNSET else unit.ubigeo

    def place(self, unit: Unit) -> str | None:
        """The code of its polling place."""
        places = [key for key in self._above(unit.id) if is_key(key, Level.POLLING_PLACE)]
        return code_of(places[0]) if places else unit.cluster

    def place_name(self, unit: Unit) -> str | None:
        """The name of its polling place, if that is known."""
        place = self.place(unit)
        return None if place is None else self.name(place_key(place))

    def area_name(self, unit: Unit) -> str | None:
        """The name of its district, or of the area above it that has one."""
        district = self.district(unit)
        return None if district is None else self.name(areas_of(district)[-1])

    def region_name(self, unit: Unit) -> str | None:
        """The name of its department, or of all that is abroad."""
        return self.name(unit.stratum)

    def station(self, unit: Unit) -> str | None:
        """Where whoever is to copy it can be assigned: its place, or the smallest area around it, that is known."""
        district, place = self.district(unit), self.place(unit)
        around = [] if district is None else [key for key in reversed(areas_of(district)) if ubigeo_of(key)]
        keys = [*([] if place is None else [place_key(place)]), *around]
        return next((key for key in keys if key in self.live.view.entries), None)

    def acta(self, unit: Unit) -> ActaState | None:
        """How its acta stands; None: the count has not named the mesa."""
        entry = self.live.view.entries.get(mesa_key(unit.id))
        return None if entry is None else msgspec.json.decode(entry.change.data, type=_Seen).state

    def _above(self, mesa: str) -> tuple[str, ...]:
        key = mesa_key(mesa)
        return self.live.view.topics(key)[:-1] if key in self.live.view.entries else ()


class KnownMesas(Struct, frozen=True):
    """What the count says of a sample's mesas that its frame did not: taken on the loop, read in a thread."""

    actas: Mapping[str, bytes]
    places: Mapping[str, bytes]


def take_known(live: LiveCount, sample: Sample) -> KnownMesas:
    """The values of the mesas of which something is not known, and of their places."""
    where, entries = MesaPositions(live, live.names.names.get), live.view.entries
    units = [unit for unit in sample.mesas if None in (unit.registered, unit.is_remote)]
    keys = {unit.id: (mesa_key(unit.id), place_key(where.place(unit) or "")) for unit in units}
    actas = {mesa: entries[key].change.data for mesa, (key, _) in keys.items() if key in entries}
    places = {mesa: entries[key].change.data for mesa, (_, key) in keys.items() if key in entries}
    return KnownMesas(actas, places)


def complete(sample: Sample, known: KnownMesas) -> Sample:
    """The sample with what the count says where its frame said nothing: electors, and whether a place is remote."""
    return replace(sample, mesas=tuple(_complete(unit, known) for unit in sample.mesas))


def _complete(unit: Unit, known: KnownMesas) -> Unit:
    registered, is_remote = unit.registered, unit.is_remote
    if registered is None and unit.id in known.actas:
        registered = msgspec.json.decode(known.actas[unit.id], type=_Seen).registered
    if is_remote is None and unit.id in known.places:
        is_remote = msgspec.json.decode(known.places[unit.id], type=PlaceState).populated_place is not None
    return replace(unit, registered=registered, is_remote=is_remote)
