"""The reference client of the live protocol: a reducer that any transport may feed, and a follower over a socket.

async for replica in follow("wss://example.org", "2026-06-07-president-runoff", ["nation"]):
    print(replica.seq, replica.state["nation"]["published"])
"""

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator, Iterable
from enum import Enum, auto
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("escrutinio.rt.v1")
CORRECTIONS = "corrections"
SILENCE_S = 25.0
RETRY_S = (0.5, 30.0)

Message = dict[str, Any]
GONE: Message = {"reset": True}


class _Need(Enum):
    NOTHING, CHANGES, STATE, CORRECTIONS = auto(), auto(), auto(), auto()


class Replica:
    """One subscription's copy of the count: `take` reduces whatever a server says, over any transport.

    `corrections` are those told by what was taken last: events, some of keys outside of the state.
    """

    def __init__(self, topics: Iterable[str] = ("nation",)) -> None:
        self.topics = tuple(topics)
        self.corrections: list[Message] = []
        # The history the connection speaks of: an answer may know of a new one before the connection does.
        self._line: str | None = None
        self._forget(None)

    def _forget(self, epoch: str | None) -> None:
        self.epoch = epoch
        self.state: dict[str, Any] = {}
        self.seq = -1
        # Up to where corrections were told: a state is silent about those it overtakes, so they are asked for.
        self.told = -1
        self._need, self._url, self._is_wrong = _Need.NOTHING, "", False
        self._held: list[Message] = []

    @property
    def asks(self) -> str | None:
        """What to read over HTTP, below the election's address, and to `take` before anything else; None: nothing."""
        match self._need:
            case _Need.STATE:
                return self._url or "state?" + urlencode([("topic", topic) for topic in self.topics])
            case _Need.CHANGES:
                return self._changes(self.seq, self.topics)
            case _Need.CORRECTIONS:
                return self._changes(self.told, (CORRECTIONS,))
        return None

    def poll(self) -> None:
        """Ask for the state: who has no connection does so every few seconds."""
        self._need = _Need.STATE

    def unchanged(self) -> None:
        """The answer was 304: what we have is the present."""
        self._settle(self._held)

    def take(self, message: Message) -> bool:
        """Reduce a message, or the answer to `asks`; whether the state may be another afterwards."""
        self.corrections = []
        match message.get("t"):
            case None:
                return self._take_answer(message)
            case "hello":
                self._line = message["epoch"]
                if self._line != self.epoch:
                    self._forget(self._line)
            case _ if self._line != self.epoch:
                pass
            case "snap":
                self._take_state(message)
                return True
            case "delta":
                return self._take_delta(message)
            case "fetch":
                self._need, self._url = _Need.STATE, "state/" + message["url"].partition("/state/")[2]
            case "hb":
                self._take_heartbeat(message)
        return False

    def position(self) -> Message:
        """What to say to resume; empty before the first state."""
        return {} if self.seq < 0 or self.epoch is None else {"epoch": self.epoch, "from": self.seq}

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical state: sorted keys, no spaces, integers only."""
        text = json.dumps(self.state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _changes(self, since: int, topics: Iterable[str]) -> str:
        return "changes?" + urlencode([("epoch", self.epoch), ("from", since), *(("topic", one) for one in topics)])

    def _take_answer(self, answer: Message) -> bool:
        if "state" in answer:
            # A cache may hold an older one than ours, which is only better if ours turned out to be wrong.
            is_older = answer["epoch"] == self.epoch and answer["seq"] < self.seq
            if is_older and not self._is_wrong:
                self._settle([])
                return False
            self._take_state(answer)
            return True
        if "deltas" in answer and answer["epoch"] == self.epoch:
            return self._take_changes(answer)
        # Whoever cannot tell corrections may stand before us, and its state too: asked again at the next sign of life.
        self._need, self._url = _Need.NOTHING if self._need is _Need.CORRECTIONS else _Need.STATE, ""
        return False

    def _take_state(self, message: Message) -> None:
        epoch = message.get("epoch", self.epoch)
        if epoch != self.epoch:
            self._forget(epoch)
        self.seq, self.state, self._is_wrong = message["seq"], message["state"], False
        if self.told < 0 or CORRECTIONS not in self.topics:
            self.told = self.seq
        # What does not fit the newest state shows at the next message: whoever gave it may be behind.
        self._settle(self._held if self._url else [one for one in self._held if one["prev"] <= self.seq])

    def _take_changes(self, answer: Message) -> bool:
        is_whole, before = self._need is _Need.CHANGES, (self.seq, self.told)
        for delta in answer["deltas"]:
            if is_whole and delta["seq"] > self.seq:
                self._apply(delta)
            self._tell(delta)
        if not is_whole or before[0] <= before[1]:
            self.told = max(self.told, answer["seq"])
        if is_whole:
            self.seq = max(self.seq, answer["seq"])
        self._settle(self._held)
        if (self.seq, self.told) == before:  # asking the same again would lead nowhere
            self._need = _Need.STATE if self._need is _Need.CHANGES else _Need.NOTHING
        return self.seq != before[0]

    def _settle(self, held: list[Message]) -> None:
        """Something was answered: what was held back fits now, or shows what is missing still."""
        self._need, self._url, self._held = _Need.NOTHING, "", []
        for delta in held:
            self._take_delta(delta)
        if self._need is _Need.NOTHING and self.told < self.seq:
            self._need = _Need.CORRECTIONS

    def _take_delta(self, delta: Message) -> bool:
        if delta["seq"] > self.seq:
            if self._need in (_Need.CHANGES, _Need.STATE) or self.seq < 0 or delta["prev"] > self.seq:
                self._held.append(delta)
                self._miss()
                return False
            self._apply(delta)
        elif delta["seq"] <= self.told:
            return False
        self._tell(delta)
        return True

    def _apply(self, delta: Message) -> None:
        self.state |= {change["k"]: change["d"] for change in delta["changes"] if "topic" not in change}
        self.seq = delta["seq"]

    def _tell(self, delta: Message) -> None:
        if delta["seq"] > self.told:
            self.corrections += [change for change in delta["changes"] if change["kind"] == "correction"]
            if delta["prev"] <= self.told:
                self.told = delta["seq"]

    def _take_heartbeat(self, beat: Message) -> None:
        if self._need is not _Need.NOTHING:
            return
        if beat["seq"] > self.seq:
            self._miss()
        elif self.told < self.seq:
            self._need = _Need.CORRECTIONS
        elif "hash" in beat and beat["hash"] != self.hash:
            self._need, self._is_wrong = _Need.STATE, True

    def _miss(self) -> None:
        if self._need is not _Need.STATE:
            self._need = _Need.STATE if self.seq < 0 else _Need.CHANGES


async def follow(
    base: str, election_id: str, topics: list[str], contest_id: str | None = None
) -> AsyncIterator[Replica]:
    """The replica after each change, for good: every broken connection is resumed after a random pause.

    `contest_id`: one of the election's contests; None: its first.
    """
    path = f"/api/v1/elections/{quote(election_id)}"
    if contest_id is not None:
        path += f"/contests/{quote(contest_id)}"
    replica, attempt = Replica(topics), 0
    async with httpx.AsyncClient(base_url=base.replace("ws", "http", 1)) as http:
        while True:
            try:
                async with connect(f"{base}{path}/live", subprotocols=[PROTOCOL]) as socket:
                    await socket.send(json.dumps({"t": "sub", "topics": topics, **replica.position()}))
                    while True:
                        message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE_S))
                        attempt = 0
                        if replica.take(message):
                            yield replica
                        while replica.asks is not None:
                            if replica.take(await _read(http, f"{path}/{replica.asks}")):
                                yield replica
            except (OSError, TimeoutError, WebSocketException, httpx.HTTPError):
                shortest, longest = RETRY_S
                ceiling = min(longest, shortest * 2 ** min(attempt + 1, 10))
                await asyncio.sleep(random.uniform(shortest, ceiling))  # noqa: S311 - spreads clients
                attempt += 1


async def _read(http: httpx.AsyncClient, address: str) -> Message:
    answer = await http.get(address)
    if is_gone(address, answer.status_code):
        return GONE
    message: Message = answer.raise_for_status().json()
    return message


def is_gone(address: str, status: int) -> bool:
    """Whether an answer says that what was asked for is no longer there: take `GONE`, and the state is asked for."""
    return status == HTTPStatus.GONE or (status == HTTPStatus.NOT_FOUND and "/state/" in f"/{address}")
