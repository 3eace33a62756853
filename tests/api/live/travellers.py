"""Clients of the three transports that share nothing but the reducer; on the way to them anything may happen."""

import json
import random
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, cast

import msgspec

from api.live.audience import Audience
from api.live.client import GONE, Message, Replica, is_gone
from api.live.session import LiveSession
from api.live.sockets import HubProtocol
from tally.changes import encode
from tests.api.conftest import BASE
from tests.api.standing import Reading

TOPICS = ("nation", "department/14", "district/140101", "corrections")
FAULTS = ("lose", "double", "turn")
# Frames a client that does not read still has room for, and the most that are written to it in one go.
_ROOM, _STEP = 3, 3

Ask = Callable[[str, dict[str, str]], Awaitable[tuple[int, dict[str, str], bytes]]]


class Traveller:
    """A replica, and the corrections it was told of since version `began`."""

    def __init__(self, seed: random.Random, ask: Ask) -> None:
        self.replica = Replica(TOPICS)
        self.heard: set[tuple[str, bytes]] = set()
        self.began = -1
        self.asked = Counter[str]()
        self._epoch: str | None = None
        self._seed, self._ask = seed, ask

    def take(self, message: Message) -> None:
        """Reduce one message and remember its corrections."""
        replica = self.replica
        replica.take(message)
        if replica.epoch != self._epoch:
            self._epoch, self.began = replica.epoch, -1
            self.heard.clear()
        if self.began < 0:
            self.began = replica.told
        self.heard |= {(one["k"], encode(one["d"])) for one in replica.corrections}

    async def heal(self) -> None:
        """Ask for what is missing until nothing is."""
        while (address := self.replica.asks) is not None:
            self.asked.update(("healed", "changes" if address.startswith("changes") else "states"))
            status, _, body = await self._ask(f"{BASE}/{address}", {})
            assert status == 200 or is_gone(address, status), (status, body)
            self.take(GONE if status != 200 else msgspec.json.decode(body))

    async def deliver(self, messages: Sequence[Message], fault: str | None) -> None:
        """Messages arrive, with a fault; mostly what is missing is asked for at once."""
        for message in _suffer(messages, fault, self._seed):
            self.take(message)
            if self._seed.random() < 0.8:
                await self.heal()


def _suffer(messages: Sequence[Message], fault: str | None, seed: random.Random) -> list[Message]:
    """What arrives. Every hello stays where it is: the connection itself announces a history, once."""
    found: list[Message] = []
    part: list[Message] = []
    for message in [*messages, {"t": "hello"}]:
        if message["t"] != "hello":
            part.append(message)
            continue
        if fault == "lose" and part:
            del part[seed.randrange(len(part))]
        elif fault == "double":
            part += part
        elif fault == "turn":
            part.reverse()
        found += [*part, message]
        part = []
    return found[:-1]


class Wire:
    """Stands for a socket: a client that stopped reading still has room for some frames, then the server is told."""

    def __init__(self, *, is_packed: bool) -> None:
        self.is_paused, self.is_packed, self.is_closed = False, is_packed, False
        self.is_stalled, self._late = False, 0
        self.frames: list[bytes] = []
        self.transport = self
        self.receiver: LiveSession | None = None

    def write(self, data: bytes) -> None:
        """A frame of the server."""
        assert not self.is_closed, "written to a client that is gone"
        self.frames.append(data)
        if self.is_paused:
            self._late += 1
            assert self._late < _STEP, "written to a client that does not read"
        elif self.is_stalled and len(self.frames) > _ROOM and self.receiver is not None:
            self.is_paused, self._late = True, 0
            self.receiver.on_paused()

    def part(self, text: bytes, code: int) -> None:
        """The server says goodbye."""
        self.frames.append(b"\x81\x7e" + len(text).to_bytes(2, "big") + text)
        self.lose()

    def lose(self) -> None:
        """The connection is gone."""
        if not self.is_closed:
            self.is_closed = True
            assert self.receiver is not None
            self.receiver.on_lost()

    def read(self) -> list[Message]:
        """All that has come; afterwards the server may write again."""
        frames, self.frames = self.frames, []
        if self.is_paused and not self.is_closed:
            self.is_paused = False
            assert self.receiver is not None
            self.receiver.on_resumed()
        return [msgspec.json.decode(payload) for payload in _payloads(b"".join(frames))]


