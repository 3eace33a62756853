"""Style and scripts of the embeds, as `make bundle` made them, under the hash of their content."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from pathlib import PurePath

from msgspec import Struct

from api.http.answers import Representation, pack
from dashboard.built import text_of
from geo.layers import content_hash

_NAMES = ("embed.css", "overview.css", "frame.js", "live.js", "overview.js", "customiser.css", "customiser.js")
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


def hash_of(sheet: str) -> str:
    """The source that a policy must name for a style that stands in a page."""
    return f"'sha256-{b64encode(hashlib.sha256(sheet.encode()).digest()).decode()}'"


def load_material() -> Material:
    """Every file, packed."""
    found, urls = {}, {}
    for name in _NAMES:
        answer = _packed(name)
        path = PurePath(name)
        file_name = f"{path.stem}.{answer.etag}{path.suffix}"
        found[file_name], urls[name] = answer, f"/embed/v1/assets/{file_name}"
    return Material(found, urls, _packed(HEIGHT_SCRIPT), text_of("embed.css"))


def _packed(name: str) -> Representation:
    content = text_of(name).encode()
    return pack(content, content_hash(content), _TYPES[PurePath(name).suffix], SHARED)
