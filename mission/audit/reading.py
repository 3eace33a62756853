"""Blind readings of one acta: when they settle it, and what they say."""

from collections.abc import Sequence

from msgspec import Struct


class Reading(Struct, frozen=True):
    """What stands on an acta. `votes` follow the contest's lists; None: nobody could read it, or there is no image."""

    votes: tuple[int, ...] | None
    blank: int | None = None
    null: int | None = None
    challenged: int | None = None


class ReadingEntry(Struct, frozen=True):
    """A reading by one person, named by pseudonym, at a moment (ISO UTC)."""

    reader_id: int
    reader: str
    at: str
    reading: Reading


def settle(entries: Sequence[ReadingEntry]) -> Reading | None:
    """What two different people read alike; None while there are no such two. A disagreement asks for a third."""
    for number, entry in enumerate(entries):
        if any(
            earlier.reading == entry.reading and earlier.reader_id != entry.reader_id for earlier in entries[:number]
        ):
            return entry.reading
    return None


def missing(entries: Sequence[ReadingEntry]) -> int:
    """How many more readings an acta needs: two, and one more for as long as no two agree."""
    if settle(entries) is not None:
        return 0
    return max(1, 2 - len(entries))
