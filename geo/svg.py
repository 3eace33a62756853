"""Outlines for pictures: the areas below a key as small SVG paths in whole units, neighbours sharing borders.

Points stay shared because they are simplified as one coverage and rounded to one grid. The projection is the live map's
(Web Mercator), so that one may take the other's place.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
import numpy as np
import shapely
from msgspec import Struct

from geo.boundaries import Geometry
from geo.inset import Inset, Space, city_of, inset_of
from geo.layers import MapLayer, content_hash, make_layer
from geo.notice import MapNotice
from geo.paths import path_of, shifted
from geo.simplify import Coverage, simplify
from geo.ubigeo import load_catalogue
from tally.errors import NotFound
from tally.keys import (
    ABROAD,
    CHILD_LEVEL,
    NATION,
    UBIGEO_LEVELS,
    Level,
    area_key,
    is_key,
    is_within,
    level_of,
    start_of,
)

# The longer side of a picture, in its own units, and the margin around the areas.
SIDE, MARGIN = 640, 6
# Paths of one picture: what the nation may cost within a page, and what the many districts of a department may.
BUDGET = {Level.DEPARTMENT: 9_000, Level.PROVINCE: 14_000, Level.DISTRICT: 36_000}
# A country's provinces or districts are a file of their own, in parts of a unit: 0.7 km, less than a phone shows.
GRID, _GRID_BUDGET = 4, 200_000
# Part of the version of the addresses: raise it when a drawing changes that whoever kept an older one could not use.
DRAWING = 1
# Units a border may move by at first; wider steps until the budget holds.
_TOLERANCE, _STEP = 0.7, 1.25
# Continents in a column at the foot of the left side, where the sea is.
_BOX, _GAP, _HEADING, _EDGE, _CLEAR = (118, 30), 7, 26, 2, 8
_WORLD = 360 / (2 * math.pi)
_COUNTRY = (Level.NATION, Level.SCOPE)


class Outline(Struct, frozen=True):
    """One picture. paths: area key → SVG path data. points: where a name or number of the area fits, also of boxes.

    abroad: continent key → [x, y, width, height] of its box, None where nothing abroad belongs to the picture.
    inset: what is too small to be seen, larger, where the picture is empty; None where nothing is, or no room.
    schematic, notice: as on the map. grid: how many units are one of the picture within the page, whose frame this
    fills; where they are more than one, nothing has a point.
    """

    width: int
    height: int
    paths: dict[str, str]
    points: dict[str, tuple[int, int]]
    abroad: dict[str, tuple[int, int, int, int]] | None
    schematic: bool
    notice: MapNotice | None
    inset: Inset | None = None
    grid: int = 1


class Outlines:
    """Outlines of one geometry, drawn when they are asked for."""

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self.layer = cache(self._layer)
        self.outline = cache(self._outline)
        self.plain = cache(self._plain)
        drawn_from = geometry.layers[Level.DISTRICT]["high"].hash
        # Names all of them: under it an address never changes its content.
        self.version = content_hash(f"{drawn_from} {DRAWING}".encode())

    def _layer(self, key: str, level: str | None = None) -> MapLayer:
        """The outline of that key as one immutable JSON file."""
        return make_layer("outlines", msgspec.json.encode(self.outline(key, level)))

    def _plain(self, key: str, level: str | None = None) -> dict[str, Any]:
        """The outline of that key as its JSON says it, for those who draw here. Not to be changed."""
        found: dict[str, Any] = msgspec.to_builtins(self.outline(key, level))
        return found

    def _outline(self, key: str, level: str | None = None) -> Outline:
        """Areas of a level (by default the next one) below a key: nation, scope/…, department/14, province/1401.

        Raises: NotFound: there are no polygons of that level below that key.
        """
        if key == ABROAD:
            return _only_boxes(_continents())
        below = _level_below(key, level)
        chosen = self._areas(key, below)
        if not chosen:
            raise NotFound(f"there are no outlines below {key[:40]!r}")
        frame = _Frame(chosen.values())
        areas = dict(zip(chosen, frame.moved(chosen.values()), strict=True))
        grid = GRID if level_of(key) in _COUNTRY and below is not Level.DEPARTMENT else 1
        paths = _drawn(areas, BUDGET[below] if grid == 1 else _GRID_BUDGET, grid)
        points = {area: frame.place(*self._geometry.points[area]) for area in chosen if grid == 1}
        plain = Outline(frame.width, frame.height, paths, points, None, *self._honesty(below), None, grid)
        if level_of(key) in _COUNTRY:
            plain = msgspec.structs.replace(plain, inset=self._inset(key, frame, areas, grid))
        return _in_grid(_with_boxes(plain, _continents(), list(areas.values())) if key == NATION else plain)

    def _inset(self, key: str, frame: "_Frame", areas: Coverage, grid: int) -> Inset | None:
        """What of a country is drawn larger: a department, or of finer areas a city, clear of the boxes abroad."""

        def moved(level: Level) -> Coverage:
            found = self._areas(key, level)
            return dict(zip(found, frame.moved(found.values()), strict=True))

        if grid == 1:
            return inset_of(Space(areas, (frame.width, frame.height), MARGIN))
        height = frame.height - (_tall(_continents()) if key == NATION else 0)
        space = Space(moved(Level.DEPARTMENT), (frame.width, height), MARGIN)
        return city_of(space, areas, moved(Level.DISTRICT), grid)

    def _areas(self, key: str, level: Level) -> Coverage:
        """The areas of a level within a key; those alone are decoded, and kept by nobody: an outline is drawn once."""
        start = start_of(level)
        return self._geometry.polygons(
            level, {area for area in self._geometry.points if area.startswith(start) and is_within(area, key)}
        )

    def _honesty(self, level: Level) -> tuple[bool, MapNotice | None]:
        return self._geometry.schematic[level], self._geometry.notice_at(level)


def _level_below(key: str, level: str | None) -> Level:
    own = CHILD_LEVEL.get(level_of(key)) if is_key(key) else None
    allowed = UBIGEO_LEVELS[UBIGEO_LEVELS.index(own) :] if own in UBIGEO_LEVELS else ()
    if not allowed or (level is not None and level not in allowed):
        raise NotFound(f"there are no outlines of level {level or 'any'} below {key[:40]!r}")
    return allowed[0] if level is None else Level(level)


class _Frame:
    """From degrees to the picture's units."""

    def __init__(self, polygons: Iterable[Any]) -> None:
        bounds = shapely.total_bounds(_mercator(np.array(list(polygons), dtype=object)))
        self._west, self._north = float(bounds[0]), float(bounds[3])
        wide, high = float(bounds[2] - bounds[0]), float(bounds[3] - bounds[1])
        self._scale = (SIDE - 2 * MARGIN) / max(wide, high)
        self.width, self.height = (round(side * self._scale) + 2 * MARGIN for side in (wide, high))

    def moved(self, polygons: Iterable[Any]) -> Any:
        """Those polygons in the picture's units."""
        flat = _mercator(np.array(list(polygons), dtype=object))
        return shapely.transform(flat, lambda points: self._fit(points))

    def place(self, longitude: float, latitude: float) -> tuple[int, int]:
        """One point, rounded."""
        x, y = shapely.get_coordinates(self.moved([shapely.Point(longitude, latitude)])[0])[0]
        return round(x), round(y)

    def _fit(self, points: Any) -> Any:
        moved = (points - (self._west, self._north)) * (self._scale, -self._scale)
        return moved + MARGIN


