"""The change log's terms: a change, a change set, and what folding them means.

A change set is what one transaction publishes: all its changes share one `seq`, so nobody ever sees half of it.
Values are absolute: applying a change twice, or skipping a superseded one, is harmless.
"""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from tally.errors import StoreMismatch

# The format that changes are written in. 1: a hold or flag holds its sentences. 2: its rule and figures only.
# 3: more is impossible, marked or a correction (tally/rules/arithmetic.py). 4: a contest's only area is no echo of it.
LOG_FORMAT = 4

_encoder = msgspec.json.Encoder(order="deterministic")


class Kind(StrEnum):
    """Why a value changed. `correction`: a number went down or was replaced; `hold`: a newer value is impossible."""

    UPDATE = "update"
    CORRECTION = "correction"
    HOLD = "hold"
    RELEASE = "release"


# What is told of a number besides that it is new.
NOTED = (Kind.CORRECTION, Kind.HOLD, Kind.RELEASE)


# Hundreds of thousands of both are held, and neither can be part of a cycle: the collector need not know them.
class Change(Struct, frozen=True, gc=False):
    """One key's new value. `data` is canonical JSON; `src` names the raw bytes ("sha256:…", several joined by "+").

    `src` is None for a value that was only computed from other changes of the same set. `note` says who released a
    held value, and why.
    """

    key: str
    kind: Kind
    data: bytes
    src: str | None = None
    note: str | None = None


class ChangeSet(Struct, frozen=True):
    """All changes of one transaction; `at` is the time of publication, ISO UTC, `format` that of their data."""

    seq: int
    at: str
    changes: tuple[Change, ...]
    format: int = 1


class Entry(Struct, frozen=True, gc=False):
    """The present value of one key: its last change, with version and time."""

    seq: int
    at: str
    change: Change


def check_format(number: int) -> int:
    """The format of a log, if this program can read it.

    Raises: StoreMismatch: it is newer.
    """
    if number > LOG_FORMAT:
        complaint = (
            f"the log is written in format {number} and this program knows {LOG_FORMAT}: "
            "use a program as new as the one that wrote it"
        )
        raise StoreMismatch(complaint, public=complaint)
    return number


def encode(value: Any) -> bytes:
    """Canonical JSON of a published value: sorted keys (fields stand in that order), no spaces."""
    return _encoder.encode(value)


def fold(sets: Iterable[ChangeSet], state: dict[str, Entry] | None = None) -> dict[str, Entry]:
    """State after those change sets, by key: the last change of a key is its value."""
    state = {} if state is None else state
    for changes in sets:
        for change in changes.changes:
            state[change.key] = Entry(changes.seq, changes.at, change)
    return state


def snapshot(state: Mapping[str, Entry], keys: Iterable[str]) -> bytes:
    """Canonical JSON object of the values of `keys` (which the state must have), sorted by key."""
    parts = [b'"' + key.encode() + b'":' + state[key].change.data for key in sorted(keys)]
    return b"{" + b",".join(parts) + b"}"


def digest(canonical: bytes) -> str:
    """SHA-256 of canonical bytes, hexadecimal: two holders of one state compute one hash."""
    return hashlib.sha256(canonical).hexdigest()
