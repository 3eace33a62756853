"""Boundaries: one small index, and files that never change under their name."""

from typing import Literal

import brotli
from fastapi import Query
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from api.http.answers import IMMUTABLE, JSON, UNCACHED, Reply, Representation, Router, choose_coding, reply, respond
from api.serving.access import Serving
from geo.boundaries import Geometry
from geo.notice import MapNotice
from geo.svg import Outline
from tally.errors import BoundaryError, NotFound
from tally.keys import Level

router = Router(tags=["geometry"])
_MEDIA_TYPE = "application/geo+json"


class GeometryIndex(Struct, frozen=True):
    """bounds: west, south, east, north. schematic: the level's borders are not real. Files by level and resolution.

    version: with it as `v` the address of an outline never changes its content; None where there are no outlines.
    """

    bounds: tuple[float, float, float, float]
    schematic: dict[str, bool]
    notice: MapNotice | None
    layers: dict[str, dict[str, str]]
    labels: str
    version: str | None


@router.get("/geometry", responses={503: {}})
async def read_index(request: Request, services: Serving) -> Reply[GeometryIndex]:
    """Bounds, which levels are schematic, and where each layer is."""
    geometry = _geometry(services.geometry)
    base = request.url.path
    layers = {
        level: {size: f"{base}/{layer.file_name}" for size, layer in by_size.items()}
        for level, by_size in geometry.layers.items()
    }
    labels = f"{base}/{geometry.labels.file_name}"
    version = None if services.outlines is None else services.outlines.version
    index = GeometryIndex(
        geometry.bounds, geometry.schematic, geometry.notice_at(Level.DISTRICT), layers, labels, version
    )
    return reply(request, index, UNCACHED)


# Points by key stand under the name `labels`, everything else is a collection of areas with their key and name.
_LAYER = {
    _MEDIA_TYPE: {
        "schema": {
            "title": "GeoLayer",
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
            },
            "required": ["type", "features"],
        }
    },
    JSON: {
        "schema": {
            "title": "LabelPoints",
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "number"}},
        }
    },
}


@router.get("/geometry/{name}.{digest}.json", responses={200: {"content": _LAYER}, 404: {}}, response_class=Response)
async def read_layer(request: Request, services: Serving, name: str, digest: str) -> Response:
    """One layer as GeoJSON, or the label points by key."""
    geometry = _geometry(services.geometry)
    layer = geometry.files().get(f"{name}.{digest}.json")
    if layer is None:
        raise NotFound(f"there is no layer {name[:40]}.{digest[:40]}.json; /api/v1/geometry lists them")
    media_type = "application/json" if layer is geometry.labels else _MEDIA_TYPE
    return respond(request, Representation(layer.content, layer.gzipped, layer.hash, media_type), IMMUTABLE)


@router.get("/geometry/outlines/{key:path}", responses={404: {}, 503: {}})
async def read_outlines(
    request: Request,
    services: Serving,
    key: str,
    level: Literal["department", "province", "district"] | None = None,
    v: str | None = Query(None, description="The index's version, or an ETag: with it the address never changes."),
) -> Reply[Outline]:
    """SVG paths of the areas below a key, for a picture: nation, scope/abroad, department/14, province/1401."""
    outlines = services.outlines
    if outlines is None:
        raise BoundaryError("this server was started without boundaries")

    # Packed well, which takes as long as drawing it: not for our own pages, which read it as it is.
    is_packed = choose_coding(request.headers.get("accept-encoding", "")) == "br"

    def build() -> Representation:
        layer = outlines.layer(key, level)
        packed = brotli.compress(layer.content) if is_packed else None
        return Representation(layer.content, layer.gzipped, layer.hash, brotli=packed)

    answer = await services.answers.get(("outlines", id(outlines), key, level, is_packed), build)
    return respond(request, answer, IMMUTABLE if v in (answer.etag, outlines.version) else UNCACHED)


def _geometry(geometry: Geometry | None) -> Geometry:
    if geometry is None:
        raise BoundaryError("this server was started without boundaries")
    return geometry
