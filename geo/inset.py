"""A part of a picture drawn larger where the picture is empty: what is too small to be seen, and its neighbours."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from msgspec import Struct

from geo.paths import path_of, shifted
from geo.simplify import simplify

# Units. An area that is smaller is drawn larger, in a square of that side, and clear of everything by so much.
_SMALL, _SIDE, _CLEAR = 24, 96, 8
# How much around it is drawn with it, in its own sizes, and how far its border may move.
_AROUND, _TOLERANCE = 1.7, 0.7
_STEP = 6


class Inset(Struct, frozen=True):
    """key: the area it is for. frame: x, y and side of its square. paths: by area key.

    window: the same of the part of the picture that it shows.
    """

    key: str
    frame: tuple[int, int, int]
    window: tuple[int, int, int]
    paths: dict[str, str]

    def moved(self, right: int) -> "Inset":
        """The same that many units to the right."""
        (x, y, side), (west, north, wide) = self.frame, self.window
        paths = {key: shifted(path, right) for key, path in self.paths.items()}
        return Inset(self.key, (x + right, y, side), (west + right, north, wide), paths)


def inset_of(polygons: Mapping[str, Any], size: tuple[int, int], margin: int) -> Inset | None:
    """The smallest area of a picture and what lies around it, by polygons in the picture's units."""
    bounds = {key: shapely.bounds(polygon) for key, polygon in polygons.items()}
    sides = {key: max(right - left, low - high) for key, (left, high, right, low) in bounds.items()}
    smallest = min(sides, key=lambda key: sides[key])
    corner = _room(list(polygons.values()), size, margin)
    if sides[smallest] >= _SMALL or corner is None or len(polygons) == 1:
        return None
    left, high, right, low = bounds[smallest]
    wide = sides[smallest] * _AROUND
    west, north = (left + right - wide) / 2, (high + low - wide) / 2
    seen = shapely.box(west, north, west + wide, north + wide)
    parts = {key: shapely.intersection(polygon, seen) for key, polygon in polygons.items()}
    scale = _SIDE / wide
    larger = {
        key: shapely.transform(part, lambda points: (points - (west, north)) * scale + corner)
        for key, part in parts.items()
        if part.area > 0
    }
    paths = {key: path_of(polygon) for key, polygon in simplify(larger, _TOLERANCE).items()}
    return Inset(smallest, (*corner, _SIDE), (round(west), round(north), round(wide)), paths)


def _room(polygons: list[Any], size: tuple[int, int], margin: int) -> tuple[int, int] | None:
    """Where a square stands clear of all areas: as far to the right as there is room, there as far up."""
    land, (width, height) = shapely.unary_union(np.array(polygons, dtype=object)), size
    shapely.prepare(land)
    for x in range(width - margin - _SIDE, margin, -_STEP):
        for y in range(margin, height - margin - _SIDE, _STEP):
            around = shapely.box(x - _CLEAR, y - _CLEAR, x + _SIDE + _CLEAR, y + _SIDE + _CLEAR)
            if not shapely.intersects(land, around):
                return x, y
    return None
