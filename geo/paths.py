"""SVG path data in whole units, relative steps: small, and neighbours that share their points share their borders."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import shapely


def path_of(polygon: Any) -> str:
    """Path data of a polygon in whole units, relative steps; an area never vanishes, however small."""
    rings = [ring for part in shapely.get_parts(polygon) for ring in (part.exterior, *part.interiors)]
    corners = [_corners(ring) for ring in rings]
    kept = [points for points in corners if len(points) > 2 and _doubled_area(points)]
    if not kept:
        x, y = shapely.get_coordinates(shapely.point_on_surface(polygon))[0]
        return f"M{math.floor(x)} {math.floor(y)}h1v1h-1Z"
    return "".join(map(_ring, kept))


def _corners(ring: Any) -> list[tuple[int, int]]:
    """The ring on the grid, open, without points that repeat the one before."""
    points = [(int(x), int(y)) for x, y in np.rint(shapely.get_coordinates(ring))]
    return [point for index, point in enumerate(points[:-1]) if point != points[index - 1 if index else -2]]


def _doubled_area(points: list[tuple[int, int]]) -> int:
    return sum(x * v - u * y for (x, y), (u, v) in zip(points, points[1:] + points[:1], strict=True))


def _ring(points: list[tuple[int, int]]) -> str:
    steps = [(u - x, v - y) for (x, y), (u, v) in pairwise(points)]
    numbers = [str(number) for step in steps for number in step]
    body = "".join(number if number[0] == "-" or not index else f" {number}" for index, number in enumerate(numbers))
    return f"M{points[0][0]} {points[0][1]}l{body}Z"


def shifted(path: str, shift: int) -> str:
    """The path that many units to the right: only its starting points are absolute."""
    parts = path.split("M")
    moved = [f"{int(part.partition(' ')[0]) + shift} {part.partition(' ')[2]}" for part in parts[1:]]
    return "".join(f"M{part}" for part in moved)
