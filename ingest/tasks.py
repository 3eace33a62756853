"""Readings to make, and in which order."""

from enum import IntEnum

from msgspec import Struct


class Rank(IntEnum):
    """Order of tasks."""

    NATION = 0
    MAP = 1
    TOP = 2  # scopes, departments, continents
    MOVED = 3  # provinces and districts that the map says moved
    ACTA = 4  # before the next list: a mesa is shown once its own acta was read
    LIST = 5  # lists of actas
    CHILD = 6  # areas whose parent's figures do not add up from its children; MOVED where the source has no map


# What may be asked for: all of it, no more mesas for now, what is known to have moved, or nothing but the totals.
EVERY = frozenset(Rank)
AREAS = EVERY - {Rank.ACTA, Rank.LIST}
ACTAS = EVERY - AREAS
MOVED = frozenset({Rank.NATION, Rank.MAP, Rank.TOP, Rank.MOVED})
TOTALS = frozenset({Rank.NATION})


class Rechecks(Struct, frozen=True):
    """Seconds: until a sum that still differs is looked into again, and between two looks at a doubtful value.

    `retry_s`: until what could not be read is asked for again; twice as long each time, up to `recheck_s`.
    `acta_turn`: one reading in so many is for actas and their lists, however many areas are due.
    """

    recheck_s: float = 900.0
    confirm_s: float = 5.0
    retry_s: float = 20.0
    acta_turn: int = 4


class Task(Struct, frozen=True, order=True):
    """One reading to make: `key` is an area, a district whose list to read, a mesa, or "" for the map."""

    rank: Rank
    asked_at: float
    key: str

    @property
    def identity(self) -> tuple[str, bool]:
        """An area and its list of actas have one key but are two readings."""
        return self.key, self.rank is Rank.LIST

    @property
    def is_of_area(self) -> bool:
        """Whether it asks for an area's own totals."""
        return self.rank in AREAS and self.rank is not Rank.MAP

    @property
    def name(self) -> str:
        """What the log calls it."""
        if self.rank is Rank.MAP:
            return "the map"
        return f"the actas of {self.key}" if self.rank is Rank.LIST else self.key
