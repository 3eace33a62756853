"""What every answer carries: headers that keep browsers strict, and an open door for readers of public data."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.policy import is_private
from tally.program import this_program

API_PREFIX = "/api/"
# Files of the counts, as open as the API.
DATA_PREFIX = "/data/"
# What of a scope says how an answer was asked for; HEAD too is answered as a GET.
ASKED = "escrutinio.asked"
_READABLE = "ETag, Accept-Ranges, Content-Range, Content-Length"
# Who reads files in ranges from another page may have to ask first.
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
# Sent only where the operator says that we are known by https: a browser that heard it asks in no other way for a year.
_HSTS = "max-age=31536000"


class PlainHeaders:
    """ASGI middleware: security headers, CORS of the read-only API, and HEAD answered as a GET without its body."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        is_files, is_own = path.startswith(DATA_PREFIX), is_private(path)
        is_api = is_files or path.startswith(API_PREFIX)
        is_preflight = is_files and scope["method"] == "OPTIONS"
        is_public = is_api and not is_own and (is_preflight or scope["method"] in ("GET", "HEAD"))

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_own:
                    close_headers(headers)
                add_headers(headers, is_api=is_api, is_public=is_public, is_https=self._is_https)
            await send(message)

        if is_preflight:
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, finish)
            return
        # The server drops the body of the answer to a HEAD by itself.
        # Of any other request it is the same scope that goes in: whoever stands outside reads there which route it was.
        scope[ASKED] = scope["method"]
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self._app(inner, receive, finish)


def close_headers(headers: MutableHeaders) -> None:
    """Headers of answers that are somebody's: no cache keeps them, no other page embeds them."""
    headers["Cache-Control"] = "no-store"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def add_headers(headers: MutableHeaders, *, is_api: bool, is_public: bool, is_https: bool) -> None:
    """Headers of every answer; the public ones may be read by any page."""
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    # Data is never a document: nothing it could contain may run or be framed.
    headers.setdefault(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" if is_api else "frame-ancestors 'none'"
    )
    if is_https:
        headers.setdefault("Strict-Transport-Security", _HSTS)
    headers.setdefault("X-Program", str(this_program()))
    if is_public:
        # Public data without cookies: any page may read it.
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", _READABLE)
