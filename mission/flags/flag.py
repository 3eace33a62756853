"""One flag: what stands out, in figures and in words. The function that makes a flag also writes its sentences."""

from enum import StrEnum
from typing import Any

from msgspec import Struct


class FlagKind(StrEnum):
    """Every test that ships, the most severe first."""

    ARITHMETIC = "arithmetic"
    AGGREGATE = "aggregate"
    DECREASE = "decrease"
    REOPENED = "reopened"
    SWAP = "swap"
    SHARE = "share"
    TURNOUT = "turnout"
    IDENTICAL = "identical"
    ZERO = "zero"


class FlagSeverity(StrEnum):
    """How much a flag asks for: high must be explained, review looked at; info and context are for whoever looks."""

    HIGH = "high"
    REVIEW = "review"
    INFO = "info"
    CONTEXT = "context"


class Flag(Struct, frozen=True, kw_only=True):
    """`id` is the same at every checkpoint. `q`: the p-value after correction, None for what is no test.

    `at_most_votes`: the most votes the margin of the two leading lists would move by if the flag's suspicion were
    true, None where that cannot be said. `place` is a polling place's code.
    """

    id: str
    kind: FlagKind
    severity: FlagSeverity
    key: str
    place: str | None = None
    ubigeo: str | None = None
    evidence: dict[str, Any] = {}
    es: str
    en: str
    q: float | None = None
    at_most_votes: int | None = None


class Setting(Struct, frozen=True):
    """What sentences refer to: the lists' names in contest order, the two leading ones, and the national margin."""

    names: tuple[str, ...]
    leaders: tuple[int, int]
    margin: int


def flag_id(kind: FlagKind, key: str, suffix: str = "") -> str:
    """ "share-mesa-000123", or with the suffix of one of several flags of that kind "share-mesa-000123-1"."""
    return "-".join(filter(None, (kind, key.replace("/", "-"), suffix)))
