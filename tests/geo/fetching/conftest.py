"""A host of open data, and the districts of Lima in the forms that such hosts have."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from geo.fetching.catalogue import Source
from geo.fetching.fetch import Fetch
from tests.geo.fetching.host import Host, hosting
from tests.geo.fetching.sources import make_fetch

UNITS = 171


@pytest.fixture(scope="session")
def web() -> Iterator[Host]:
    """One host for all; each test serves what it needs."""
    with hosting() as host:
        yield host


@pytest.fixture
def host(web: Host) -> Host:
    """The same, with nothing on it yet."""
    web.files.clear()
    web.asked.clear()
    return web


@pytest.fixture(scope="session")
def forms(lima: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Bytes of the same districts by form; a Shapefile as the zip that people send."""
    folder = tmp_path_factory.mktemp("forms")
    lima.to_file(folder / "lima.geojson", driver="GeoJSON")
    lima.to_file(folder / "lima.gpkg", driver="GPKG", layer="distritos")
    lima.to_parquet(folder / "lima.parquet")
    lima.to_file(folder / "lima.shp")
    shapes = {path.name: path.read_bytes() for path in folder.glob("lima.*") if path.suffix in _SHAPEFILE}
    return {
        "geojson": (folder / "lima.geojson").read_bytes(),
        "geopackage": (folder / "lima.gpkg").read_bytes(),
        "geoparquet": (folder / "lima.parquet").read_bytes(),
        "topojson": as_topojson(lima),
        "shapefile": packed({f"LIMITES/{name}": content for name, content in shapes.items()}),
    }


_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def packed(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def as_topojson(frame: Any) -> bytes:
    """Every ring an arc of its own, quantized to the printed grid: valid, if not as small as it could be."""
    arcs: list[list[list[int]]] = []
    geometries = []
    for code, polygon in zip(frame["UBIGEO"], frame.geometry, strict=True):
        parts = []
        for part in getattr(polygon, "geoms", [polygon]):
            rings = []
            for ring in (part.exterior, *part.interiors):
                grid = [(round((x + 90) * 1e5), round((y + 30) * 1e5)) for x, y in ring.coords]
                steps = [[x - u, y - v] for (u, v), (x, y) in pairwise(grid)]
                rings.append([len(arcs)])
                arcs.append([list(grid[0]), *steps])
            parts.append(rings)
        geometries.append({"type": "MultiPolygon", "arcs": parts, "properties": {"UBIGEO": code}})
    topology = {
        "type": "Topology",
        "transform": {"scale": [1e-5, 1e-5], "translate": [-90, -30]},
        "objects": {"peru": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    return json.dumps(topology).encode()


@pytest.fixture
def source(host: Host) -> Callable[..., Source]:
    """A source of the districts of Lima: what is not said is as a sound one has it."""

    def make(address: str, **said: Any) -> Source:
        usual: dict[str, Any] = {
            "name": "lima",
            "title": "Districts of Lima",
            "credit": "Somebody, CC BY 4.0",
            "licence": "CC-BY-4.0",
            "licence_address": "https://creativecommons.org/licenses/by/4.0/",
            "terms": "Somebody is to be named.",
            "addresses": (address,),
            "form": "geojson",
            "key": "UBIGEO",
            "vintage": "2026",
            "units": UNITS,
            "is_plain": True,
        }
        return Source(**usual | said)

    return make


@pytest.fixture
def fetching(tmp_path: Path) -> Callable[..., tuple[Fetch, list[str]]]:
    """An attempt in a folder of its own, and what it says of each failure."""

    def make(*sources: Source, **said: Any) -> tuple[Fetch, list[str]]:
        failures: list[str] = []
        return make_fetch(tmp_path, *sources, failure=failures.append, **said), failures

    return make
