"""Observers over the places of a sample: whoever is nearest by district, province or department. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tally.keys import PREFIX_LENGTH, UBIGEO_LENGTH, UBIGEO_LEVELS, Level, prefix_of

# What two have in common: the same district, province, department, or nothing.
_NEAR = (*sorted(UBIGEO_LEVELS, key=PREFIX_LENGTH.__getitem__, reverse=True), None)


class Spread(Struct, frozen=True):
    """Who would go where (pseudonym, key), the places nobody is left for, and who is left over; all in order."""

    orders: tuple[tuple[str, str], ...]
    uncovered: tuple[str, ...]
    idle: tuple[str, ...]


def spread(places: Sequence[tuple[str, str]], observers: Sequence[tuple[str, str | None, str | None]]) -> Spread:
    """One observer a place (key, ubigeo), greedily. `observers`: pseudonym, key and ubigeo prefix of where they are.

    Whoever is at one of the places already stays.
    """
    free = dict(sorted(places))
    left = {pseudonym: prefix for pseudonym, _, prefix in sorted(observers, key=lambda one: one[0])}
    found: list[tuple[str, str]] = []
    for pseudonym, key, _ in sorted(observers, key=lambda one: one[0]):
        if key in free:
            found.append((pseudonym, key))
            del free[key], left[pseudonym]
    for level in _NEAR:
        near = _by_area(left.items(), level)
        for key, ubigeo in list(free.items()):
            if waiting := near[_area_of(ubigeo, level)]:
                pseudonym = waiting.popleft()
                found.append((pseudonym, key))
                del free[key], left[pseudonym]
    return Spread(tuple(found), tuple(free), tuple(left))


def _by_area(observers: Iterable[tuple[str, str | None]], level: Level | None) -> defaultdict[str, deque[str]]:
    """Those who are known as finely as that, by the area where they are."""
    found: defaultdict[str, deque[str]] = defaultdict(deque)
    for pseudonym, prefix in observers:
        known = prefix or ""
        if (0 if level is None else PREFIX_LENGTH[level]) <= len(known) <= UBIGEO_LENGTH:
            found[_area_of(known, level)].append(pseudonym)
    return found


def _area_of(ubigeo: str, level: Level | None) -> str:
    return "" if level is None else prefix_of(ubigeo, level)
