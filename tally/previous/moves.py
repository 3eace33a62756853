"""What changed in the map itself: polling places that stayed, opened, closed or moved, and mesas that moved."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from tally.keys import Level, code_of, is_digits, prefix_of
from tally.previous.comparison import Comparison
from tally.previous.former_count import FormerPlace, Places


class Move(StrEnum):
    """What became of a polling place. `moved`: the same school, in another district by now."""

    KEPT = "kept"
    OPENED = "opened"
    CLOSED = "closed"
    MOVED = "moved"


class PlaceMove(Struct, frozen=True):
    """A polling place of either election: where it lies and how many mesas it has, on each side None where it is not.

    arrived: mesas of it that stood elsewhere then; None where numbers of mesas do not tell.
    """

    move: Move
    now: FormerPlace | None
    then: FormerPlace | None
    district: str | None
    then_district: str | None
    arrived: int | None = None


class _Standing(Struct, frozen=True):
    """A place with the key of its district and the plain form of its name."""

    place: FormerPlace
    district: str
    name: str


def moves_of(comparison: Comparison, places: Places, mesas: Mapping[str, str] | None = None) -> list[PlaceMove]:
    """Every polling place of both elections once, those of now first; `places`: of now.

    mesas: where each mesa stands now, by key; for elections whose numbers mean the same.
    """
    then = _standing(comparison.former.places)
    left = {one.place.key: one for one in then}
    pairs: list[tuple[_Standing, _Standing | None, Move]] = []
    nowhere: list[_Standing] = []
    for one in _standing(places):
        own = _in_its_district(comparison, one, places)
        if own is None:
            nowhere.append(one)
        else:
            pairs.append((one, left.pop(own.key), Move.KEPT))
    elsewhere = _alone(comparison, left.values())
    here = _alone(comparison, nowhere)
    for one in nowhere:
        keys = [key for key in _names(comparison, one) if here.get(key) is one and key in elsewhere]
        found = left.pop(elsewhere[keys[0]].place.key, None) if keys else None
        pairs.append((one, found, Move.OPENED if found is None else _told(one, found)))
    arrived = _arrived(comparison, pairs, mesas)
    told = [
        PlaceMove(
            move,
            one.place,
            None if was is None else was.place,
            one.district,
            None if was is None else was.district,
            None if arrived is None else arrived.get(one.place.key, 0),
        )
        for one, was, move in pairs
    ]
    return [*told, *(PlaceMove(Move.CLOSED, None, one.place, None, one.district) for one in left.values())]


def _in_its_district(comparison: Comparison, one: _Standing, places: Places) -> FormerPlace | None:
    unit = comparison.unit_of(one.district, None)
    return comparison.place_of(one.place, unit, places[one.district])


def _told(one: _Standing, was: _Standing) -> Move:
    return Move.KEPT if one.district == was.district else Move.MOVED


def _names(comparison: Comparison, one: _Standing) -> Iterator[tuple[str, str]]:
    """What it may be found by elsewhere: its name in its group of districts, a school's number in its department."""
    group = comparison.crosswalk.group_of(one.district)
    if group is not None:
        yield f"group {group}", one.name
    if is_digits(one.name):
        yield prefix_of(code_of(one.district), Level.DEPARTMENT), one.name


def _alone(comparison: Comparison, places: Iterable[_Standing]) -> dict[tuple[str, str], _Standing]:
    """Places by what they may be found under, where only one is."""
    found: dict[tuple[str, str], list[_Standing]] = {}
    for one in places:
        for name in _names(comparison, one):
            found.setdefault(name, []).append(one)
    return {name: one[0] for name, one in found.items() if len(one) == 1}


def _arrived(
    comparison: Comparison, pairs: Iterable[tuple[_Standing, _Standing | None, Move]], mesas: Mapping[str, str] | None
) -> dict[str, int] | None:
    """By place of now: its mesas that stood at another place then, or nowhere that is known."""
    former = comparison.former.mesas
    if mesas is None or former is None:
        return None
    was_of = {one.place.key: None if was is None else was.place.key for one, was, _ in pairs}
    moved: dict[str, int] = {}
    for mesa, place in mesas.items():
        if mesa in former and former[mesa] != was_of.get(place):
            moved[place] = moved.get(place, 0) + 1
    return moved


def _standing(places: Places) -> list[_Standing]:
    return [
        _Standing(place, district, name)
        for district, own in places.items()
        for name, same in own.items()
        for place in same
    ]
