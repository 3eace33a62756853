"""From points that are shared out to areas: the lines between owners, smoothed, and what they cut the land into."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import scipy
import shapely

from geo.mesh import Mesh
from geo.simplify import DECIMALS, rounded

GRID = 10**-DECIMALS
# How far a line may be from its corners when some are left out, for each smoothing, in lengths of its steps.
_LEFT_OUT = 0.3


def lines_between(mesh: Mesh, owners: Any, land: Any, smoothing: int) -> Any:
    """The lines over that land on whose sides there are different owners, from one meeting place to the next.

    smoothing: how often their corners are moved to the middle of their neighbours. Without it, points that are
    neighbours in the mesh stay so; with it, a narrow neck may close.
    """
    steps = shapely.linestrings(mesh.sides[owners[mesh.pairs[:, 0]] != owners[mesh.pairs[:, 1]]])
    steps = steps[shapely.intersects(land, steps)]
    crossing = ~shapely.contains_properly(land, steps)
    steps[crossing] = shapely.intersection(steps[crossing], land)
    chains = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(_lines(steps))))
    return np.array([_smooth(chain, smoothing) for chain in chains], dtype=object)


def _lines(steps: Any) -> Any:
    """Their lines, without the points where one only touches the land."""
    parts = shapely.get_parts(steps)
    return parts[(shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)]


def _smooth(chain: Any, smoothing: int) -> Any:
    """The line with rounder corners, and fewer of them; its ends stay."""
    if not smoothing:
        return chain
    points = shapely.get_coordinates(chain)
    for _ in range(smoothing):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    line = shapely.LineString(points)
    return shapely.simplify(line, smoothing * _LEFT_OUT * line.length / max(1, len(points) - 1))


class Faces:
    """What lines cut the land into, on the printed grid, and which of them touch."""

    def __init__(self, lines: list[Any]) -> None:
        network = shapely.union_all(np.array(lines, dtype=object), grid_size=GRID)
        self.polygons = rounded(np.array(shapely.polygonize([network]).geoms, dtype=object))
        self.middles = shapely.get_coordinates(shapely.point_on_surface(self.polygons))

    def touching(self) -> dict[int, dict[int, float]]:
        """Face → faces that share a border with it → how long that is, in degrees."""
        known: dict[tuple[tuple[float, float], tuple[float, float]], int] = {}
        found: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for number, polygon in enumerate(self.polygons):
            for ring in (polygon.exterior, *polygon.interiors):
                for a, b in pairwise(map(tuple, shapely.get_coordinates(ring).tolist())):
                    step = (min(a, b), max(a, b))
                    other = known.setdefault(step, number)
                    if other != number:
                        far = ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5
                        found[number][other] += far
                        found[other][number] += far
        return found


def nearest(points: Any, owners: Any, at: Any) -> Any:
    """Whose the point is that lies nearest to each place."""
    return owners[scipy.spatial.cKDTree(points).query(at)[1]]
