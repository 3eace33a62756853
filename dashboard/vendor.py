"""MapLibre GL as the installed package `maplibre` carries it: nothing fetched from elsewhere, nothing committed."""

from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from flask import Flask, Response

_FILES = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}
_YEAR = "public, max-age=31536000, immutable"


def vendor_urls() -> dict[str, str]:
    """The URL of each vendored file, with the package's version so that it may be cached for good."""
    release = version("maplibre")
    return {name: f"/vendor/{release}/{name}" for name in _FILES}


def add_vendor_routes(server: Flask) -> None:
    """Serve each file; any other name below /vendor stays a 404."""
    for name, url in vendor_urls().items():
        server.add_url_rule(url, endpoint=f"vendor-{name}", view_func=_serving(name))


def _serving(name: str) -> Callable[[], Response]:
    def serve() -> Response:
        answer = Response((_folder() / name).read_bytes(), mimetype=_FILES[name])
        answer.headers["Cache-Control"] = _YEAR
        return answer

    return serve


def _folder() -> Path:
    """Where the package keeps the library; found without importing it, which would load its Python side."""
    package = find_spec("maplibre")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("the package maplibre is not installed")
    return Path(package.submodule_search_locations[0]) / "srcjs"
