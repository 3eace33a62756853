"""Style and scripts of the embeds: the dashboard's own client modules joined, under the hash of their content."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from importlib.resources import files
from pathlib import PurePath

from msgspec import Struct

from api.answers import Representation, pack
from dashboard.bundle import lean_style
from dashboard.document import SCRIPTS
from geo.layers import content_hash

_FOLDER = "assets"
# The live client is the dashboard's, in the dashboard's order; what it paints is the embed's.
_CLIENT = SCRIPTS[SCRIPTS.index("replica.js") : SCRIPTS.index("live.js") + 1]
_LIVE = ("embed/start.js", "figures.js", *_CLIENT, "embed/paint.js", "embed/embed.js")
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "embed.css": ("embed/embed.css",),
    "frame.js": ("embed/frame.js",),
    "live.js": _LIVE,
    "customiser.css": ("embed/customiser.css",),
    "customiser.js": ("embed/customiser.js",),
}
# Pages of others name it: it keeps its address.
HEIGHT_SCRIPT = "height.js"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
# Anybody's page may load these, also one that isolates itself from other origins.
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin"}


class Material(Struct, frozen=True):
    """Files by the last part of their address; `sheet` is the embed's style as it stands in a page."""

    files: Mapping[str, Representation]
    urls: Mapping[str, str]
    height: Representation
    sheet: str

    @property
    def sheet_hash(self) -> str:
        """The source that a policy must name for that style."""
        return f"'sha256-{b64encode(hashlib.sha256(self.sheet.encode()).digest()).decode()}'"


def load_material() -> Material:
    """Every file, packed."""
    found, urls = {}, {}
    for name, sources in _SOURCES.items():
        answer = _joined(sources)
        path = PurePath(name)
        file_name = f"{path.stem}.{answer.etag}{path.suffix}"
        found[file_name], urls[name] = answer, f"/embed/v1/assets/{file_name}"
    return Material(found, urls, _joined((f"embed/{HEIGHT_SCRIPT}",)), lean_style(_SOURCES["embed.css"][0]))


def _joined(sources: tuple[str, ...]) -> Representation:
    root = files("dashboard") / _FOLDER
    content = "\n".join((root / source).read_text("utf-8") for source in sources).encode()
    return pack(content, content_hash(content), _TYPES[PurePath(sources[0]).suffix], SHARED)
