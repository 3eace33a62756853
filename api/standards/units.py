"""Which areas, polling places and mesas of a count a report tells of, and their values at a version."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from api.live.outlook import status_of_whole
from api.standards.figures import ContestFigures, read_unit
from api.tables.rows import check_within, parents_of, select_keys
from tally.changes import Entry
from tally.election import Contest
from tally.errors import InvalidInput, NotFound
from tally.keys import DOMESTIC, NATION, Level, areas_of, level_of
from tally.model import AreaState
from tally.storage.store import CountInfo
from tally.view import View

_LEVELS = tuple(Level)
_FINE = (Level.POLLING_PLACE, Level.MESA)


# Number and moment.
Version = tuple[int, str]


class Unit(Struct, frozen=True):
    """A key, where its value stands in the count, and the unit that it lies in."""

    key: str
    source: str
    parent: str | None = None


def whole_of(contest: Contest) -> Unit:
    """All of a contest, which in its own count is the nation."""
    return Unit(contest.whole, NATION)


def check_known(view: View, within: str | None) -> None:
    """Return if that is an area or a polling place of the count, or all of it (None).

    Raises: InvalidInput, NotFound.
    """
    check_within(within)
    if within is not None and within not in view.entries:
        raise NotFound(f"there is no area {within[:40]!r} in this count")


def check_units(view: View, level: Level, within: str | None) -> None:
    """Return if units down to that level may be asked for over HTTP: places and mesas of one district, or of one place.

    Raises: InvalidInput, NotFound.
    """
    check_known(view, within)
    if level in _FINE and (within is None or level_of(within) not in (Level.DISTRICT, Level.POLLING_PLACE)):
        raise InvalidInput(f"level={level} needs within=, the key of a district or a polling place: district/140101")


def choose_units(view: View, contest: Contest, level: Level, within: str | None = None) -> list[Unit]:
    """Units down to a level, the contest's whole first; with `within` those in it, and what it lies in itself.

    Peru is the nation itself: there is abroad, and no unit for all that is not. `within` is a key of the count.
    """
    found = {key for one in _LEVELS[: _LEVELS.index(level) + 1] for key in select_keys(view, one, within)}
    if within is not None:
        found |= {within, *parents_of(view, within)}
    found -= {DOMESTIC, contest.whole, *(areas_of(contest.scope) if contest.scope else ())}
    told = found | {contest.whole}
    own = (
        Unit(key, key, next((above for above in reversed(parents_of(view, key)) if above in told), contest.whole))
        for key in sorted(found, key=lambda key: (_LEVELS.index(level_of(key)), key))
    )
    return [whole_of(contest), *own]


class Picked(Struct, frozen=True):
    """A contest's units with their values as the log had them; nothing of it moves.

    version: None where there is no count.
    """

    contest: Contest
    units: list[Unit]
    values: list[bytes | None]
    version: str | None = None
    as_of: str | None = None
    is_test: bool = False

    def read(self) -> ContestFigures:
        """What the values say."""
        read = [read_unit(unit.key, unit.parent, value) for unit, value in zip(self.units, self.values, strict=True)]
        if self.contest.registered is not None:
            read[0] = structs.replace(read[0], registered=self.contest.registered)
        whole = self.values[0]
        return ContestFigures(
            contest=self.contest,
            units=tuple(read),
            version=self.version,
            as_of=self.as_of,
            status=status_of_whole(None if whole is None else msgspec.json.decode(whole, type=AreaState)),
            is_test=self.is_test,
        )


def pick(
    info: CountInfo, contest: Contest, units: list[Unit], entries: Mapping[str, Entry], version: Version
) -> Picked:
    """Those units with the values of a version."""
    found = [entries.get(unit.source) for unit in units]
    values = [None if entry is None else entry.change.data for entry in found]
    return Picked(contest, units, values, f"{info.epoch}-{version[0]}", version[1], info.is_test)
