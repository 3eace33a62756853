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


class Wish(Struct, kw_only=True):
    """What a client asks to follow. `ticket` is None but for the mission's own topic: see `api.alerts.listeners`."""

    ticket: str | None = None


class Followed(Protocol):
    """Something with versions that many follow; equal ones are one. `listeners` are woken by what is new."""

    @property
    def options(self) -> ServeOptions:
        """As the server was told."""

    @property
    def listeners(self) -> set[asyncio.Event]:
        """Whoever waits for news puts an event of theirs here."""

    @property
    def standing(self) -> object:
        """Told with a sign of life at once when it is another one: how the source is read."""

    def delivered(self, number: int) -> None:
        """So many messages were handed on: whoever does so says it, for /metrics."""

    async def refresh(self, *, is_beat: bool) -> None:
        """Take in what is new, before anybody is told; `is_beat`: also what is told with a sign of life only."""

    def read(self, data: bytes) -> Wish | None:
        """What a client asks for with its message, for `begin`; None for a kind of message that is ignored.

        Raises: InvalidInput, NotFound.
        """

    def begin(self, request: Any) -> OwedFrames:
        """The start of a subscription, or of another one."""

    def advance(self, position: Position) -> OwedFrames:
        """What happened since that position."""

    def beat(self, position: Position, now: datetime, *, with_hash: bool) -> Frame:
        """The sign of life for who stands there, which is the newest position."""
