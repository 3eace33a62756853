"""Who may open a live socket: the right protocol, an allowed origin, not too many from one address.

Every client has its own session and its own position in the log, never a queue: who is slow finds the newest value of
each key when it can read again, and nobody waits for anybody.
"""

import ipaddress
from collections import Counter
from urllib.parse import urlsplit

from starlette.websockets import WebSocket

from api.errors import TooMany
from api.live import LiveCount
from api.options import ServeOptions
from api.session import Session
from tally.errors import Forbidden, InvalidInput

SUBPROTOCOL = "escrutinio.rt.v1"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Hub:
    """All open sockets, counted by address."""

    def __init__(self, options: ServeOptions) -> None:
        self._origins = frozenset(options.origins)
        self._most = options.sockets_per_address
        self._open: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """How many sockets are open."""
        return self._open.total()

    async def serve(self, socket: WebSocket, live: LiveCount) -> None:
        """Accept the socket and serve it to its end.

        Raises: InvalidInput, Forbidden, TooMany: it is not accepted.
        """
        if SUBPROTOCOL not in socket.scope.get("subprotocols", ()):
            raise InvalidInput(f"this socket speaks the subprotocol {SUBPROTOCOL}; ask for it")
        self._check_origin(socket)
        address = address_of(socket)
        if self._open[address] >= self._most:
            raise TooMany(f"{self._most} sockets of this address are open already")
        self._open[address] += 1
        try:
            await socket.accept(SUBPROTOCOL)
            await Session(socket, live).run()
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def _check_origin(self, socket: WebSocket) -> None:
        """Browsers name the page that opens a socket; programs need not."""
        origin = socket.headers.get("origin")
        if origin is None or origin in self._origins:
            return
        page = urlsplit(origin)
        own = socket.headers.get("host", "")
        default = _DEFAULT_PORTS.get(page.scheme)
        if default is None or page.netloc.removesuffix(default) != own.removesuffix(default):
            raise Forbidden(f"pages of {origin[:100]} may not open this socket")


def address_of(socket: WebSocket) -> str:
    """The client's address; of IPv6 the network, since one client has all addresses of its /64."""
    host = socket.client.host if socket.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return host
