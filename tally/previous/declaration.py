"""What an election's file says of the one before it: what may be compared, and what changed in the map in between."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from tally.keys import is_district, is_prefix


class MesaNumbers(StrEnum):
    """Whether a mesa's number names the same group of voters in both elections."""

    KEPT = "kept"
    RENUMBERED = "renumbered"


class ComparedLists(Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of a list now and of one then whose shares may be set side by side, and why, by language."""

    now: str
    then: str
    why: dict[str, str]


class Regrouped(Struct, frozen=True, forbid_unknown_fields=True):
    """Districts (six digits) that were divided or joined: all of `then` together are all of `now` together.

    `why`: what is known of it, by language.
    """

    then: tuple[str, ...]
    now: tuple[str, ...]
    why: dict[str, str]


class Renamed(Struct, frozen=True, forbid_unknown_fields=True):
    """An area (two, four or six digits) that was called otherwise. `then`: its code then, where that was another."""

    now: str
    name: str
    then: str | None = None


class PlaceNames(Struct, frozen=True, forbid_unknown_fields=True):
    """When two names are one polling place's: the same but for accents, signs and leading words.

    leading_words: what kind of school it is, which is written or left out. number_digits: a number of at least so many
    digits that stands alone in a name is the school's, and names it whatever else is written; None: it does not.
    """

    leading_words: tuple[str, ...] = ()
    number_digits: int | None = None


class Predecessor(Struct, frozen=True, forbid_unknown_fields=True):
    """The election before. The first of `lists` is the one that a map shows.

    `source`: on what the crosswalk of units rests, by language.
    """

    election: str
    lists: tuple[ComparedLists, ...]
    source: dict[str, str]
    mesas: MesaNumbers = MesaNumbers.RENUMBERED
    places: PlaceNames = PlaceNames()
    renamed: tuple[Renamed, ...] = ()
    regrouped: tuple[Regrouped, ...] = ()


def faults(declared: Predecessor, lists: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Place and sentence of what cannot be; `lists` are the ids of the election's own lists."""
    if not declared.source.get("es"):
        yield "source", "says nothing in Spanish (es)"
    yield from _sense_of_lists(declared, lists)
    for at, area in enumerate(declared.renamed):
        for code in filter(None, (area.now, area.then)):
            if not is_prefix(code):
                yield f"renamed[{at}] ({area.now})", f"{code!r} is not the 2, 4 or 6 digits of an area's ubigeo"
        if not area.name.strip():
            yield f"renamed[{at}] ({area.now}) · name", "is empty"
    for at, group in enumerate(declared.regrouped):
        yield from _sense_of_group(group, f"regrouped[{at}]")
    for side in ("now", "then"):
        recoded = [getattr(area, side) for area in declared.renamed if area.then is not None]
        yield from _twice(
            "regrouped", [*(code for group in declared.regrouped for code in getattr(group, side)), *recoded]
        )


def _sense_of_lists(declared: Predecessor, lists: frozenset[str]) -> Iterator[tuple[str, str]]:
    for at, pair in enumerate(declared.lists):
        if pair.now not in lists:
            yield f"lists[{at}] ({pair.now})", "is no list of this election"
        if not pair.why.get("es"):
            yield f"lists[{at}] ({pair.now}) · why", "says nothing in Spanish (es)"
    for side in ("now", "then"):
        yield from _twice("lists", [getattr(pair, side) for pair in declared.lists])


def _sense_of_group(group: Regrouped, place: str) -> Iterator[tuple[str, str]]:
    if not group.then or not group.now or len(group.then) + len(group.now) < 3:
        yield place, "one district for one is no regrouping: say it in `renamed`"
    for code in (*group.then, *group.now):
        if not (is_prefix(code) and len(code) == 6 and is_district(code)):
            yield place, f"{code!r} is not the six digits of a district"
    if not group.why.get("es"):
        yield f"{place} · why", "says nothing in Spanish (es)"


def _twice(place: str, codes: list[str]) -> Iterator[tuple[str, str]]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield place, f"{code!r} stands {codes.count(code)} times"
