"""Many small modules, one file on the wire: the scripts and styles of every page joined, under the hash of their text.

On a slow phone each request costs a round trip; the sources stay one module a component.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response

ASSETS = Path(__file__).parent / "assets"
_YEAR = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class Bundle:
    """One file: what it holds, and the address that changes with it."""

    name: str
    content: bytes

    @property
    def url(self) -> str:
        """Its address."""
        return f"/bundle/{hashlib.sha256(self.content).hexdigest()[:12]}/{self.name}"


def bundle_of(name: str, sources: Sequence[str], opening: str = "") -> Bundle:
    """These assets joined, after an opening line; made again when one of them was edited."""
    return _joined(name, tuple(sources), opening, sum((ASSETS / source).stat().st_mtime_ns for source in sources))


@lru_cache(maxsize=16)
def _joined(name: str, sources: tuple[str, ...], opening: str, _edited: int) -> Bundle:
    return Bundle(name, "\n".join((opening, *((ASSETS / source).read_text("utf-8") for source in sources))).encode())


def lean_style(name: str) -> str:
    """A stylesheet to stand in a document: without what only people read, comments, line ends and zeros."""
    return _lean(name, (ASSETS / name).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _lean(name: str, _edited: int) -> str:
    bare = re.sub(r"/\*.*?\*/", "", (ASSETS / name).read_text("utf-8"), flags=re.DOTALL)
    tight = re.sub(r"\s*([{};,])\s*", r"\1", bare).replace(": ", ":").replace(";}", "}").strip()
    return re.sub(r"(?<=[ :(,-])0\.", ".", tight)


def add_bundle_routes(server: Flask, bundles: Sequence[Callable[[], Bundle]]) -> None:
    """Serve them. An older address, which an open page may still ask for, gets what there is now, not to be kept."""
    for make in bundles:
        name = make().name
        server.add_url_rule(f"/bundle/<digest>/{name}", endpoint=f"bundle-{name}", view_func=_serving(make))


def _serving(make: Callable[[], Bundle]) -> Callable[[str], Response]:
    def serve(digest: str) -> Response:
        bundle = make()
        answer = Response(bundle.content, mimetype=_TYPES[Path(bundle.name).suffix])
        answer.headers["Cache-Control"] = _YEAR if digest in bundle.url else "no-cache"
        return answer

    return serve
