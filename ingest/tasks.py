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


# What may be asked for: all of it, no more mesas for now, or nothing but the contest's totals.
EVERY = frozenset(Rank)
AREAS = EVERY - {Rank.ACTA, Rank.LIST}
TOTALS = frozenset({Rank.NATION})


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
    def name(self) -> str:
        """What the log calls it."""
        if self.rank is Rank.MAP:
            return "the map"
        return f"the actas of {self.key}" if self.rank is Rank.LIST else self.key
