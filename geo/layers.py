"""What a browser is sent: layers of areas as GeoJSON bytes, each named by the hash of its content."""

import gzip
import hashlib
from collections.abc import Container, Mapping
from typing import Any

import msgspec
import numpy as np
import shapely
from msgspec import Struct

from geo.simplify import DECIMALS
from tally.catalogue import Catalogue
from tally.keys import area_key, parent, ubigeo_of

# Hex digits of SHA-256 in a name: far more than enough for a dozen files.
HASH_LENGTH = 16


class MapLayer(Struct, frozen=True):
    """One immutable file: `name` ("department-low", "labels"), the hash of its content, its bytes plain and gzipped."""

    name: str
    hash: str
    content: bytes
    gzipped: bytes

    @property
    def file_name(self) -> str:
        """ "department-low.<hash>.json": the end of its URL, and its name on disk."""
        return f"{self.name}.{self.hash}.json"


class _Named(Struct):
    key: str


class _Feature(Struct):
    """An area whose borders are left as they stand until somebody wants them."""

    properties: _Named
    geometry: msgspec.Raw


class _Layer(Struct):
    features: list[_Feature]


def make_layer(name: str, content: bytes) -> MapLayer:
    """The layer of that name; equal bytes give an equal hash and equal gzip bytes."""
    return MapLayer(name, content_hash(content), content, gzip.compress(content, 9, mtime=0))


def content_hash(content: bytes) -> str:
    """The hash that names these bytes in a URL."""
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def encode_areas(coverage: Mapping[str, Any], catalogue: Catalogue) -> bytes:
    """GeoJSON FeatureCollection of areas by ubigeo prefix.

    Each feature has an integer id (MapLibre's feature-state needs one) and the properties key, ubigeo, name, parent.
    """
    prefixes = list(coverage)
    polygons = shapely.orient_polygons(np.array([coverage[prefix] for prefix in prefixes], dtype=object))
    features = [
        {
            "type": "Feature",
            "id": int(prefix),
            "properties": _properties(prefix, catalogue),
            "geometry": _geometry(polygon),
        }
        for prefix, polygon in zip(prefixes, polygons, strict=True)
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def encode_labels(labels: Mapping[str, tuple[float, float]]) -> bytes:
    """JSON {area key: [lon, lat]}."""
    return msgspec.json.encode(labels)


def decode_labels(content: bytes) -> dict[str, tuple[float, float]]:
    """Label points by area key."""
    return msgspec.json.decode(content, type=dict[str, tuple[float, float]])


def decode_areas(content: bytes, wanted: Container[str] | None = None) -> dict[str, Any]:
    """Polygons of a layer by area key; of those areas alone, where `wanted` names some."""
    features = msgspec.json.decode(content, type=_Layer).features
    chosen = {
        feature.properties.key: bytes(feature.geometry)
        for feature in features
        if wanted is None or feature.properties.key in wanted
    }
    return dict(zip(chosen, shapely.from_geojson(list(chosen.values())).tolist(), strict=True))


def label_points(coverage: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Area key → the point of the area that is farthest from its border, where a name fits best."""
    points = {}
    for prefix, polygon in coverage.items():
        tolerance = max(0.001, polygon.area**0.5 / 100)
        centre = shapely.Point(shapely.maximum_inscribed_circle(polygon, tolerance).coords[0])
        point = centre if polygon.contains(centre) else shapely.point_on_surface(polygon)
        points[area_key(prefix)] = (round(point.x, DECIMALS), round(point.y, DECIMALS))
    return points


def _properties(prefix: str, catalogue: Catalogue) -> dict[str, str | None]:
    key = area_key(prefix)
    return {"key": key, "ubigeo": ubigeo_of(key), "name": catalogue.name(prefix), "parent": parent(key)}


def _geometry(polygon: Any) -> dict[str, Any]:
    """GeoJSON geometry with rounded coordinates; a multipolygon of one part is a polygon."""
    parts = [
        [np.round(shapely.get_coordinates(ring), DECIMALS).tolist() for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(polygon)
    ]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}