def _payloads(data: bytes) -> Iterator[bytes]:
    """The text of every frame."""
    position = 0
    while position < len(data):
        size, start = data[position + 1], position + 2
        if size > 125:
            start += 2 if size == 126 else 8
            size = int.from_bytes(data[position + 2 : start], "big")
        text = data[start : start + size]
        if data[position] & 0x40:
            text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(text + b"\0\0\xff\xff")
        yield text
        position = start + size


class SocketTraveller(Traveller):
    """Follows by a socket."""

    def __init__(self, seed: random.Random, ask: Ask) -> None:
        super().__init__(seed, ask)
        self.wire: Wire | None = None
        self.byes = 0

    def connect(self, audience: Audience) -> None:
        """Open a socket and resume."""
        self.wire = Wire(is_packed=self._seed.random() < 0.5)
        session = self.wire.receiver = LiveSession(cast(HubProtocol, self.wire), audience, lambda: None)
        session.on_message(json.dumps({"t": "sub", "topics": TOPICS, **self.replica.position()}).encode())

    @property
    def is_gone(self) -> bool:
        return self.wire is None or self.wire.is_closed

    def stall(self) -> None:
        """Stop reading, or read again."""
        if self.wire is not None:
            self.wire.is_stalled = not self.wire.is_stalled

    def resume(self) -> None:
        if self.wire is not None:
            self.wire.is_stalled = False

    def drop(self) -> None:
        """The connection breaks, with all that is under way."""
        if self.wire is not None:
            self.wire.lose()
            self.wire = None

    async def read(self, fault: str | None) -> None:
        """Take what has come."""
        if self.wire is not None and not self.wire.is_stalled:
            messages = self.wire.read()
            self.byes += sum(one["t"] == "bye" for one in messages)
            await self.deliver(messages, fault)


class StreamTraveller(Traveller):
    """Follows by server-sent events."""

    def __init__(self, seed: random.Random, ask: Ask) -> None:
        super().__init__(seed, ask)
        self.reading: Reading | None = None
        self._last_id = ""
        self._is_stalled = False

    def connect(self, app: Any) -> None:
        """Open a stream: resume as a browser does by itself, or as our client does."""
        query = "&".join(f"topic={topic}" for topic in TOPICS)
        headers: dict[str, str] = {}
        if self._last_id and self._seed.random() < 0.5:
            headers["last-event-id"] = self._last_id
        else:
            query += "".join(f"&{name}={value}" for name, value in self.replica.position().items())
        self._is_stalled = False
        self.reading = Reading(app, f"{BASE}/stream?{query}", headers)

    @property
    def is_gone(self) -> bool:
        return self.reading is None or self.reading.task.done()

    def stall(self) -> None:
        """Stop reading, or read again."""
        self._set(is_stalled=not self._is_stalled)

    def resume(self) -> None:
        self._set(is_stalled=False)

    def _set(self, *, is_stalled: bool) -> None:
        self._is_stalled = is_stalled
        if self.reading is not None:
            self.reading.stall(is_stalled=is_stalled)

    def drop(self) -> None:
        """The connection breaks, with all that is under way."""
        if self.reading is not None:
            self.reading.leave()
            self.reading = None

    async def read(self, fault: str | None) -> None:
        """Take what has come."""
        if self.reading is None or self._is_stalled:
            return
        text, self.reading.pieces = b"".join(self.reading.pieces).decode(), []
        messages = []
        for line in text.splitlines():
            name, _, value = line.partition(": ")
            if name == "data":
                messages.append(msgspec.json.decode(value))
            elif name == "id":
                self._last_id = value
        await self.deliver(messages, fault)


class PollTraveller(Traveller):
    """Asks for the state now and then, with the version it has; a cache on the way gives older answers again."""

    def __init__(self, seed: random.Random, ask: Ask) -> None:
        super().__init__(seed, ask)
        self._etag = ""
        self._earlier: list[Message] = []

    async def poll(self, fault: str | None) -> None:
        """Ask once."""
        self.replica.poll()
        address = f"{BASE}/{self.replica.asks}"
        status, headers, body = await self._ask(address, {"if-none-match": self._etag} if self._etag else {})
        if status == 304:
            self.replica.unchanged()
            return
        if fault == "lose":
            return
        self._etag = headers["etag"]
        state = msgspec.json.decode(body)
        for answer in [state, *(self._earlier if fault == "turn" else [state] if fault == "double" else [])]:
            if answer["epoch"] == state["epoch"]:
                self.take(answer)
        self._earlier = [*self._earlier[-2:], state]
        await self.heal()
