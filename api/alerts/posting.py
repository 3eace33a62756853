"""POST to an address of somebody else: in bounded time, to where its name was seen to point; no answer is read."""

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from mission.deliveries import Unsent

_TIMEOUT_S = 10.0
# Addresses that a translator turns into those of IPv4.
_TRANSLATED = IPv6Network("64:ff9b::/96")
# All of IPv6 that is given out; what is none of it (a site's, IPv4's in six words) is a network's own.
_GIVEN_OUT = IPv6Network("2000::/3")


async def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    is_private_allowed: bool = True,
) -> None:
    """Hand JSON over; any answer but 2xx is a failure, redirects too. What fails is told without the address.

    is_private_allowed: whether it may be an address of our own network.

    Raises: Unsent.
    """
    whole = {"Content-Type": "application/json", **headers}
    try:
        async with (
            asyncio.timeout(_TIMEOUT_S),
            httpx.AsyncClient(transport=transport, timeout=_TIMEOUT_S, trust_env=is_private_allowed) as client,
        ):
            request = client.build_request("POST", url, content=body, headers=whole)
            if not is_private_allowed:
                await _pin(request)
            answer = await client.send(request, stream=True)
            await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError, OSError) as error:
        raise Unsent(f"the webhook cannot be reached ({type(error).__name__})") from error
    if not answer.is_success:
        raise Unsent(f"the webhook answers {answer.status_code}")


async def _pin(request: httpx.Request) -> None:
    """Let it go to an address that was looked at: a name may point elsewhere the next time it is asked for.

    Raises: Unsent: one of the addresses behind the name is no public one. OSError: the name is not known.
    """
    host = request.url.host
    found = await asyncio.get_running_loop().getaddrinfo(
        host, request.url.port or request.url.scheme, type=socket.SOCK_STREAM
    )
    addresses = [ip_address(sockaddr[0]) for *_, sockaddr in found]
    if not addresses or not all(map(is_public, addresses)):
        raise Unsent("the webhook's address is not a public one; `private = true` in its subscription allows it")
    request.url = request.url.copy_with(host=str(addresses[0]))
    request.extensions = {**request.extensions, "sni_hostname": host}


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is one of the public internet, also behind what stands for an address of IPv4."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _TRANSLATED:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _GIVEN_OUT:
            return False
    return address.is_global and not address.is_multicast
