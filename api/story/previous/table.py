"""Rows of a count beside the election before: what a unit was then, what it is now, and the change in points."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from api.story.previous.former_counts import Compared
from api.tables.rows import NamedKey
from tally.changes import Entry
from tally.keys import Level, level_of
from tally.previous.comparison import ComparedFigures, PointChange, change_of, figures_now, side_of
from tally.previous.crosswalk import ALONE, Match, Unit
from tally.previous.former_count import Areas, Figures, FormerPlace, collect


class ComparedUnit(Struct, frozen=True):
    """An area or polling place of now. `then` and `change` are null where it is not compared alone: `match` says why.

    former: its keys then. former_name: what it was called then, where that is another name. group: the
    regrouped districts that it is one of: `number` of one of `groups`.
    """

    key: str
    name: str | None
    match: Match
    former: tuple[str, ...]
    former_name: str | None
    group: int | None
    now: ComparedFigures
    then: ComparedFigures | None
    change: PointChange | None


class GoneUnit(Struct, frozen=True):
    """An area of then that is nothing now, and how it ended then."""

    key: str
    name: str | None
    then: ComparedFigures


class RegroupedUnit(Struct, frozen=True):
    """Districts that are compared as one: all of them then, all of them now. `why`: what is known, by language."""

    number: int
    then_areas: tuple[NamedKey, ...]
    now_areas: tuple[NamedKey, ...]
    why: dict[str, str]
    now: ComparedFigures | None
    then: ComparedFigures | None
    change: PointChange | None


class SideBySide:
    """What makes rows: a comparison, and the values of now that it is about.

    entries: of all that is asked about, of every regrouped district, and of the places of each district asked about.
    """

    def __init__(self, compared: Compared, entries: Iterable[Entry]) -> None:
        self._compared = compared
        self.areas, self.places = collect(entries, compared.declared.places)
        self._of_now = [one.now for one in compared.lists]
        self._of_then = [one.then for one in compared.lists]

    def rows(self, level: Level) -> list[ComparedUnit]:
        """Every unit of that level, by key."""
        if level is Level.POLLING_PLACE:
            named = ((key, place) for key, own in self.places.items() for same in own.values() for place in same)
            return sorted((self._place(key, place) for key, place in named), key=lambda row: row.key)
        return [self._area(key) for key in sorted(self.areas) if level_of(key) is level]

    def _area(self, key: str) -> ComparedUnit:
        name, figures = self.areas[key]
        comparison = self._compared.comparison
        unit = comparison.unit_of(key, name)
        then = comparison.figures_then(unit) if unit.match in ALONE else None
        former_name = comparison.crosswalk.former_names.get(key) if unit.match is Match.RENAMED else None
        return self._row(key, name, unit, figures, then, former_name)

    def groups(self) -> list[RegroupedUnit]:
        """Every declared group."""
        comparison = self._compared.comparison
        found = []
        for number, (unit, why) in enumerate(zip(comparison.crosswalk.groups, comparison.crosswalk.whys, strict=True)):
            now, then = figures_now(self.areas, unit), comparison.figures_then(unit)
            mine, theirs = self._now(now), self._then(then)
            change = None if mine is None or theirs is None else change_of(mine, theirs)
            named = _named(unit.then, self._compared.former.areas), _named(unit.now, self.areas)
            found.append(RegroupedUnit(number, *named, why, mine, theirs, change))
        return found

    def gone(self, level: Level) -> list[GoneUnit]:
        """Areas of then that no area of now was; whole levels are looked at."""
        former = self._compared.former.areas
        found = (key for key in self._compared.comparison.gone(self.areas) if level_of(key) is level)
        return [GoneUnit(key, former[key][0], side_of(former[key][1], self._of_then)) for key in found]

    def _place(self, district: str, place: FormerPlace) -> ComparedUnit:
        comparison = self._compared.comparison
        around = comparison.unit_of(district, self.areas[district][0] if district in self.areas else None)
        found = comparison.place_of(place, around, self.places[district])
        if found is None:
            match = Match.REGROUPED if around.match is Match.REGROUPED else Match.NEW
            unit = Unit(match, (), (place.key,), around.group)
            return self._row(place.key, place.name, unit, place.figures, None, None)
        unit = Unit(Match.SAME, (found.key,), (place.key,))
        former_name = found.name if found.name != place.name else None
        return self._row(place.key, place.name, unit, place.figures, found.figures, former_name)

    def _row(
        self, key: str, name: str | None, unit: Unit, now: Figures, then: Figures | None, former_name: str | None
    ) -> ComparedUnit:
        mine, theirs = side_of(now, self._of_now), self._then(then)
        change = None if theirs is None else change_of(mine, theirs)
        former = unit.then if unit.match in ALONE else ()
        return ComparedUnit(key, name, unit.match, former, former_name, unit.group, mine, theirs, change)

    def _now(self, figures: Figures | None) -> ComparedFigures | None:
        return None if figures is None else side_of(figures, self._of_now)

    def _then(self, figures: Figures | None) -> ComparedFigures | None:
        return None if figures is None else side_of(figures, self._of_then)


def _named(keys: Sequence[str], areas: Areas) -> tuple[NamedKey, ...]:
    return tuple(NamedKey(key, areas[key][0] if key in areas else None) for key in keys)
