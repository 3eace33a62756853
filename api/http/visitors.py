"""Who asks: the address that a question is counted under, and whether they still wait for its answer."""

import ipaddress
from contextvars import ContextVar

from starlette.requests import HTTPConnection, Request

_visitor: ContextVar[HTTPConnection | None] = ContextVar("visitor", default=None)


def receive_visitor(connection: HTTPConnection) -> None:
    """What is done from here on, in this task and what it starts, is done for them."""
    _visitor.set(connection)


def visitor_address() -> str:
    """The address of whoever is answered, "" if that is nobody."""
    visitor = _visitor.get()
    return "" if visitor is None else address_of(visitor)


async def has_left() -> bool:
    """Whether nobody waits any more for what is being answered."""
    visitor = _visitor.get()
    return isinstance(visitor, Request) and await visitor.is_disconnected()


def address_of(connection: HTTPConnection) -> str:
    """The client's address; of IPv6 the network, since one client has all addresses of its /64."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return host
