"""The reference client of the live protocol: a reducer that any transport may feed, and a follower over a socket.

async for replica in follow("wss://example.org", "2026-06-07-president-runoff", ["nation"]):
    print(replica.seq, replica.state["nation"]["published"])
"""

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

PROTOCOL = "escrutinio.rt.v1"
SILENCE_S = 25.0
RETRY_S = (0.5, 30.0)

Message = dict[str, Any]


class Replica:
    """One subscription's copy of the count. `take` reduces a message; `has_gap` says that a whole state is needed."""

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.seq = -1
        self.state: dict[str, Any] = {}
        self.has_gap = False

    def take(self, message: Message) -> bool:
        """Reduce one message of the server, or the answer of `/state`; whether the state is another afterwards."""
        kind = message.get("t", "snap")
        if kind == "hello" and message["epoch"] != self.epoch:
            self.epoch, self.seq, self.state = message["epoch"], -1, {}
        elif kind == "snap":
            self.epoch = message.get("epoch", self.epoch)
            self.seq, self.state, self.has_gap = message["seq"], message["state"], False
            return True
        elif kind == "delta":
            return self._take_delta(message)
        elif kind == "fetch":
            self.has_gap = True
        elif kind == "hb" and "hash" in message and message["seq"] == self.seq:
            self.has_gap = message["hash"] != self.hash
        return False

    def _take_delta(self, message: Message) -> bool:
        if message["seq"] <= self.seq:
            return False
        if self.seq < 0 or message["prev"] > self.seq:
            self.has_gap = True
            return False
        for change in message["changes"]:
            if "topic" not in change:
                self.state[change["k"]] = change["d"]
        self.seq = message["seq"]
        return True

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical state: sorted keys, no spaces, integers only."""
        text = json.dumps(self.state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def position(self) -> Message:
        """What to say to resume; empty before the first state."""
        return {} if self.seq < 0 or self.epoch is None else {"epoch": self.epoch, "from": self.seq}


async def follow(base: str, election_id: str, topics: list[str]) -> AsyncIterator[Replica]:
    """The replica after each change, for good: every broken connection is resumed after a random pause."""
    path = f"/api/v1/elections/{quote(election_id)}"
    replica, attempt = Replica(), 0
    async with httpx.AsyncClient(base_url=base.replace("ws", "http", 1)) as http:
        while True:
            try:
                async with connect(f"{base}{path}/live", subprotocols=[PROTOCOL]) as socket:  # type: ignore[list-item]
                    await socket.send(json.dumps({"t": "sub", "topics": topics, **replica.position()}))
                    while True:
                        changed = replica.take(json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S)))
                        attempt = 0
                        if replica.has_gap:
                            answer = await http.get(f"{path}/state", params={"topic": topics})
                            changed = replica.take(answer.raise_for_status().json())
                        if changed:
                            yield replica
            except (OSError, TimeoutError, WebSocketException, httpx.HTTPError):
                shortest, longest = RETRY_S
                ceiling = min(longest, shortest * 2 ** min(attempt + 1, 10))
                await asyncio.sleep(random.uniform(shortest, ceiling))  # noqa: S311 - spreads clients
                attempt += 1
