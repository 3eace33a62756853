"""One flag: what stands out, in figures. Its sentence is in the texts, see `mission.flags.sentences`."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from mission.flags.sheets import Sheets
from tally.keys import mesa_key


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


# Kinds by what they rest on, as the sentence over a checkpoint's flags counts them.
FAMILIES: Mapping[str, tuple[FlagKind, ...]] = {
    "rules": (FlagKind.ARITHMETIC,),
    "review": (FlagKind.SHARE, FlagKind.TURNOUT),
    "swap": (FlagKind.SWAP,),
    "totals": (FlagKind.AGGREGATE, FlagKind.DECREASE, FlagKind.REOPENED),
    "identical": (FlagKind.IDENTICAL,),
    "zero": (FlagKind.ZERO,),
}


class FlagSeverity(StrEnum):
    """How much a flag asks for: high must be explained, review looked at; info and context are for whoever looks."""

    HIGH = "high"
    REVIEW = "review"
    INFO = "info"
    CONTEXT = "context"


class Flag(Struct, frozen=True, kw_only=True):
    """`id` is the same at every checkpoint. `q`: the p-value after correction, None for what is no test.

    `figures`: what its sentence needs and a reader may check; a list is named by its index in the contest.
    `at_most_votes`: the most votes the margin of the two leading lists would move by if the flag's suspicion were
    true, None where that cannot be said. `place` is a polling place's code.
    """

    id: str
    kind: FlagKind
    severity: FlagSeverity
    key: str
    place: str | None = None
    ubigeo: str | None = None
    figures: dict[str, Any] = {}
    q: float | None = None
    at_most_votes: int | None = None


class Setting(Struct, frozen=True):
    """How many lists there are, the two whose margin decides by their indexes, and that margin of the nation."""

    lists: int
    leaders: tuple[int, int]
    margin: int

    def one_way(self, change: int) -> dict[str, int]:
        """The figures of a flag that would move the margin by so many votes, down if negative."""
        ahead, behind = self.leaders
        told = {"ahead": ahead, "behind": behind, "margin": self.margin}
        return {**told, "change": abs(change), "is_lower": change < 0}

    def either_way(self, most: int) -> dict[str, int]:
        """The figures of one that would move it by so many at most, nobody knows in which direction."""
        return {"margin": self.margin, "spread": most}


def lead_of(votes: Iterable[int | None]) -> int:
    """By how much the first list of an acta is ahead of the second, or of nobody."""
    first, second = sorted((0, 0, *(vote or 0 for vote in votes)))[:-3:-1]
    return first - second


def flag_id(kind: FlagKind, key: str, suffix: str = "") -> str:
    """ "share-mesa-000123", or with the suffix of one of several flags of that kind "share-mesa-000123-1"."""
    return "-".join(filter(None, (kind, key.replace("/", "-"), suffix)))


def flag_mesa(sheets: Sheets, row: int, kind: FlagKind, severity: FlagSeverity, suffix: str = "", **told: Any) -> Flag:
    """A flag of the mesa in a row; `told` are the fields that do not follow from the row."""
    key, place = mesa_key(sheets.mesas[row]), int(sheets.place[row])
    return Flag(
        id=flag_id(kind, key, suffix),
        kind=kind,
        severity=severity,
        key=key,
        place=sheets.places[place] if place >= 0 else None,
        ubigeo=sheets.ubigeos[row],
        **told,
    )
