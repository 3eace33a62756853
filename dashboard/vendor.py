"""Browser libraries as the installed packages carry them: nothing fetched from elsewhere, nothing committed.

MapLibre GL comes with `maplibre`, plotly.js with `plotly`, which Dash needs anyway.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import brotli
from flask import Flask, Response, request

_FILES = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}
_CHART = "plotly.min.js"
_FOLDERS = {"maplibre": "srcjs", "plotly": "package_data"}
_QUICK = 5
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


def vendor_urls() -> dict[str, str]:
    """The URL of each file of the map, with the package's version so that it may be cached for good."""
    return {name: _url("maplibre", name) for name in _FILES}


def chart_url() -> str:
    """The URL of the library that draws charts, for the one page that has some."""
    return _url("plotly", _CHART)


def add_vendor_routes(server: Flask) -> None:
    """Serve each file; any other name below /vendor stays a 404."""
    for name, url in vendor_urls().items():
        server.add_url_rule(url, endpoint=f"vendor-{name}", view_func=_serving("maplibre", name, _FILES[name]))
    server.add_url_rule(chart_url(), endpoint="vendor-chart", view_func=_serve_chart)


def _url(package: str, name: str) -> str:
    return f"/vendor/{package}-{version(package)}/{name}"


def _serving(package: str, name: str, mimetype: str) -> Callable[[], Response]:
    def serve() -> Response:
        return Response((_folder(package) / name).read_bytes(), mimetype=mimetype, headers=_KEPT)

    return serve


def _serve_chart() -> Response:
    """Five megabytes, which the best compression keeps busy for half a minute: this takes a fraction of a second."""
    is_packed = "br" in request.headers.get("Accept-Encoding", "")
    body = _packed_chart() if is_packed else (_folder("plotly") / _CHART).read_bytes()
    packed = {"Content-Encoding": "br", "Vary": "Accept-Encoding"} if is_packed else {}
    return Response(body, mimetype="text/javascript", headers={**_KEPT, **packed})


@lru_cache(maxsize=1)
def _packed_chart() -> bytes:
    return bytes(brotli.compress((_folder("plotly") / _CHART).read_bytes(), quality=_QUICK))


def _folder(package: str) -> Path:
    """Where a package keeps its library; found without importing it, which would load its Python side."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(found.submodule_search_locations[0]) / _FOLDERS[package]
