"""The kinds of attack, each one visit of one attacker; how many of them at once, and how they rest, is bounded here."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from api.live.client import PROTOCOL
from bench.attack.wire import Target, ask, connected, head, post

_MISSION = "/api/v1/mission/session"
_UPDATES = "/_dash-update-component"
_DRIBBLE_S = 2.0
_SOCKET_S = 20.0
# What is asked for with parameters that nobody knows, or that make every question another one.
_JUNK = (
    "{base}/results?level=mesa&y={n}",
    "{base}/state?topic=nation&topic=districts&x={n}",
    "{base}/areas/department/14?fbclid={n}",
    "/?utm_source={n}",
    "/area/department/14?fbclid={n}",
    "/queue?before={n}",
    "/embed/v1/map?fbclid={n}",
    "/embed/v1/map?area=department/{n}",
    "/_dash-component-suites/dash/{n}.js",
    "/%00/{n}",
)

Visit = Callable[[Target, str, random.Random], Awaitable[str]]


class Kind(Struct, frozen=True):
    """An attack: one `visit`, by so many attackers at once from so many addresses, each resting between two visits."""

    visit: Visit
    attackers: int
    addresses: int
    rest_s: float


async def half_head(target: Target, source: str, _rng: random.Random) -> str:
    """A head that never ends."""
    return await _dribble(target, source, head(target, "GET", "/")[:-2] + b"X-Slow: ")


async def half_body(target: Target, source: str, rng: random.Random) -> str:
    """A body that never ends."""
    path = rng.choice((_UPDATES, _MISSION))
    more = (f"Origin: http://{target.host}", "Content-Type: application/json", "Content-Length: 900")
    return await _dribble(target, source, head(target, "POST", path, *more) + b'{"a":"')


async def _dribble(target: Target, source: str, begun: bytes) -> str:
    async with connected(target, source) as (reader, writer):
        writer.write(begun)
        while True:
            try:
                async with asyncio.timeout(_DRIBBLE_S):
                    answer = await reader.read(200)
            except TimeoutError:
                writer.write(b"a")
                continue
            return answer.split()[1].decode() if answer else "closed"


async def slow_reader(target: Target, source: str, rng: random.Random) -> str:
    """The largest answers, taken a few bytes a second."""
    path = rng.choice((f"{target.base}/state?topic=districts&topic=provinces", "/", "/embed/v1/map"))
    async with connected(target, source, window=2048) as (reader, writer):
        writer.write(head(target, "GET", path))
        taken = 0
        while piece := await reader.read(64):
            taken += len(piece)
            await asyncio.sleep(1.0)
    return "let go" if taken else "closed"


async def junk(target: Target, source: str, rng: random.Random) -> str:
    """Addresses that nobody gave them."""
    path = rng.choice(_JUNK).format(base=target.base, n=rng.randrange(10**9))
    return await ask(target, source, head(target, "GET", path))


async def past(target: Target, source: str, rng: random.Random) -> str:
    """Some second of the night, of all districts."""
    at = datetime(2026, 6, 8, tzinfo=UTC) + timedelta(seconds=rng.randrange(10_000))
    query = f"topic=districts&topic=provinces&at={at:%Y-%m-%dT%H:%M:%SZ}"
    path = rng.choice((f"{target.base}/state?{query}", f"/area/department/14?at={at:%Y-%m-%dT%H:%M:%SZ}"))
    return await ask(target, source, head(target, "GET", path))


async def sign_in(target: Target, source: str, rng: random.Random) -> str:
    """Wrong passwords, for an account that there is and for others."""
    name = rng.choice(("carla", "root", f"nobody{rng.randrange(1000)}"))
    return await ask(target, source, post(target, _MISSION, {"name": name, "password": f"wrong {rng.random()}"}))


async def hold_socket(target: Target, source: str, _rng: random.Random) -> str:
    """A socket that is held and never reads nor says anything."""
    more = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
    more += (f"Sec-WebSocket-Protocol: {PROTOCOL}",)
    request = head(target, "GET", f"{target.base}/live", *more).replace(b"Connection: close", b"Connection: Upgrade")
    async with connected(target, source, window=2048) as (reader, writer):
        writer.write(request)
        words = (await reader.readline()).split()
        if len(words) < 2:
            return "closed"
        if words[1] == b"101":
            await asyncio.sleep(_SOCKET_S)
        return words[1].decode()


KINDS = {
    "half-sent heads": Kind(half_head, 80, 20, 0.5),
    "half-sent bodies": Kind(half_body, 80, 20, 0.5),
    "slow readers": Kind(slow_reader, 60, 20, 0.5),
    "junk parameters": Kind(junk, 8, 40, 0.2),
    "moments of the past": Kind(past, 8, 100, 0.4),
    "wrong passwords": Kind(sign_in, 8, 60, 0.4),
    "sockets": Kind(hold_socket, 300, 10, 1.0),
}
