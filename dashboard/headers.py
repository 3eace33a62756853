"""What every answer of the dashboard carries: a strict content policy, cache rules, and compressed scripts."""

import gzip
from collections.abc import Sequence

from flask import Flask, Response, request

_STATIC = ("/assets/", "/_dash-component-suites/")
_PACKABLE = ("text/javascript", "application/javascript", "text/css", "image/svg+xml")
_PAGE_CACHE = "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"


def content_policy(script_hashes: Sequence[str]) -> str:
    """The policy: everything from this origin, inline scripts by hash only.

    Dash needs the hash of its one-line renderer script and `style-src 'unsafe-inline'` (its bundles insert style
    elements, pages set bar lengths); MapLibre needs `blob:` workers and images.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(script_hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "worker-src blob:",
            "child-src blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def add_headers(server: Flask, policy: str) -> None:
    """Set the headers on every answer; scripts and styles are compressed once a version and kept."""
    packed: dict[tuple[str, int], bytes] = {}

    def finish(answer: Response) -> Response:
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        if answer.mimetype == "text/html":
            answer.headers["Content-Security-Policy"] = policy
            if answer.status_code == 200:
                answer.headers["Cache-Control"] = _PAGE_CACHE
        if request.path.startswith(_STATIC) and answer.status_code == 200 and answer.mimetype in _PACKABLE:
            _pack(answer, packed)
        return answer

    server.after_request(finish)


def _pack(answer: Response, packed: dict[tuple[str, int], bytes]) -> None:
    answer.headers["Vary"] = "Accept-Encoding"
    if "m" in request.args:
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return
    answer.direct_passthrough = False
    plain = answer.get_data()
    key = (request.path, hash(plain))
    if key not in packed:
        packed[key] = gzip.compress(plain, 6, mtime=0)
    answer.set_data(packed[key])
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers.pop("ETag", None)
