"""The geometry a server serves: departments, provinces and districts at three resolutions, and where their names go.

`python -m geo.boundaries` draws the schematic set and writes it to stdout, as msgpack.
"""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Collection, Container, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import scipy
import shapely
import structlog
from msgspec import Struct
from msgspec.structs import replace

from geo import schematic
from geo.folder import Manifest, Said, is_absent, read_folder, write_folder
from geo.layers import MapLayer, decode_areas, decode_labels, encode_areas, encode_labels, label_points, make_layer
from geo.notice import SCHEMATIC, MapNotice, credited, find_missing, notice_of
from geo.origin import ORIGIN, Origin, read_origin
from geo.simplify import TOLERANCES, dissolve, simplify
from geo.ubigeo import load_catalogue, read_data
from tally.errors import BoundaryError
from tally.keys import UBIGEO_LEVELS, Level, code_of

_log = structlog.get_logger()

# Part of the name under which a cache keeps the schematic set: raise it when the drawing changes.
DRAWING = 2


class Geometry(Struct, frozen=True):
    """Everything about boundaries that leaves the server.

    bounds: west, south, east, north, degrees. schematic: level → its borders are not real. notice: what is to be
    said beside the map, or None. layers: level ("department", …) → resolution ("low", "mid", "high") → layer.
    labels: layer {area key: [lon, lat]}; `points` is the same, decoded. origin: whose the borders are, where fetched.
    """

    bounds: tuple[float, float, float, float]
    schematic: dict[str, bool]
    notice: MapNotice | None
    layers: dict[str, dict[str, MapLayer]]
    labels: MapLayer
    points: dict[str, tuple[float, float]]
    origin: Origin | None = None

    def files(self) -> dict[str, MapLayer]:
        """Every immutable file by its name, "district-high.<hash>.json"."""
        found = [layer for by_resolution in self.layers.values() for layer in by_resolution.values()]
        return {layer.file_name: layer for layer in (*found, self.labels)}

    def notice_at(self, level: Level) -> MapNotice | None:
        """What is to be said beside areas of that level: of missing districts only where districts are drawn."""
        is_said = self.schematic[level] or level is Level.DISTRICT
        notice = self.notice if is_said else None
        return notice if self.origin is None else credited(notice, self.origin.credit)

    def polygons(self, level: str, wanted: Container[str] | None = None) -> dict[str, Any]:
        """Polygons (shapely, EPSG:4326) of a level, or of some areas of it, by key, at the finest resolution."""
        return decode_areas(self.layers[level]["high"].content, wanted)


def load_geometry(directory: Path | None = None, *, cache: Path | None = None) -> Geometry:
    """The geometry of a folder written by `geo build`, or the schematic set where none is given or it is empty.

    `cache` keeps the drawn schematic set between starts (a folder of its own, named by what it was drawn from).
    Raises: BoundaryError: the folder holds something else, a file of it is damaged, or nothing could be drawn.
    """
    if directory is not None and not is_absent(directory):
        geometry = _from_manifest(*read_folder(directory))
        origin = read_origin(directory, geometry.labels.file_name)
        return replace(geometry, origin=origin)
    if cache is None:
        return _draw_apart()
    place = cache / f"schematic-{_drawing_hash()}"
    try:
        return _from_manifest(*read_folder(place))
    except BoundaryError:
        geometry = _draw_apart()
        try:
            save(geometry, place)
        except BoundaryError as error:  # another program may be writing it: what was drawn serves all the same
            _log.warning("boundaries not kept for the next start", detail=str(error))
        return geometry


def draw_schematic() -> Geometry:
    """Real departments, schematic provinces and districts, from the tables this package carries (about 5 s)."""
    districts = schematic.draw_districts(schematic.load_departments(), schematic.load_capitals())
    flags = {"department": False, "province": True, "district": True}
    return assemble(districts, flags, SCHEMATIC)


def _draw_apart() -> Geometry:
    """The same, drawn by a process of its own: what drawing takes, some 70 MB, a server would keep for good."""
    command = [sys.executable, "-m", "geo.boundaries"]
    try:
        drawn = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 - ours
        return msgspec.msgpack.decode(drawn, type=Geometry)
    except (OSError, subprocess.CalledProcessError, msgspec.MsgspecError) as error:
        raise BoundaryError(f"the schematic boundaries could not be drawn: {error}") from error


def assemble(
    districts: Mapping[str, Any],
    flags: dict[str, bool],
    notice: MapNotice | None,
    announce: Callable[[str], None] = lambda text: None,
) -> Geometry:
    """All layers from one clean coverage of districts: simplified first, dissolved upward, so that levels nest."""
    catalogue = load_catalogue()
    layers: dict[str, dict[str, MapLayer]] = {level.value: {} for level in UBIGEO_LEVELS}
    finest: dict[str, Any] = {}
    for resolution, tolerance in TOLERANCES.items():
        announce(f"simplifying {len(districts):,} districts to {tolerance}° ({resolution})")
        simple = simplify(districts, tolerance)
        for level in UBIGEO_LEVELS:
            areas = simple if level is Level.DISTRICT else dissolve(simple, level)
            layers[level][resolution] = make_layer(f"{level}-{resolution}", encode_areas(areas, catalogue))
            if resolution == "high":
                finest |= areas
    announce("placing labels")
    points = label_points(finest)
    west, south, east, north = shapely.total_bounds(np.array(list(finest.values()), dtype=object)).round(5).tolist()
    labels = make_layer("labels", encode_labels(points))
    return Geometry((west, south, east, north), flags, notice, layers, labels, points)


def save(geometry: Geometry, directory: Path) -> None:
    """Write the geometry as a folder that `load_geometry` reads; readers see the old one until all is there.

    Raises: BoundaryError: the folder cannot be written or holds other people's files.
    """
    names = {level: {size: layer.file_name for size, layer in by.items()} for level, by in geometry.layers.items()}
    notice = None if geometry.notice is None else Said(geometry.notice.figures, geometry.notice.id)
    manifest = Manifest(geometry.bounds, geometry.schematic, notice, names, geometry.labels.file_name)
    extra = {}
    if geometry.origin is not None:
        extra[ORIGIN] = msgspec.json.encode(replace(geometry.origin, drawn=geometry.labels.file_name))
    write_folder(directory, manifest, geometry.files(), extra)


def _from_manifest(manifest: Manifest, files: Mapping[str, MapLayer]) -> Geometry:
    layers = {level: {size: files[name] for size, name in by.items()} for level, by in manifest.layers.items()}
    labels = files[manifest.labels]
    points = decode_labels(labels.content)
    return Geometry(manifest.bounds, manifest.schematic, _notice(manifest, points), layers, labels, points)


def _notice(manifest: Manifest, points: Collection[str]) -> MapNotice | None:
    """The notice of a folder; of one built when sentences stood there, what they said."""
    if manifest.notice is None:
        return None
    if manifest.notice.id is not None:
        return MapNotice(manifest.notice.figures, manifest.notice.id)
    if any(manifest.schematic.values()):
        return SCHEMATIC
    return notice_of(find_missing(list(map(code_of, points))))


def _drawing_hash() -> str:
    """Changes with the tables, the drawing and the geometry engine: whatever could change a byte of the result."""
    parts = [read_data(name) for name in ("departments.geojson", "capitals.csv", "ubigeos.csv")]
    parts.append(f"{DRAWING} {shapely.geos_version_string} {scipy.__version__} {TOLERANCES} {SCHEMATIC}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.msgpack.encode(draw_schematic()))
