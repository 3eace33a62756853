"""The land of a department as a mesh of points, finer where capitals lie close together.

Nothing is drawn by lot: equal tables give an equal mesh.
"""

from typing import Any

import numpy as np
import scipy  # whose parts are loaded when they are used: 38 MB that a server with a drawing at hand does without
import shapely
from msgspec import Struct

# Spacing of points as a part of the distance to the second nearest capital, or of the width of a small district, and
# its bounds (degrees).
_DENSITY, _COARSEST, _LEVELS = 0.45, 0.12, 8
_FINEST = _COARSEST / 2 ** (_LEVELS - 1)
# Degrees around the land where points beyond it stand, so that every line within it has two ends; and how wide, as a
# part of their distance, two points must touch to be neighbours.
_BEYOND, _WIDE = 5.0, 0.3
# Middles of a square's quarters, from its own, in sides.
_QUARTERS = np.array([[-0.25, -0.25], [-0.25, 0.25], [0.25, -0.25], [0.25, 0.25]])
# Sizes that nobody published are taken to be this part of the median of their department's.
_UNKNOWN = 0.6


class Seeds(Struct, frozen=True):
    """Districts of a department: codes, where their capitals lie inside it, their sizes (km², NaN: not published)."""

    codes: list[str]
    points: Any
    sizes: Any
    provinces: Any

    def shares(self) -> Any:
        """Each district's part of the department."""
        known = self.sizes[~np.isnan(self.sizes)]
        sizes = np.where(np.isnan(self.sizes), np.median(known) * _UNKNOWN if known.size else 1.0, self.sizes)
        return sizes / sizes.sum()


class Mesh(Struct, frozen=True):
    """points: (n, 2) degrees, the capitals first. sizes: each one's part of the land.

    pairs: (m, 2) of points whose land touches; sides: (m, 2, 2) the line between. edges: pairs that touch along enough
    of it for a way to lead from one to the other. rim: points at the outline.
    """

    points: Any
    edges: Any
    sizes: Any
    pairs: Any
    sides: Any
    rim: Any

    def pieces(self, owners: Any) -> Any:
        """For each point the number of the piece it is in: neighbours of one owner are in one."""
        a, b = self.edges.T
        return groups_of(self.edges[owners[a] == owners[b]], len(self.points))

    def around(self, points: Any) -> Any:
        """These points and their neighbours."""
        return np.unique(self.edges[np.isin(self.edges, points).any(axis=1)])

    def way(self, sources: Any, cost_of: Any) -> tuple[Any, Any]:
        """Cost of the cheapest way from any of these points to each, and the point before it on that way."""
        a, b = self.edges.T
        far = np.linalg.norm(self.points[a] - self.points[b], axis=1)
        graph = _graph(np.r_[a, b], np.r_[b, a], np.r_[far * cost_of[b], far * cost_of[a]], len(self.points))
        costs, before, _ = scipy.sparse.csgraph.dijkstra(
            graph, indices=sources, min_only=True, return_predecessors=True
        )
        return costs, before


def _graph(a: Any, b: Any, costs: Any, count: int) -> Any:
    return scipy.sparse.coo_array((costs, (a, b)), shape=(count, count)).tocsr()


def groups_of(edges: Any, count: int) -> Any:
    """For each point the number of the group that edges join it to."""
    a, b = edges.T
    return scipy.sparse.csgraph.connected_components(_graph(a, b, np.ones(len(edges)), count), directed=False)[1]


def make_mesh(land: Any, seeds: Seeds) -> Mesh:
    """Points over the land: the capitals, and one in each square of a grid that is split where capitals are close."""
    tree = scipy.spatial.cKDTree(seeds.points)
    widths = np.sqrt(seeds.shares() * land.area)
    west, south, east, north = land.bounds
    x, y = np.meshgrid(np.arange(west, east, _COARSEST), np.arange(south, north, _COARSEST))
    squares, found = np.column_stack((x.ravel(), y.ravel())) + _COARSEST / 2, [(seeds.points, _FINEST)]
    for level in range(_LEVELS):
        side = _COARSEST / 2**level
        west, south, east, north = (squares[:, axis] + sign * side for sign in (-1, 1) for axis in (0, 1))
        squares = squares[shapely.intersects(land, shapely.box(west, south, east, north))]
        near, which = tree.query(squares, k=[1, min(2, tree.n)])
        wanted = np.minimum(near[:, 1], near[:, 0] + widths[which[:, 0]]) * _DENSITY
        is_fine = (wanted >= side) | (level == _LEVELS - 1)
        moved = squares + _unevenness(squares) * side
        found.append((moved[is_fine & (near[:, 0] > side / 2) & shapely.contains_xy(land, moved)], side))
        squares = (squares[~is_fine][:, None] + _QUARTERS * side).reshape(-1, 2)
    points = np.concatenate([some for some, _ in found])
    pairs, sides, rim = _sides(points, land)
    far, width = (np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) for ends in (points[pairs], sides))
    width = np.where(shapely.contains_xy(land, sides.mean(axis=1)), width, 0)
    is_wide = width > _WIDE * far
    groups = groups_of(pairs[is_wide], len(points))
    is_wide |= groups[pairs[:, 0]] != groups[pairs[:, 1]]  # nobody is alone
    sizes = np.concatenate([np.full(len(some), side**2) for some, side in found])
    return Mesh(points, pairs[is_wide], sizes / sizes.sum(), pairs, sides, rim)


def _sides(points: Any, land: Any) -> tuple[Any, Any, Any]:
    """Pairs of points whose land touches, the line between the two, and which points' land ends at the coast or border:
    (m, 2), (m, 2, 2) and (n,)."""
    west, south, east, north = land.bounds
    x, y = (west - _BEYOND, (west + east) / 2, east + _BEYOND), (south - _BEYOND, (south + north) / 2, north + _BEYOND)
    frame = [(a, b) for a in x for b in y if (a, b) != (x[1], y[1])]
    cells = scipy.spatial.Voronoi(np.concatenate((points, frame)))
    ends = np.array(cells.ridge_vertices)
    inner = (ends >= 0).all(axis=1) & (cells.ridge_points < len(points)).all(axis=1)
    is_out = ~shapely.contains_xy(land, cells.vertices)
    rim = np.unique(cells.ridge_points[is_out[ends].any(axis=1) | ~inner])
    return cells.ridge_points[inner], cells.vertices[ends[inner]], rim[rim < len(points)]


def _unevenness(points: Any) -> Any:
    """Parts of a square's side by which points are moved, so that no border is straight for long.

    In whole numbers: every machine has the same.
    """
    x, y = np.rint(points * 1e5).astype(np.int64).T
    mixed = np.column_stack((x * 73_856_093 ^ y * 19_349_663, x * 83_492_791 ^ y * 50_331_653))
    return ((mixed >> 7) % 4096 / 4096 - 0.5) * 0.7
