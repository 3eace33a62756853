"""Thresholds are data, not code: each room says in a Struct what stands in its file, and asks for it here."""

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

L = TypeVar("L", bound=Struct)


def read_limits(room: str, kind: type[L]) -> L:
    """What `mission/ROOM.toml` of this version says.

    Raises: msgspec.ValidationError: it is not what the Struct says.
    """
    found: L = _read(room, kind)
    return found


@cache
def _read(room: str, kind: type[Struct]) -> Any:
    return msgspec.toml.decode((Path(__file__).parent / f"{room}.toml").read_bytes(), type=kind)
