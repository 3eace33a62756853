"""What the source publishes at one cut: figures per area, whether summed from mesas or replayed from a recording."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from ingest.rehearsal.areas import AreaIndex


class AreaFigures(Struct, frozen=True):
    """One area at one cut; None is what the source of this replay does not say.

    `registered` is the whole roll, `registered_counted` that of the counted actas, of which `annulled` and
    `not_installed` are some; `half_roll` is half of the latter, rounded up in every district.
    """

    stamp_ms: int
    total: int
    counted: int
    at_jee: int
    cast: int
    votes: tuple[int, ...]
    registered: int | None = None
    blank: int | None = None
    null: int | None = None
    not_installed: int | None = None
    annulled: int | None = None
    registered_counted: int | None = None
    half_roll: int | None = None

    @property
    def pending(self) -> int:
        """Actas nobody has seen yet."""
        return self.total - self.counted - self.at_jee

    @property
    def valid(self) -> int:
        """Votes for lists."""
        return sum(self.votes)


def add_up(parts: Sequence[AreaFigures]) -> AreaFigures:
    """Figures of several contests together: of their lists only the sum of all votes."""
    return AreaFigures(
        stamp_ms=max(part.stamp_ms for part in parts),
        total=sum(part.total for part in parts),
        counted=sum(part.counted for part in parts),
        at_jee=sum(part.at_jee for part in parts),
        cast=sum(part.cast for part in parts),
        votes=(sum(part.valid for part in parts),),
        registered=sum(part.registered or 0 for part in parts) or None,
    )


class PublishedCut(Protocol):
    """State of the world at one publication."""

    at_ms: int

    def area(self, row: int) -> AreaFigures | None:
        """Figures of that row of the index, None where nothing is known."""


class Countable(Protocol):
    """Something that can be counted over time."""

    index: AreaIndex
    starts_ms: int
    ends_ms: int

    def cut_at(self, ms: int, until_ms: int) -> PublishedCut:
        """The cut in force at that moment; at `until_ms` the world stands as it is."""
