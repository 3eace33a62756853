"""Who may follow live: the right protocol, an allowed origin, not too many from one address nor in all.

Every client has its own position in the log, never a queue: who is slow finds the newest value of each key when it can
read again, and nobody waits for anybody.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from api.http.errors import AtCapacity
from api.http.origin import is_own_page
from api.http.visitors import address_of
from api.live.audience import Audience
from api.live.count import LiveCount
from api.live.following import Followed
from api.live.session import LiveSession
from api.live.sockets import EXTENSION, HubProtocol
from api.live.subscription import FollowedCount
from api.options import ServeOptions
from tally.errors import Forbidden, InvalidInput, TooMany

SUBPROTOCOL = "escrutinio.rt.v1"


class TicketedTopic(Protocol):
    """Whoever serves the topic that needs a ticket."""

    def admit(self, live: LiveCount, wire: HubProtocol, request: Any, leave: Callable[[], None]) -> None:
        """Take a socket over; `leave` is called when it is gone."""


class Hub:
    """All who follow, by socket or by a stream of events, counted by address."""

    def __init__(self, options: ServeOptions, ticketed: TicketedTopic | None = None) -> None:
        self._ticketed = ticketed
        self._origins = frozenset(options.origins)
        self._most, self._most_in_all = options.sockets_per_address, options.sockets
        self._open: Counter[str] = Counter()
        self._audiences: dict[Followed, Audience] = {}
        self.stopping = asyncio.Event()

    @property
    def size(self) -> int:
        """How many follow."""
        return self._open.total()

    async def serve(self, socket: WebSocket, followed: Followed) -> None:
        """Accept the socket and take it over; nothing waits for its end.

        Raises: InvalidInput, Forbidden, TooMany, AtCapacity: it is not accepted.
        """
        if SUBPROTOCOL not in socket.scope.get("subprotocols", ()):
            raise InvalidInput(f"this socket speaks the subprotocol {SUBPROTOCOL}; ask for it")
        leave = self.admit(socket)
        try:
            await socket.accept(SUBPROTOCOL)
            wire: HubProtocol = socket.scope["extensions"][EXTENSION]
            wire.take_over(LiveSession(wire, self._audience(followed), leave))
        except BaseException:
            leave()
            raise

    def admit(self, connection: HTTPConnection) -> Callable[[], None]:
        """Count one more who follows; what is returned, called once, counts it out again.

        Raises: Forbidden, TooMany, AtCapacity.
        """
        self._check_origin(connection)
        address = address_of(connection)
        if self._open[address] >= self._most:
            raise TooMany(f"{self._most} connections of this address are open already")
        if self.size >= self._most_in_all:
            raise AtCapacity("as many follow already as this server can serve; try again, or read the state instead")
        self._open[address] += 1
        return partial(self._release, address)

    def audiences(self) -> list[Audience]:
        """Who follows what."""
        return list(self._audiences.values())

    async def stop(self) -> None:
        """Tell nobody any more."""
        self.stopping.set()
        for audience in self._audiences.values():
            await audience.stop()

    def _audience(self, followed: Followed) -> Audience:
        known = self._audiences.get(followed)
        if known is None:
            ticketed = None
            if self._ticketed is not None and isinstance(followed, FollowedCount):
                ticketed = partial(self._ticketed.admit, followed.live)
            known = self._audiences[followed] = Audience(followed, ticketed)
        return known

    def _release(self, address: str) -> None:
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]

    def _check_origin(self, connection: HTTPConnection) -> None:
        """Browsers name the page that opens a socket; programs need not."""
        origin = connection.headers.get("origin")
        if origin is None or origin in self._origins:
            return
        if not is_own_page(origin, connection):
            raise Forbidden(f"pages of {origin[:100]} may not follow live")
