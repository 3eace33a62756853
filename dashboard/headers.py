"""What every answer of the dashboard carries: a strict content policy, cache rules, and a compressed body."""

from collections.abc import Sequence

from flask import Flask, Response, request

from dashboard.packing import pack
from dashboard.refusals import UPDATES

_STATIC = ("/assets/", "/bundle/", "/vendor/", "/_dash-component-suites/")
_PACKABLE = ("text/javascript", "application/javascript", "text/css", "image/svg+xml")
_PAGE_CACHE = "public, max-age=2, stale-while-revalidate=10, stale-if-error=86400"
# A moment of the past stays as it was; a day, as the API says of its own answers.
PAST_CACHE = "public, max-age=86400, stale-if-error=604800"


def content_policy(script_hashes: Sequence[str]) -> str:
    """The policy: everything from this origin, inline scripts by hash only.

    The one inline script is `browser/page/first.js`, which must run before the first paint. Dash needs `style-src
    'unsafe-inline'` (its bundles insert style elements, pages set bar lengths); MapLibre `blob:` workers and images.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(script_hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "child-src blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def add_headers(server: Flask, policy: str) -> None:
    """Set the headers on every answer; what lasts is compressed once a version and kept."""

    def finish(answer: Response) -> Response:
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        if answer.mimetype == "text/html":
            answer.headers["Content-Security-Policy"] = policy
            if answer.status_code == 200:
                answer.headers.setdefault("Cache-Control", _PAGE_CACHE)
            pack(answer, lasting=False)
        if request.path.startswith(_STATIC) and answer.status_code == 200 and answer.mimetype in _PACKABLE:
            pack(answer, lasting=True)
            if "m" in request.args:
                answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if request.path == UPDATES:
            pack(answer, lasting=False)
        return answer

    server.after_request(finish)
