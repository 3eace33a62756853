"""What of the election before an area of this one is compared with: what the file declares, or what is the same."""

from enum import StrEnum

from msgspec import Struct

from tally.keys import Level, area_key, is_within, level_of
from tally.previous.declaration import Predecessor, Regrouped


class Match(StrEnum):
    """How a unit of now corresponds to then. Only `same` and `renamed` are compared by themselves.

    `regrouped`: it was divided or joined; all parts together are compared. `new`: nothing then is it. `differs`: its
    code or name is that of something then, and nobody says that it is the same.
    """

    SAME = "same"
    RENAMED = "renamed"
    REGROUPED = "regrouped"
    NEW = "new"
    DIFFERS = "differs"


ALONE = (Match.SAME, Match.RENAMED)


class Unit(Struct, frozen=True):
    """What of then an area of now is: keys on both sides; `group` is its place among the declared groups."""

    match: Match
    then: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    group: int | None = None


class UnitCrosswalk:
    """The declared correspondences by key; whoever is in none of them is the same, if it was there under that name."""

    def __init__(self, declared: Predecessor) -> None:
        self.groups = [_unit_of(at, group) for at, group in enumerate(declared.regrouped)]
        self.whys = [group.why for group in declared.regrouped]
        self._renamed = {area_key(area.now): area_key(area.then or area.now) for area in declared.renamed}
        self.former_names = {area_key(area.now): area.name for area in declared.renamed}
        self._groups = {key: unit.group for unit in self.groups for key in (*unit.then, *unit.now)}
        self._in_group = {key: unit for unit in self.groups for key in unit.now}
        moved = [(then, now) for now, then in self._renamed.items() if then != now]
        # Codes of then that are something else by now.
        self._spent = {key for unit in self.groups for key in unit.then} | {then for then, _ in moved}
        # What must lie in an area as a whole, or the area is not what it was.
        self._wholes = [((*unit.then, *unit.now), unit.group) for unit in self.groups] + [
            (pair, None) for pair in moved
        ]

    def group_of(self, district: str) -> int | None:
        """Number of the group that a district of either election is in."""
        return self._groups.get(district)

    def unit(self, key: str) -> Unit:
        """What is declared of an area; the same code, where nothing is."""
        if key in self._in_group:
            return self._in_group[key]
        if level_of(key) is not Level.DISTRICT:
            for parts, group in self._wholes:
                if len({is_within(part, key) for part in parts}) > 1:
                    return Unit(Match.REGROUPED, (), (key,), group)
        if key in self._renamed:
            return Unit(Match.RENAMED, (self._renamed[key],), (key,))
        return Unit(Match.NEW, (), (key,)) if key in self._spent else Unit(Match.SAME, (key,), (key,))


def _unit_of(at: int, group: Regrouped) -> Unit:
    then, now = (tuple(map(area_key, side)) for side in (group.then, group.now))
    return Unit(Match.REGROUPED, then, now, at)
