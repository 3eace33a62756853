"""Asking an ASGI application with no server between: a request as it would arrive, and its answer whole."""

from urllib.parse import unquote, urlsplit

from anyio import sleep_forever
from msgspec import Struct
from starlette.types import ASGIApp, Message, Scope

_HOST = b"localhost"


class Asked(Struct, frozen=True):
    """An answer: its headers as they were sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def messages(self) -> list[Message]:
        """The answer as it is sent."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        return [start, {"type": "http.response.body", "body": self.body}]


async def ask(app: ASGIApp, scope: Scope) -> Asked:
    """What it answers to a request without a body. What it answers before it fails is its answer."""
    found, body, came = list[Message](), bytearray(), list[Message]()

    async def receive() -> Message:
        # Nobody leaves: what waits for that, as an answer out of a file does, would else ask again and again.
        if came:
            await sleep_forever()
        came.append({"type": "http.request", "body": b"", "more_body": False})
        return came[0]

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.append(message)
        else:
            body.extend(message.get("body", b""))

    try:
        await app(scope, receive, take)
    except Exception:
        if not found:
            raise
    return Asked(found[0]["status"], list(found[0]["headers"]), bytes(body))


def make_scope(address: str, client: str) -> Scope:
    """A GET of an address on this host (path and query) for somebody, to be answered without compression."""
    parts = urlsplit(address)
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", _HOST), (b"accept-encoding", b"identity")],
        "server": (_HOST.decode(), None),
        "client": (client, 0),
    }
