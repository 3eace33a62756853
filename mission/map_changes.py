"""What changed in the map since the election before, for the mission: by area, and place by place in one district."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from mission.badges import Badges
from tally.changes import Entry
from tally.keys import Level, areas_of, code_of, level_of
from tally.previous.comparison import Comparison
from tally.previous.declaration import MesaNumbers
from tally.previous.former_count import collect, mesas_of
from tally.previous.moves import Move, PlaceMove, moves_of


class ChangedArea(Struct, frozen=True):
    """An area: places by what became of them; its mesas now, and how many of them are in a place that was none then.

    is_regrouped: a district that was divided or joined; regrouped: how many are in it. arrived: mesas that stood at
    another place then; null where the numbers of mesas do not tell. incidents: open ones at places that opened or
    moved, and anywhere in a regrouped district.
    """

    key: str
    name: str | None
    kept: int
    opened: int
    closed: int
    moved: int
    mesas: int
    reassigned: int
    arrived: int | None
    is_regrouped: bool
    regrouped: int
    incidents: int


class ChangedPlace(Struct, frozen=True):
    """A polling place of now, or of then where it closed; its mesas on each side, and its open incidents."""

    key: str | None
    name: str
    move: Move
    then_name: str | None
    then_district: str | None
    then_district_name: str | None
    mesas: int | None
    then_mesas: int | None
    arrived: int | None
    incidents: int


class MapChanges:
    """The changes of a count's map; made in a worker, of values that do not move."""

    def __init__(self, comparison: Comparison, entries: Mapping[str, Entry], badges: Badges) -> None:
        self._comparison, self._badges = comparison, badges
        self._areas, places = collect(entries.values(), comparison.declared.places)
        mesas = None
        if comparison.declared.mesas is MesaNumbers.KEPT:
            mesas = {key: place for key, place in mesas_of(entries).items() if place is not None}
        self._moves = moves_of(comparison, places, mesas)
        self._regrouped: dict[str, list[str]] = {}
        for district in {key for unit in comparison.crosswalk.groups for key in unit.now}:
            for area in areas_of(code_of(district)):
                self._regrouped.setdefault(area, []).append(district)

    def areas(self, level: Level) -> list[ChangedArea]:
        """Every area of that level, by key."""
        found: dict[str, list[PlaceMove]] = {key: [] for key in self._areas if level_of(key) is level}
        for move in self._moves:
            for key in _areas_around(move):
                if key in found:
                    found[key].append(move)
        return [self._area(key, found[key]) for key in sorted(found)]

    def places(self, district: str) -> list[ChangedPlace]:
        """Every place of a district of now, and those that closed there, by name."""
        own = (move for move in self._moves if district in (move.district, move.then_district))
        return sorted((self._place(move) for move in own), key=lambda place: (place.name, place.key or ""))

    def _area(self, key: str, moves: Sequence[PlaceMove]) -> ChangedArea:
        here = [move for move in moves if move.now is not None]
        number = Counter(move.move for move in moves)
        new = [move for move in here if move.move is Move.OPENED]
        changed = (move.now for move in here if move.move is not Move.KEPT and move.district not in self._regrouped)
        arrived = [move.arrived for move in here if move.arrived is not None]
        regrouped = self._regrouped.get(key, [])
        return ChangedArea(
            key=key,
            name=self._areas[key][0],
            kept=number[Move.KEPT],
            opened=number[Move.OPENED],
            closed=number[Move.CLOSED],
            moved=number[Move.MOVED],
            mesas=_mesas(here),
            reassigned=_mesas(new),
            arrived=sum(arrived) if arrived else None,
            is_regrouped=key in regrouped,
            regrouped=len(regrouped),
            incidents=self._incidents([*regrouped, *(place.key for place in changed if place is not None)]),
        )

    def _place(self, move: PlaceMove) -> ChangedPlace:
        now, then = move.now, move.then
        names = [place.name for place in (now, then) if place is not None]
        other = move.then_district if move.then_district != move.district else None
        return ChangedPlace(
            key=None if now is None else now.key,
            name=names[0],
            move=move.move,
            then_name=names[-1] if names[-1] != names[0] else None,
            then_district=other,
            then_district_name=None if other is None else self._comparison.former.areas[other][0],
            mesas=None if now is None else now.mesas,
            then_mesas=None if then is None else then.mesas,
            arrived=move.arrived,
            incidents=0 if now is None else self._incidents([now.key]),
        )

    def _incidents(self, keys: Iterable[str]) -> int:
        return sum(sum(self._badges[key].incidents.values()) for key in keys if key in self._badges)


def _areas_around(move: PlaceMove) -> tuple[str, ...]:
    """The areas that a place counts in: where it is, or was when it closed."""
    district = move.district or move.then_district
    return () if district is None else areas_of(code_of(district))


def _mesas(moves: Iterable[PlaceMove]) -> int:
    return sum(move.now.mesas for move in moves if move.now is not None)
