"""District files by anybody: read them, find out which column names the districts and how, refuse what is not Peru."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import geopandas
import numpy as np
import pandas
import shapely
from msgspec import Struct
from pyogrio.errors import DataLayerError, DataSourceError

from geo.schematic import load_departments
from geo.ubigeo import Crosswalk, load_catalogue
from tally.errors import BoundaryError
from tally.keys import DOMESTIC, UBIGEO_LENGTH, Level, prefix_of

KeyKind = Literal["onpe", "inei"]
# West, south, east, north of Peru with a generous margin (islands, generalised files).
PERU = (-85.0, -20.0, -66.0, 2.0)
# A column is the key if so many of its rows are known codes and lie in the department their code says.
FITTING = 0.8
# Files that hold codes as numbers have lost the zero in front; those of OCHA have the country's letters there.
CODE = re.compile(rf"(?:PE)?([0-9]{{{UBIGEO_LENGTH - 1},{UBIGEO_LENGTH}}})")


class Districts(Struct, frozen=True):
    """Polygons by ONPE ubigeo (EPSG:4326), and how they were named: `unknown` are codes the tree does not have."""

    polygons: dict[str, Any]
    rows: int
    column: str
    kind: KeyKind
    unknown: tuple[str, ...]


def read_source(path: Path, layer: str | None = None) -> Any:
    """The file, or that layer of it, as GeoDataFrame, EPSG:4326, polygons only.

    Formats: GeoJSON, TopoJSON, GeoPackage, Shapefile (also zipped), GeoParquet. A file without CRS is in degrees.
    Raises: BoundaryError: unreadable, empty, no polygons, or not where Peru is.
    """
    frame = _open(path, layer)
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    if frame.empty:
        raise BoundaryError(f"{path.name} has no features with a geometry")
    if not frame.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        raise BoundaryError(f"{path.name} must hold polygons only, it has {', '.join(sorted(set(frame.geom_type)))}")
    origin = "no CRS, taken as degrees" if frame.crs is None else f"CRS {frame.crs.to_string()}"
    frame = frame.set_crs(4326) if frame.crs is None else frame.to_crs(4326)
    west, south, east, north = bounds = frame.total_bounds
    inside = np.isfinite(bounds).all() and west > PERU[0] and south > PERU[1] and east < PERU[2] and north < PERU[3]
    if not inside:
        extent = " ".join(f"{value:.1f}" for value in bounds)
        raise BoundaryError(f"{path.name} is not Peru: it covers {extent} ({origin}): a wrong file or a wrong CRS")
    return frame


def match_districts(frame: Any, name: str) -> Districts:
    """Polygons by ONPE ubigeo, from whichever column holds ONPE's or INEI's codes.

    The two lists share most of their codes (150101 is Iquitos or Lima), so overlap with the tables is not enough: a
    code counts if its polygon also lies in the department it names.
    Raises: BoundaryError: no column fits.
    """
    tables = _tables()
    where = _departments_of(frame)
    candidates: list[tuple[int, int, str, KeyKind]] = []
    most_known = (0, "")
    for column in frame.columns.drop(frame.geometry.name):
        codes = [normalise(value) for value in frame[column]]
        for kind, table in tables.items():
            onpe = [table.get(code) for code in codes]
            known = sum(code is not None for code in onpe)
            there = zip(onpe, where, strict=True)
            fitting = sum(code is not None and prefix_of(code, Level.DEPARTMENT) == lies for code, lies in there)
            most_known = max(most_known, (known, str(column)))
            if known >= FITTING * len(frame) and fitting >= FITTING * known:
                candidates.append((fitting, kind == "onpe", column, kind))
    if not candidates:
        raise BoundaryError(_no_key(name, len(frame), most_known))
    _, _, column, kind = max(candidates)
    return _collect(frame, column, kind, tables[kind])


def normalise(value: Any) -> str:
    """Six digits of whatever a file holds for a code (10101, 10101.0, "010101", "PE010101"), "" if it is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    code = CODE.fullmatch(str(value).strip())
    return code[1].zfill(UBIGEO_LENGTH) if code else ""


def _open(path: Path, layer: str | None) -> Any:
    if not path.is_file():
        raise BoundaryError(f"{path} does not exist or is not a file")
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            return geopandas.read_parquet(path)
        frame = geopandas.read_file(path, layer=layer)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        reason = str(error).split("; It might help")[0] or type(error).__name__
        raise BoundaryError(f"{path.name} cannot be read as a geographic file: {reason}") from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise BoundaryError(f"{path.name} has no geometry column")
    return frame


def _tables() -> dict[KeyKind, dict[str, str]]:
    """For each way of naming: code → ONPE ubigeo, districts of Peru only."""
    catalogue = load_catalogue()
    domestic = catalogue.prefixes(Level.DISTRICT, DOMESTIC)
    crosswalk = Crosswalk(catalogue)
    inei = {code: ubigeo for ubigeo in domestic if (code := crosswalk.inei(ubigeo)) is not None}
    return {"onpe": {ubigeo: ubigeo for ubigeo in domestic}, "inei": inei}


def _departments_of(frame: Any) -> list[str]:
    """Department in or nearest to which each polygon lies."""
    departments = load_departments()
    codes = list(departments)
    tree = shapely.STRtree(list(departments.values()))
    points = shapely.point_on_surface(shapely.make_valid(frame.geometry.to_numpy()))
    return [codes[index] for index in tree.nearest(points)]


def _collect(frame: Any, column: str, kind: KeyKind, table: Mapping[str, str]) -> Districts:
    parts: dict[str, list[Any]] = {}
    unknown: set[str] = set()
    for value, polygon in zip(frame[column], frame.geometry, strict=True):
        ubigeo = table.get(normalise(value))
        if ubigeo is None:
            unknown.add("(empty)" if pandas.isna(value) else str(value))
        else:
            parts.setdefault(ubigeo, []).append(polygon)
    polygons = {ubigeo: _joined(parts[ubigeo]) for ubigeo in sorted(parts)}
    return Districts(polygons, len(frame), str(column), kind, tuple(sorted(unknown)))


def _joined(polygons: Iterable[Any]) -> Any:
    """One polygon of the rows of one district."""
    parts = list(polygons)
    return parts[0] if len(parts) == 1 else shapely.union_all(shapely.make_valid(np.array(parts, dtype=object)))


def _no_key(name: str, rows: int, most_known: tuple[int, str]) -> str:
    known, column = most_known
    if known >= FITTING * rows:
        return (
            f"the codes in column {column!r} of {name} do not fit the places where its polygons lie: "
            "a wrong file, a wrong CRS, or codes of another country"
        )
    return (
        f"no column of {name} holds district ubigeos (six digits, ONPE's or INEI's): "
        f"the best, {column!r}, has {known:,} known codes in {rows:,} rows"
        if known
        else f"no column of {name} holds district ubigeos (six digits, ONPE's or INEI's)"
    )
