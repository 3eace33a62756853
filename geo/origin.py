"""Whose boundaries a folder holds: who is to be named, under which licence, and which bytes they were built from."""

from pathlib import Path

import msgspec
from msgspec import Struct

ORIGIN = "origin.json"


class Origin(Struct, frozen=True):
    """Where fetched boundaries come from. `source`: its name in the catalogue; `drawn`: the labels' file of the folder
    that it speaks of, so that one left over from an earlier build is not taken for this one's."""

    source: str
    title: str
    credit: str
    licence: str
    licence_address: str
    address: str
    sha256: str
    bytes: int
    vintage: str
    fetched_at: str
    drawn: str = ""


def read_origin(folder: Path, drawn: str) -> Origin | None:
    """The origin of the boundaries with that labels' file; None where nobody wrote it down, as `geo build` does not."""
    try:
        origin = msgspec.json.decode((folder / ORIGIN).read_bytes(), type=Origin)
    except (OSError, msgspec.MsgspecError):
        return None
    return origin if origin.drawn == drawn else None
