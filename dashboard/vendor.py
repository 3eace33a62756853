"""MapLibre GL as the installed package `maplibre` carries it: nothing fetched from elsewhere, nothing committed."""

import gzip
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response, request

_FILES = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}
_YEAR = "public, max-age=31536000, immutable"


def vendor_urls() -> dict[str, str]:
    """The URL of each vendored file, with the package's version so that it may be cached for good."""
    release = version("maplibre")
    return {name: f"/vendor/{release}/{name}" for name in _FILES}


def add_vendor_routes(server: Flask) -> None:
    """Serve each file, compressed once; any other name below /vendor stays a 404."""
    for name, url in vendor_urls().items():
        server.add_url_rule(url, endpoint=f"vendor-{name}", view_func=_serving(name))


def _serving(name: str) -> Callable[[], Response]:
    plain = (_folder() / name).read_bytes()
    packed = gzip.compress(plain, 9, mtime=0)

    def serve() -> Response:
        accepts = "gzip" in request.headers.get("Accept-Encoding", "")
        answer = Response(packed if accepts else plain, mimetype=_FILES[name])
        answer.headers["Cache-Control"] = _YEAR
        answer.headers["Vary"] = "Accept-Encoding"
        if accepts:
            answer.headers["Content-Encoding"] = "gzip"
        return answer

    return serve


def _folder() -> Path:
    """Where the package keeps the library; found without importing it, which would load its Python side."""
    package = find_spec("maplibre")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("the package maplibre is not installed")
    return Path(package.submodule_search_locations[0]) / "srcjs"
