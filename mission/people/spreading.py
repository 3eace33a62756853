"""Observers over the places of a sample: whoever is nearest by district, province or department. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tally.keys import PREFIX_LENGTH, UBIGEO_LENGTH

# How much of an ubigeo two have in common: the same district, province, department, nothing.
_NEAR = (*sorted(PREFIX_LENGTH.values(), reverse=True), 0)


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
    for length in _NEAR:
        near = _by_prefix(left.items(), length)
        for key, ubigeo in list(free.items()):
            if waiting := near[ubigeo[:length]]:
                pseudonym = waiting.popleft()
                found.append((pseudonym, key))
                del free[key], left[pseudonym]
    return Spread(tuple(found), tuple(free), tuple(left))


def _by_prefix(observers: Iterable[tuple[str, str | None]], length: int) -> defaultdict[str, deque[str]]:
    """Those who are known as finely as that, by the first digits of where they are."""
    found: defaultdict[str, deque[str]] = defaultdict(deque)
    for pseudonym, prefix in observers:
        if length <= len(prefix or "") <= UBIGEO_LENGTH:
            found[(prefix or "")[:length]].append(pseudonym)
    return found