def _mercator(polygons: Any) -> Any:
    def project(points: Any) -> Any:
        latitude = np.radians(points[:, 1])
        return np.column_stack((points[:, 0], _WORLD * np.log(np.tan(np.pi / 4 + latitude / 2))))

    return shapely.transform(polygons, project)


def _drawn(areas: Coverage, budget: int, grid: int) -> dict[str, str]:
    """Path data by key, as fine as the budget allows."""
    scaled = {key: shapely.transform(area, lambda points: points * grid) for key, area in areas.items()}
    tolerance = _TOLERANCE * grid
    while True:
        paths = {key: path_of(polygon) for key, polygon in simplify(scaled, tolerance).items()}
        if sum(map(len, paths.values())) <= budget or tolerance > SIDE * grid / 20:
            return paths
        tolerance *= _STEP


def _in_grid(outline: Outline) -> Outline:
    """The same with its frame in the units of its paths, as those of the inset are."""
    grid = outline.grid
    boxes = outline.abroad and {
        key: (x * grid, y * grid, w * grid, h * grid) for key, (x, y, w, h) in outline.abroad.items()
    }
    inset = outline.inset and outline.inset.enlarged(grid)
    size = {"width": outline.width * grid, "height": outline.height * grid}
    return msgspec.structs.replace(outline, **size, abroad=boxes, inset=inset)


def _continents() -> list[str]:
    return [area_key(prefix) for prefix in load_catalogue().prefixes(Level.DEPARTMENT, ABROAD)]


def _with_boxes(outline: Outline, continents: list[str], polygons: Any) -> Outline:
    """The picture with abroad at the foot of its left side, in the sea; moved aside where there is not enough sea."""
    width, tall = _BOX[0], _tall(continents)
    beside = shapely.intersection(polygons, shapely.box(0, outline.height - tall - _CLEAR, SIDE, outline.height))
    free = float(np.nan_to_num(shapely.total_bounds(beside)[0], nan=SIDE))
    shift = max(0, math.ceil(_EDGE + width + _CLEAR - free))
    boxes = _column(continents, outline.height - tall + _HEADING)
    paths = {key: shifted(path, shift * outline.grid) for key, path in outline.paths.items()}
    points = {key: (x + shift, y) for key, (x, y) in outline.points.items()} | (
        _middles(boxes) if outline.points else {}
    )
    inset = outline.inset and outline.inset.moved(shift, outline.grid)
    own = {"paths": paths, "points": points, "abroad": boxes, "inset": inset}
    return msgspec.structs.replace(outline, width=outline.width + shift, **own)


def _only_boxes(continents: list[str]) -> Outline:
    boxes = _column(continents, _HEADING)
    return Outline(2 * _EDGE + _BOX[0], _tall(continents), {}, _middles(boxes), boxes, schematic=False, notice=None)


def _column(continents: list[str], top: int) -> dict[str, tuple[int, int, int, int]]:
    return {key: (_EDGE, top + index * (_BOX[1] + _GAP), *_BOX) for index, key in enumerate(continents)}


def _tall(continents: list[str]) -> int:
    return _HEADING + len(continents) * (_BOX[1] + _GAP)


def _middles(boxes: Mapping[str, tuple[int, int, int, int]]) -> dict[str, tuple[int, int]]:
    return {key: (x + width // 2, y + height // 2) for key, (x, y, width, height) in boxes.items()}
