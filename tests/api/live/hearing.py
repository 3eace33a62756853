"""A client of one of the protocols that checks what it hears against the schema, over a socket or as events."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.live.hub import SUBPROTOCOL
from tests.waiting import PATIENCE_S


def validators_of(protocol: str) -> Mapping[str, Draft202012Validator]:
    """What checks each kind of message, by `t`, of a protocol: rt1, contests1, leads1."""
    schema = json.loads((files("api.schemas") / f"{protocol}.json").read_text())
    kinds = [one["$ref"].rpartition("/")[2] for one in schema["oneOf"]]
    return {kind: Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}) for kind in kinds}


class Hearing:
    """What a client has heard, kind by kind; `keep` of a protocol's own takes in what a message says."""

    protocol = ""

    def __init__(self, receive: Callable[[], str]) -> None:
        self._receive, self._validators = receive, validators_of(self.protocol)
        self.epoch = ""
        self.heard: list[str] = []

    def take(self) -> dict[str, Any]:
        """The next message, taken in as the protocol asks."""
        message: dict[str, Any] = json.loads(self._receive())
        self._validators[message["t"]].validate(message)
        self.heard.append(message["t"])
        self.epoch = message.get("epoch", self.epoch)
        self.keep(message)
        return message

    def keep(self, message: dict[str, Any]) -> None:
        """Take in what it says."""


@contextmanager
def asking(url: str, **wish: Any) -> Iterator[ClientConnection]:
    """A socket on which that was asked for."""
    with connect(url, subprotocols=[Subprotocol(SUBPROTOCOL)], compression=None, proxy=None) as socket:
        socket.send(json.dumps({"t": "sub", **wish}))
        yield socket


def receiver(socket: ClientConnection) -> Callable[[], str]:
    """What gives the socket's next message."""
    return lambda: str(socket.recv(PATIENCE_S))
