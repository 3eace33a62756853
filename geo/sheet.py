"""`python -m geo.sheet OUT.png`: every department beside the others, its provinces and districts as the map has them.

For whoever knows a place and wants to see whether it is drawn as it is. Needs no network.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from font_source_sans_pro import SourceSansPro
from PIL import Image, ImageDraw, ImageFont

from geo.boundaries import Geometry, load_geometry
from geo.schematic import load_capitals
from geo.ubigeo import load_catalogue
from tally.keys import code_of

_ACROSS, _CELL, _HEAD, _MARGIN = 5, 760, 44, 14
# Drawn larger and made smaller: edges are smooth.
_FINE = 2
_PAPER, _INK, _SOFT, _DOT = "#ffffff", "#222222", "#8a8a86", "#b3261e"
_FILLS = ("#cfe3f2", "#f6ddc1", "#d7ead0", "#eadcf0", "#f3e9b8", "#d3ecea", "#f4d4d8", "#e2e0d8")


class Panel:
    """One department, drawn in the units of its own cell."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        self.image = Image.new("RGB", (_CELL * _FINE, (_CELL + _HEAD) * _FINE), _PAPER)
        self._pen = ImageDraw.Draw(self.image)
        west, south, east, north = bounds
        self._stretch = np.cos(np.radians((south + north) / 2))
        side = (_CELL - 2 * _MARGIN) * _FINE
        self._scale = side / max((east - west) * self._stretch, north - south)
        self._west, self._north = west, north

    def place(self, points: Any) -> list[tuple[float, float]]:
        """Degrees as pixels."""
        x = (points[:, 0] - self._west) * self._stretch * self._scale + _MARGIN * _FINE
        y = (self._north - points[:, 1]) * self._scale + (_MARGIN + _HEAD) * _FINE
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def area(self, polygon: Any, fill: str | None, line: str, width: int) -> None:
        """An area with its border."""
        for part in shapely.get_parts(polygon):
            ring = self.place(shapely.get_coordinates(part.exterior))
            if fill is not None:
                self._pen.polygon(ring, fill=fill)
            self._pen.line(ring, fill=line, width=width * _FINE // 2, joint="curve")

    def dot(self, lon: float, lat: float, size: float) -> None:
        """A capital."""
        ((x, y),) = self.place(np.array([[lon, lat]]))
        self._pen.ellipse((x - size, y - size, x + size, y + size), fill=_DOT)

    def write(self, text: str, at: tuple[float, float], size: int, anchor: str = "mm") -> None:
        """Words in pixels of the cell."""
        font = ImageFont.truetype(SourceSansPro, size * _FINE)
        self._pen.text(at, text, fill=_INK, font=font, anchor=anchor, stroke_width=_FINE, stroke_fill=_PAPER)


def draw(geometry: Geometry) -> Image.Image:
    """The sheet of all departments of that geometry."""
    departments = geometry.polygons("department")
    rows = -(-len(departments) // _ACROSS)
    sheet = Image.new("RGB", (_ACROSS * _CELL, rows * (_CELL + _HEAD)), _PAPER)
    for number, (key, polygon) in enumerate(departments.items()):
        panel = _panel(geometry, key, polygon).resize((_CELL, _CELL + _HEAD), Image.Resampling.LANCZOS)
        sheet.paste(panel, (number % _ACROSS * _CELL, number // _ACROSS * (_CELL + _HEAD)))
    return sheet


def _panel(geometry: Geometry, key: str, polygon: Any) -> Image.Image:
    catalogue, code = load_catalogue(), code_of(key)
    panel = Panel(polygon.bounds)
    provinces = {area: shape for area, shape in geometry.polygons("province").items() if _code(area)[:2] == code}
    for number, shape in enumerate(provinces.values()):
        panel.area(shape, _FILLS[number % len(_FILLS)], _SOFT, 1)
    for area, shape in geometry.polygons("district").items():
        if _code(area)[:2] == code:
            panel.area(shape, None, _SOFT, 1)
    for shape in provinces.values():
        panel.area(shape, None, _INK, 4)
    for ubigeo, capital in load_capitals().items():
        if ubigeo.startswith(code):
            panel.dot(capital.lon, capital.lat, 7 if ubigeo.endswith("01") else 3)
    for area in provinces:
        ((x, y),) = panel.place(np.array([geometry.points[area]]))
        panel.write(str(catalogue.name(_code(area))).title(), (x, y), 15)
    count = sum(_code(area)[:2] == code for area in geometry.polygons("district"))
    title = f"{str(catalogue.name(code)).title()}: {len(provinces)} prov., {count} dist."
    panel.write(title, (_MARGIN * _FINE, _HEAD * _FINE / 2), 24, "lm")
    return panel.image


def _code(key: str) -> str:
    return code_of(key)


if __name__ == "__main__":
    draw(load_geometry()).save(Path(sys.argv[1]))
