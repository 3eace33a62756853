"""A client of the live protocol that does what the protocol asks of one, and checks what it is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

from api.live.client import Replica
from api.live.hub import SUBPROTOCOL
from tests.api.conftest import BASE
from tests.api.live.hearing import validators_of
from tests.waiting import PATIENCE_S

_VALIDATORS = validators_of("rt1")


def validate(message: dict[str, Any]) -> dict[str, Any]:
    """The message, if it is one of the protocol's."""
    _VALIDATORS[message["t"]].validate(message)
    return message


class Follower:
    """One socket with the replica it has built up; where a client would mend what is missing, this one fails."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.replica = Replica()

    @property
    def state(self) -> dict[str, Any]:
        """What the replica holds."""
        return self.replica.state

    @property
    def seq(self) -> int:
        """The version of that."""
        return self.replica.seq

    @property
    def epoch(self) -> str:
        """The history that is of."""
        return self.replica.epoch or ""

    def stand(self, epoch: str, seq: int, state: dict[str, Any]) -> None:
        """Begin where another left off."""
        self.replica.take({"epoch": epoch, "seq": seq, "state": state})

    def subscribe(self, *topics: str, epoch: str | None = None, since: int | None = None) -> None:
        """Ask for topics, from a version on if one is named."""
        wish: dict[str, Any] = {"t": "sub", "topics": list(topics)}
        if since is not None:
            wish |= {"epoch": epoch, "from": since}
        self.socket.send(json.dumps(validate(wish)))

    def receive(self, timeout: float = PATIENCE_S) -> dict[str, Any]:
        """The next message, taken into the state."""
        message = validate(json.loads(self.socket.recv(timeout)))
        if message["t"] == "delta":
            assert message["prev"] == self.seq, "a gap"
        self.replica.take(message)
        assert message["t"] == "fetch" or self.replica.asks is None, message
        if message["t"] == "snap":
            assert self.hash == message["hash"]
        return message

    def next(self, kind: str, timeout: float = PATIENCE_S) -> dict[str, Any]:
        """The next message of a kind; heartbeats on the way are fine, anything else is not."""
        while True:
            message = self.receive(timeout)
            if message["t"] == kind:
                return message
            assert message["t"] == "hb", message

    def reach(self, seq: int) -> list[dict[str, Any]]:
        """The deltas up to a version."""
        found = []
        while self.seq < seq:
            found.append(self.next("delta"))
        return found

    @property
    def hash(self) -> str:
        """What the protocol says the state's hash is."""
        return self.replica.hash


@contextmanager
def follow(address: str, **options: Any) -> Iterator[Follower]:
    """A follower of the test election."""
    with connected(address, BASE, **options) as follower:
        yield follower


@contextmanager
def connected(address: str, base: str, **options: Any) -> Iterator[Follower]:
    """A follower of the election whose API begins with `base`."""
    settings: dict[str, Any] = {"subprotocols": [SUBPROTOCOL], "compression": None, "proxy": None, **options}
    with connect(f"ws://{address}{base}/live", **settings) as socket:
        yield Follower(socket)
