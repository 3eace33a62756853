"""A unit of this election beside what it was in the one before: turnout, shares of declared lists, change in points."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tally.election import slug
from tally.keys import is_area
from tally.previous.crosswalk import ALONE, Match, Unit, UnitCrosswalk
from tally.previous.declaration import Predecessor
from tally.previous.former_count import Areas, Figures, FormerCount, FormerPlace, plain_name

# Points are told to the third decimal: finer than that two final counts do not differ by anything anybody did.
_DECIMALS = 3


class ComparedFigures(Struct, frozen=True):
    """A unit's figures in one election; `votes` of the compared lists, in their order."""

    registered: int | None
    roll: int | None
    cast: int | None
    valid: int | None
    votes: tuple[int | None, ...]


class PointChange(Struct, frozen=True):
    """From then to now in percentage points; None where one of the two is not known."""

    turnout: float | None
    shares: tuple[float | None, ...]


def side_of(figures: Figures, places: Sequence[int]) -> ComparedFigures:
    """Figures as they are told, with the votes of those lists."""
    votes = tuple(None if figures.votes is None else figures.votes[place] for place in places)
    return ComparedFigures(figures.registered, figures.roll, figures.cast, figures.valid, votes)


def change_of(now: ComparedFigures, then: ComparedFigures) -> PointChange:
    """What became of it."""
    shares = (points(mine, now.valid, theirs, then.valid) for mine, theirs in zip(now.votes, then.votes, strict=True))
    return PointChange(points(now.cast, now.roll, then.cast, then.roll), tuple(shares))


def points(now: int | None, of_now: int | None, then: int | None, of_then: int | None) -> float | None:
    """A share of now less one of then, in percentage points; None where one is of nothing."""
    if now is None or then is None or not of_now or not of_then:
        return None
    return round(100 * (now / of_now - then / of_then), _DECIMALS)


class Comparison:
    """The units of a count held against those of the one before."""

    def __init__(self, declared: Predecessor, former: FormerCount) -> None:
        self.former, self.declared, self.crosswalk = former, declared, UnitCrosswalk(declared)

    def unit_of(self, key: str, name: str | None) -> Unit:
        """What an area of that name was; the same code under another name is not the same unless the file says so."""
        unit = self.crosswalk.unit(key)
        known = self.former.areas.get(unit.then[0]) if len(unit.then) == 1 else None
        if unit.match not in ALONE:
            return unit
        if known is None:
            return Unit(Match.NEW, (), (key,))
        if unit.match is Match.SAME and name and known[0] and slug(name) != slug(known[0]):
            return Unit(Match.DIFFERS, (), (key,))
        return unit

    def place_of(
        self, place: FormerPlace, district: Unit, present: Mapping[str, Sequence[FormerPlace]]
    ) -> FormerPlace | None:
        """The one place of its district that had its name then; `district` is what that was; `present`: of now."""
        if district.match not in ALONE:
            return None
        name = plain_name(self.declared.places, place.name)
        then = self.former.places.get(district.then[0], {}).get(name, ())
        return then[0] if len(then) == 1 and len(present.get(name, ())) == 1 else None

    def figures_then(self, unit: Unit) -> Figures | None:
        """All parts of then together; None where one was never counted."""
        return _sum(self.former.areas, unit.then)

    def gone(self, areas: Areas) -> list[str]:
        """Areas of then that no area of now was, nor is a part of: `areas` are those of now."""
        kept = {part for key, (name, _) in areas.items() for part in self.unit_of(key, name).then}
        return sorted(key for key in self.former.areas if is_area(key) and key not in kept)


def figures_now(areas: Areas, unit: Unit) -> Figures | None:
    """All parts of now together; None where one is not there yet."""
    return _sum(areas, unit.now)


def _sum(areas: Areas, keys: Sequence[str]) -> Figures | None:
    found = [areas[key][1] for key in keys if key in areas]
    if not keys or len(found) != len(keys):
        return None
    whole = found[0]
    for part in found[1:]:
        whole = whole.plus(part)
    return whole
