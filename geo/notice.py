"""What is to be said beside a map that is not exact, as data; the sentences stand in `texts/`, section [map_notice]."""

from collections.abc import Collection

from msgspec import Struct

from geo.ubigeo import load_catalogue
from tally.keys import DOMESTIC, Level

# A notice names districts without a polygon up to so many, and counts more.
NAMED = 3


class MapNotice(Struct, frozen=True):
    """The id of a sentence, and the figures that it asks for."""

    figures: dict[str, int | str]
    id: str


# Land around district capitals, which `geo.schematic` draws.
SCHEMATIC = MapNotice({}, "schematic")


def notice_of(missing: Collection[tuple[str, str]]) -> MapNotice | None:
    """What to say about districts, (ubigeo, name) each, that a map cannot draw; None if it draws all."""
    if not missing:
        return None
    if len(missing) > NAMED:
        return MapNotice({"n": len(missing)}, "many_missing")
    return MapNotice({"districts": ", ".join(f"{name} ({ubigeo})" for ubigeo, name in missing)}, "few_missing")


def credited(notice: MapNotice | None, credit: str) -> MapNotice:
    """The same notice, if there is one, and who is to be named for the borders."""
    if notice is None:
        return MapNotice({"credit": credit}, "credited")
    return MapNotice({**notice.figures, "credit": credit}, f"{notice.id}_credited")


def find_missing(drawn: Collection[str]) -> tuple[tuple[str, str], ...]:
    """(ubigeo, name) of the districts of ONPE's newest tree that are not among these."""
    catalogue = load_catalogue()
    domestic = catalogue.prefixes(Level.DISTRICT, DOMESTIC)
    return tuple((ubigeo, catalogue.districts[ubigeo].name) for ubigeo in domestic if ubigeo not in drawn)
