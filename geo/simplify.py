"""Fewer points, same borders: coverages of polygons simplified and dissolved so that all levels nest.

A coverage is a dict {ubigeo prefix: polygon}, EPSG:4326, whose neighbours share their border point by point.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely

from tally.keys import Level, prefix_of

# Degrees. Measured on the 1,891 real districts: 246, 703 and 1,219 kB of gzipped GeoJSON; for zoom < 6, 6–9 and > 9.
TOLERANCES = {"low": 0.015, "mid": 0.004, "high": 0.001}
# About one metre: far below any source, and what makes equal borders equal in print.
DECIMALS = 5
# Gaps between neighbours narrower than this (degrees, about 100 m) are slips of the file, not water.
SLIVER = 0.001

Coverage = dict[str, Any]


def rounded(polygons: Any) -> Any:
    """The same polygons on the grid of printed coordinates; shared points stay shared."""
    return shapely.transform(polygons, lambda points: np.round(points, DECIMALS))


def simplify(coverage: Mapping[str, Any], tolerance: float) -> Coverage:
    """The coverage with fewer points; borders that were shared stay shared."""
    polygons = np.array(list(coverage.values()), dtype=object)
    return dict(zip(coverage, shapely.coverage_simplify(polygons, tolerance), strict=True))


def dissolve(districts: Mapping[str, Any], level: Level) -> Coverage:
    """Unions of districts: the provinces or departments they make up, by prefix."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for ubigeo, polygon in districts.items():
        groups[prefix_of(ubigeo, level)].append(polygon)
    return {prefix: shapely.coverage_union_all(groups[prefix]) for prefix in sorted(groups)}


def repair(coverage: Mapping[str, Any], announce: Callable[[str], None] = lambda text: None) -> tuple[Coverage, bool]:
    """The polygons as a coverage on the printed grid, and whether their own borders had to be repaired for that.

    Gaps and overlaps between neighbours are closed; a polygon that nothing remains of is left out.
    `announce` is told once what is being done.
    """
    polygons = np.array(list(coverage.values()), dtype=object)
    is_clean = _is_clean(polygons)
    if is_clean:
        announce("keeping the borders: neighbours share them")
    else:
        announce(f"repairing the borders of {len(polygons):,} polygons (may take minutes)")
        sound = shapely.make_valid(polygons, method="structure", keep_collapsed=False)
        polygons = shapely.coverage_clean(sound, gap_width=SLIVER)
    grid = rounded(polygons)
    if not _is_clean(grid):
        # Rounding lets narrow corners touch: mend those, a metre at most.
        sound = shapely.make_valid(grid, method="structure", keep_collapsed=False)
        grid = shapely.coverage_clean(sound, gap_width=2 * 10**-DECIMALS)
    return {code: polygon for code, polygon in zip(coverage, grid, strict=True) if polygon.area}, not is_clean


def _is_clean(polygons: Any) -> bool:
    return bool(shapely.coverage_is_valid(polygons) and shapely.is_valid(polygons).all())
