"""What every answer carries: headers that keep browsers strict, and an open door for readers of public data."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_PREFIX = "/api/"


class PlainHeaders:
    """ASGI middleware: security headers, CORS of the read-only API, and HEAD answered as a GET without its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; headers are added to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_public = scope["path"].startswith(API_PREFIX) and scope["method"] in ("GET", "HEAD")

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(
                    MutableHeaders(scope=message), is_api=scope["path"].startswith(API_PREFIX), is_public=is_public
                )
            await send(message)

        # The server drops the body of the answer to a HEAD by itself.
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self._app(inner, receive, finish)


def add_headers(headers: MutableHeaders, *, is_api: bool, is_public: bool) -> None:
    """Headers of every answer; the public ones may be read by any page."""
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    # Data is never a document: nothing it could contain may run or be framed.
    headers.setdefault(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" if is_api else "frame-ancestors 'none'"
    )
    if is_public:
        # Public data without cookies: any page may read it.
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "ETag")
