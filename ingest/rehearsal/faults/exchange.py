"""One question and its reply, and the sound feed that answers it, now or as of an earlier moment."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_SET_ON_SENDING = (b"content-length",)


class FaultRequest(Struct, frozen=True):
    """One GET: its path and its parameters in order."""

    path: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """Parameters by name."""
        return dict(self.params)


class FaultReply(Struct, frozen=True):
    """Status, headers (without the length, which follows from the body) and body; `drip_s` passes after each byte."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    drip_s: float | None = None

    def changed(self, status: int, body: bytes, **headers: str) -> "FaultReply":
        """Another status and body, with those headers set ("retry_after" is retry-after)."""
        named = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        kept = tuple(header for header in self.headers if header[0] not in named)
        return FaultReply(status, kept + tuple(named.items()), body)

    def payload(self) -> Any:
        """The decoded JSON; None if it is not JSON, or has been spoiled already."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None

    def telling(self, payload: Any) -> "FaultReply":
        """The same answer with another payload."""
        return FaultReply(self.status, self.headers, msgspec.json.encode(payload))


def question_of(scope: Message) -> FaultRequest:
    """The question of an ASGI request."""
    return FaultRequest(
        scope["path"], tuple(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    )
