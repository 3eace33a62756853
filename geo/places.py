"""Positions of polling places. ONPE publishes no coordinates: exact is a place only where a register of schools has it.

A position depends on the place's code alone (and on the boundaries in use), so a place never moves because others come.
"""

import csv
import gzip
import hashlib
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import shapely
from msgspec import Struct

from geo.boundaries import Geometry
from geo.schematic import load_capitals
from geo.simplify import DECIMALS
from geo.ubigeo import load_crosswalk
from tally.election import slug
from tally.errors import InvalidInput
from tally.keys import area_key

# Degrees: a town of two kilometres around a capital, a village of half a kilometre.
TOWN = 0.02
VILLAGE = 0.005
# Of the way from a district's label point to its border.
MIDDLE = 0.8
ATTEMPTS = 16

Point = tuple[float, float]
PopulatedPlaces = Mapping[tuple[str, str], Point]
# By (code, ubigeo, slug of the name), so that what was found for another election's places is used for none of these.
SchoolPoints = Mapping[tuple[str, str, str], Point]


class DescribedPlace(Protocol):
    """What a position is drawn from: the polling places of `tally.model` have it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def ubigeo(self) -> str: ...
    @property
    def populated_place(self) -> str | None: ...


class PlacePosition(Struct, frozen=True):
    """Degrees. `precision` exact: its school's own point; populated_place: near the village it is named for; district:
    somewhere in its district."""

    lon: float
    lat: float
    precision: Literal["exact", "populated_place", "district"]


def locate(
    places: Iterable[DescribedPlace],
    geometry: Geometry,
    populated: PopulatedPlaces | None = None,
    schools: SchoolPoints | None = None,
) -> dict[str, PlacePosition | None]:
    """Position by place code, always inside the polygon of the place's district; None abroad or without a polygon.

    `schools` (see `geo.schools.positions`) says exactly where some are; a point outside the drawn district is not used.
    `populated` (see `read_populated_places`) puts remote places near the village they are named for, if it lies in the
    district's polygon. Others lie around the district's capital where that is known, else around its label point; in
    a schematic district, whose shape says nothing of where people live, over the middle of it.
    """
    places = list(places)
    polygons = geometry.polygons("district", {area_key(place.ubigeo) for place in places})
    capitals = {area_key(code): (one.lon, one.lat) for code, one in load_capitals().items() if one.is_known}
    for polygon in polygons.values():
        shapely.prepare(polygon)
    found: dict[str, PlacePosition | None] = {}
    for place in places:
        key = area_key(place.ubigeo)
        polygon = polygons.get(key)
        if polygon is None:
            found[place.code] = None
            continue
        school = (schools or {}).get(place_id(place))
        if school is not None and _holds(polygon, school):
            found[place.code] = PlacePosition(*school, "exact")
            continue
        village = (populated or {}).get((place.ubigeo, slug(place.populated_place or "")))
        if village is not None and _holds(polygon, village):
            found[place.code] = PlacePosition(*_scatter(place.code, village, VILLAGE, polygon), "populated_place")
            continue
        centre, radius = geometry.points[key], TOWN
        if geometry.schematic["district"]:
            radius = MIDDLE * float(shapely.distance(polygon.boundary, shapely.Point(centre)))
        elif key in capitals and _holds(polygon, capitals[key]):
            centre = capitals[key]
        found[place.code] = PlacePosition(*_scatter(place.code, centre, radius, polygon), "district")
    return found


def place_id(place: DescribedPlace) -> tuple[str, str, str]:
    """What `SchoolPoints` are keyed by."""
    return place.code, place.ubigeo, slug(place.name)


def read_populated_places(path: Path) -> dict[tuple[str, str], Point]:
    """Populated places by (ONPE ubigeo, slug of the name); a name that a district has twice is left out.

    The file is CSV, plain or gzipped, with the columns inei_distrito, ccpp, latitude, longitude.
    Source: INEI, directory of populated places.
    Raises: InvalidInput: the file cannot be read as that table.
    """
    crosswalk = load_crosswalk()
    found: dict[tuple[str, str], Point] = {}
    twice: set[tuple[str, str]] = set()
    try:
        for row in read_rows(path):
            key = (crosswalk.onpe(row["inei_distrito"]) or "", slug(row["ccpp"]))
            if key in found:
                twice.add(key)
            found[key] = (float(row["longitude"]), float(row["latitude"]))
    except (OSError, EOFError, zlib.error, csv.Error, ValueError, KeyError) as error:
        raise InvalidInput(f"{path} is not a table of populated places: {error!r}") from error
    return {key: point for key, point in found.items() if key[0] and key not in twice}


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file, plain or gzipped."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    yield from csv.DictReader(text.splitlines())


def _holds(polygon: Any, point: Point) -> bool:
    return bool(shapely.contains_xy(polygon, *point))


def _scatter(code: str, centre: Point, radius: float, polygon: Any) -> Point:
    """A point at most `radius` from the centre and inside the polygon, drawn from the code; at last the centre."""
    for attempt in range(ATTEMPTS):
        digest = hashlib.blake2b(f"{code} {attempt}".encode(), digest_size=16).digest()
        turn = int.from_bytes(digest[:8], "big") / 2**64 * 2 * math.pi
        reach = radius * math.sqrt(int.from_bytes(digest[8:], "big") / 2**64)
        lon = round(centre[0] + reach * math.cos(turn), DECIMALS)
        lat = round(centre[1] + reach * math.sin(turn), DECIMALS)
        if _holds(polygon, (lon, lat)):
            return lon, lat
        radius *= 0.8
    return centre
