"""The polling places of the list of mesas that a mission gave: found on a phone before the count names them."""

import msgspec
from msgspec import Struct

from api.http.answers import Representation, mark_of, pack
from api.tables.positions import Positions
from geo.places import PlacePosition
from geo.ubigeo import load_catalogue
from mission.quickcount.frames.given import GivenFrame
from tally.keys import area_key, code_of, place_key
from tally.model import PollingPlace
from tally.view import View


class ListedPlace(Struct, frozen=True):
    """One place: its district's key. `name` is empty, and there is no `position`, where nobody here knows them."""

    key: str
    name: str
    district: str
    position: PlacePosition | None


class ListedPlaces(Struct, frozen=True):
    """By key, and the names of their districts by key."""

    places: list[ListedPlace]
    districts: dict[str, str]


NONE = ListedPlaces([], {})


def tell_listed(frame: GivenFrame, other: View | None, positions: Positions) -> Representation:
    """Those of that list, packed; `other`: the count that it was taken of, which describes them. Not on the loop."""
    listing = frame.read()
    ubigeos = {one.place: one.ubigeo for one in listing.mesas if one.place is not None}
    places = [_describe(code, listing.names.get(code, ""), ubigeo, other) for code, ubigeo in sorted(ubigeos.items())]
    where = positions.draw(places)
    told = [
        ListedPlace(place_key(one.code), one.name, area_key(one.ubigeo), where.get(place_key(one.code)))
        for one in places
    ]
    # The tree's names: the count's own come one by one, and each would make another answer of it.
    tree = load_catalogue()
    named = {one.district: tree.name(code_of(one.district)) for one in told}
    districts = {key: name for key, name in named.items() if name is not None}
    body = msgspec.json.encode(ListedPlaces(told, districts))
    return pack(body, mark_of("listed", body))


def _describe(code: str, name: str, ubigeo: str, other: View | None) -> PollingPlace:
    """As the other count has it, if that has it in that district; else as the list calls it."""
    entry = None if other is None else other.entries.get(place_key(code))
    found = None if entry is None else msgspec.json.decode(entry.change.data, type=PollingPlace)
    return found if found is not None and found.ubigeo == ubigeo else PollingPlace(code=code, name=name, ubigeo=ubigeo)
