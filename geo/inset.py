"""A part of a picture drawn larger where the picture is empty: what is too small to be seen, and its neighbours."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from msgspec import Struct
from msgspec.structs import replace

from geo.paths import path_of, shifted
from geo.simplify import simplify

# Units. An area that is smaller is drawn larger, in a square of that side, and clear of everything by so much.
_SMALL, _SIDE, _CLEAR = 24, 96, 8
# How much around it is drawn with it, in its own sizes, and how far its border may move.
_AROUND, _TOLERANCE = 1.7, 0.7
_STEP = 6
# Districts of a large city: so many, the nearest to the smallest department; the sides their square may have, and how
# much wider it shows them than their middles lie apart.
_CITY, _SIDES, _EDGE = 45, (144, 132, 120, 108, _SIDE), 2


class Inset(Struct, frozen=True):
    """key: the area it is for. frame: x, y and side of its square. paths: by area key.

    window: the same of the part of the picture that it shows.
    """

    key: str
    frame: tuple[int, int, int]
    window: tuple[int, int, int]
    paths: dict[str, str]

    def moved(self, right: int, grid: int) -> "Inset":
        """The same that many units to the right, of which each is `grid` of its paths'."""
        (x, y, side), (west, north, wide) = self.frame, self.window
        paths = {key: shifted(path, right * grid) for key, path in self.paths.items()}
        return Inset(self.key, (x + right, y, side), (west + right, north, wide), paths)

    def enlarged(self, grid: int) -> "Inset":
        """The same with its squares in the units of its paths."""
        (x, y, side), (west, north, wide) = self.frame, self.window
        return replace(self, frame=(x * grid, y * grid, side * grid), window=(west * grid, north * grid, wide * grid))


class Space(Struct, frozen=True):
    """A picture's departments, in its units, and what of it an inset may take: its upper left part of that size."""

    departments: Mapping[str, Any]
    size: tuple[int, int]
    margin: int

    def smallest(self) -> tuple[str, float]:
        """The department that is seen worst, and its longer side."""
        bounds = {key: shapely.bounds(polygon) for key, polygon in self.departments.items()}
        sides = {key: float(max(right - left, low - high)) for key, (left, high, right, low) in bounds.items()}
        return min(sides.items(), key=lambda item: item[1])

    def room(self, side: int) -> tuple[int, int] | None:
        """Where a square stands clear of all areas: as far to the right as there is room, there as far up."""
        land, (width, height), reach = shapely.unary_union(list(self.departments.values())), self.size, side + _CLEAR
        shapely.prepare(land)
        columns = np.arange(width - self.margin - side, self.margin, -_STEP)
        x, y = (
            axis.ravel() for axis in np.meshgrid(columns, np.arange(self.margin, height - self.margin - side, _STEP))
        )
        free = ~shapely.intersects(land, shapely.box(x - _CLEAR, y - _CLEAR, x + reach, y + reach))
        return min(zip(x[free].tolist(), y[free].tolist(), strict=True), key=lambda at: (-at[0], at[1]), default=None)


def inset_of(space: Space) -> Inset | None:
    """The smallest department and what lies around it."""
    smallest, side = space.smallest()
    corner = space.room(_SIDE)
    if side >= _SMALL or corner is None or len(space.departments) == 1:
        return None
    left, high, right, low = shapely.bounds(space.departments[smallest])
    wide = side * _AROUND
    window = ((left + right - wide) / 2, (high + low - wide) / 2, wide)
    return _larger(smallest, space.departments, window, (*corner, _SIDE), 1)


def city_of(space: Space, areas: Mapping[str, Any], districts: Mapping[str, Any], grid: int) -> Inset | None:
    """The city that the smallest department is a part of, by finer areas, as large as there is room for."""
    smallest, side = space.smallest()
    frame = next(((*corner, side) for side in _SIDES if (corner := space.room(side)) is not None), None)
    if side >= _SMALL or frame is None or len(space.departments) == 1:
        return None
    middles = shapely.centroid(np.array(list(districts.values()), dtype=object))
    nearest = np.argsort(shapely.distance(middles, shapely.centroid(space.departments[smallest])))[:_CITY]
    left, high, right, low = shapely.total_bounds(middles[nearest])
    wide = max(right - left, low - high) + _EDGE
    window = ((left + right - wide) / 2, (high + low - wide) / 2, wide)
    return _larger(smallest, areas, window, frame, grid)


def _larger(
    key: str,
    polygons: Mapping[str, Any],
    window: tuple[float, float, float],
    frame: tuple[int, int, int],
    grid: int,
) -> Inset:
    """What lies in that part of the picture, drawn in that square; its paths in parts of a unit."""
    west, north, wide = window
    x, y, side = frame
    seen = shapely.box(west, north, west + wide, north + wide)
    parts = {key: shapely.intersection(polygon, seen) for key, polygon in polygons.items()}
    scale = side / wide
    larger = {
        key: shapely.transform(part, lambda points: ((points - (west, north)) * scale + (x, y)) * grid)
        for key, part in parts.items()
        if part.area > 0
    }
    paths = {key: path_of(polygon) for key, polygon in simplify(larger, _TOLERANCE * grid).items()}
    return Inset(key, frame, (round(west), round(north), round(wide)), paths)
