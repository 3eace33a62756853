"""Whether a school's point lies in the district it is listed in: by real borders, else by how far the capital is."""

import math
from typing import Any, Literal

import numpy as np
import shapely

from geo.boundaries import Geometry
from geo.places import Point
from geo.schematic import Capital, load_capitals
from geo.schools.rules import Distances
from tally.keys import area_key

_KM_PER_DEGREE = 111.32

Side = Literal["inside", "near", "outside"]


def distance_km(one: Point, other: Point) -> float:
    """Kilometres between two points, good for a country near the equator."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return _KM_PER_DEGREE * math.hypot(east, one[1] - other[1])


class Fence:
    """The districts of a geometry."""

    def __init__(self, geometry: Geometry, distances: Distances) -> None:
        self._distances, self._capitals = distances, load_capitals()
        self._polygons = {} if geometry.schematic["district"] else geometry.polygons("district")
        self._flat: dict[str, tuple[float, Any]] = {}
        self._known = [code for code, capital in self._capitals.items() if capital.is_known]
        self._tree = shapely.STRtree(
            [shapely.Point(self._capitals[code].lon, self._capitals[code].lat) for code in self._known]
        )

    def side(self, ubigeo: str, point: Point) -> Side:
        """Where the point lies; "near": nobody can be sure, since a border is close or another capital much closer."""
        polygon = self._polygons.get(area_key(ubigeo))
        if polygon is None:
            return self._by_capital(ubigeo, point)
        if shapely.contains_xy(polygon, *point):
            return "inside"
        return "near" if self._outside_km(ubigeo, polygon, point) <= self._distances.outside_km else "outside"

    def _by_capital(self, ubigeo: str, point: Point) -> Side:
        capital = self._capitals.get(ubigeo)
        if capital is None:
            return "outside"
        away = distance_km(point, (capital.lon, capital.lat))
        if away > self._reach(capital):
            return "outside"
        nearest = self._capitals[self._known[int(self._tree.nearest(shapely.Point(point)))]]
        is_closer = distance_km(point, (nearest.lon, nearest.lat)) < self._distances.nearer * away
        return "near" if is_closer else "inside"

    def _reach(self, capital: Capital) -> float:
        if not capital.is_known:
            return self._distances.placed_km
        if capital.km2 is None:
            return self._distances.unknown_km
        return max(self._distances.least_km, self._distances.radii * math.sqrt(capital.km2 / math.pi))

    def _outside_km(self, ubigeo: str, polygon: Any, point: Point) -> float:
        if ubigeo not in self._flat:
            narrow = math.cos(math.radians(polygon.centroid.y))
            scale = np.array([narrow, 1.0]) * _KM_PER_DEGREE
            self._flat[ubigeo] = narrow, shapely.transform(polygon, lambda corners: corners * scale)
        narrow, flat = self._flat[ubigeo]
        return float(flat.distance(shapely.Point(point[0] * narrow * _KM_PER_DEGREE, point[1] * _KM_PER_DEGREE)))
