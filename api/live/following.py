"""What is followed, and where somebody who follows it stands: the same for a count and for the table of contests."""

import asyncio
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from api.live.frames import Frame
from api.live.ring import Topics
from api.options import ServeOptions


class Position(Struct, frozen=True):
    """Where a subscriber stands: `told` is the version it was last sent, `seen` how far was searched for it."""

    topics: Topics
    epoch: str
    seen: int
    told: int


class OwedFrames(Struct, frozen=True):
    """Frames that are owed, and the position they lead to."""

    frames: tuple[Frame, ...]
    position: Position


class Followed(Protocol):
    """Something with versions that many follow. `listeners` are woken by every new one."""

    options: ServeOptions
    listeners: set[asyncio.Event]
    # Messages handed to followers since the start: whoever hands one on counts it here, for /metrics.
    deliveries: int

    def read(self, data: bytes) -> Any:
        """What a client asks for with its message, for `begin`; None for a kind of message that is ignored.

        Raises: InvalidInput, NotFound.
        """

    def begin(self, request: Any) -> OwedFrames:
        """The start of a subscription, or of another one."""

    def advance(self, position: Position) -> OwedFrames:
        """What happened since that position."""

    def beat(self, position: Position, now: datetime, *, with_hash: bool) -> Frame:
        """The sign of life for who stands there, which is the newest position."""

    async def refresh(self) -> None:
        """Before a sign of life: take in what is no news by itself."""
