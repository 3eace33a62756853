"""What browsers load: the files that `make bundle` made of `browser/` and `styles/`, and each language's words.

Every address changes with what stands there, so that it may be kept for good.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from flask import Flask, Response, abort

BUILT = Path(__file__).parent / "built"
_YEAR = "public, max-age=31536000, immutable"
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class File:
    """One file: what it holds, and the digest that changes with it."""

    name: str
    content: bytes
    digest: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"/bundle/{self.digest}/{self.name}"


def made(name: str, content: bytes) -> File:
    """A file under the hash of its content."""
    return File(name, content, hashlib.sha256(content).hexdigest()[:12])


@lru_cache
def text_of(name: str) -> str:
    """A built script or style, to stand in a document."""
    return (BUILT / name).read_text("utf-8").strip()


@lru_cache
def entries(kind: Literal["modules", "views"] = "modules") -> dict[str, tuple[File, ...]]:
    """Each entry of the modules, and after it all that it imports at once. They name each other by their digest.

    kind: "views" are those that an entry loads later, by the page of the mission that is theirs.
    """
    plain: dict[str, list[str]] = json.loads((BUILT / "manifest.json").read_bytes())[kind]
    return {name: tuple(map(_module, paths)) for name, paths in plain.items()}


def _module(path: str) -> File:
    digest, _, name = path.partition("/")
    return File(name, (BUILT / path).read_bytes(), digest)


@lru_cache
def style(name: str) -> File:
    """A built stylesheet."""
    return made(f"{name}.css", (BUILT / f"{name}.css").read_bytes())


def add_built_routes(server: Flask, more: Sequence[File]) -> None:
    """Serve the modules, the styles, and `more`: words, settings, what is installed.

    An older address, which an open page may still ask for, gets what there is now, not to be kept; but what has no name
    of its own (a piece that several entries share, views in two folders) is not found under an older one.
    """
    files = [*map(_module, _all_modules()), *map(style, ("board", "mission", "ballot")), *more]
    times = Counter(file.name for file in files)
    exact = {file.url: file for file in files}
    named = {file.name: file for file in files if times[file.name] == 1}

    def serve(digest: str, name: str) -> Response:
        file = exact.get(f"/bundle/{digest}/{name}") or named.get(name)
        if file is None:
            abort(404)
        kept = {"Cache-Control": _YEAR if digest == file.digest else "no-cache"}
        return Response(file.content, mimetype=_TYPES[Path(name).suffix], headers=kept)

    server.add_url_rule("/bundle/<digest>/<name>", endpoint="bundle", view_func=serve)


def _all_modules() -> list[str]:
    return [path.relative_to(BUILT).as_posix() for path in sorted(BUILT.glob("*/*.js"))]
