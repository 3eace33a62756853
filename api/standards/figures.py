"""What a report in a standard's form is made of: contests, and what is known of each of their areas."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from api.live.outlook import PARTIAL
from tally.election import Contest
from tally.keys import Level, code_of, level_of
from tally.model import Acta, ActaState, AreaCount, AreaState, PlaceState, Sums

_OUT = (ActaState.AT_JEE, ActaState.PENDING)


class UnitFigures(Struct, frozen=True, kw_only=True):
    """What is known of an area, a polling place or a mesa; `parent` is the key of the unit that it lies in.

    Actas: counted + at_jee + pending = total. Votes are None where no acta is counted, and a single one where nobody
    could read it. An area's figures are its source's own, a polling place's the sum of its actas.
    """

    key: str
    parent: str | None = None
    name: str | None = None
    registered: int | None = None
    counted: int | None = None
    at_jee: int | None = None
    total: int | None = None
    cast: int | None = None
    blank: int | None = None
    null: int | None = None
    challenged: int | None = None
    votes: tuple[int | None, ...] | None = None


class ContestFigures(Struct, frozen=True, kw_only=True):
    """A contest at a version of its count, its whole first among the units; `version` is None where there is no count.

    status: the standard's word for how far it is.
    """

    contest: Contest
    units: tuple[UnitFigures, ...]
    version: str | None = None
    as_of: str | None = None
    status: str = PARTIAL
    is_test: bool = False

    @property
    def whole(self) -> UnitFigures:
        """All of it."""
        return self.units[0]


def read_unit(key: str, parent: str | None, data: bytes | None) -> UnitFigures:
    """The figures of a key's value, as the log has it; None: nothing is known of it."""
    level = level_of(key)
    if data is None:
        return UnitFigures(key=key, parent=parent)
    if level is Level.MESA:
        return _of_mesa(key, parent, msgspec.json.decode(data, type=Acta))
    if level is Level.POLLING_PLACE:
        place = msgspec.json.decode(data, type=PlaceState)
        return _of_count(key, parent, place.name, place.computed, place.computed)
    area = msgspec.json.decode(data, type=AreaState)
    return _of_count(key, parent, area.name, area.published, area.computed)


def _of_count(key: str, parent: str | None, name: str | None, count: AreaCount | Sums | None, own: Sums) -> UnitFigures:
    """The roll is known where our sum holds every acta that the source has."""
    if count is None:
        return UnitFigures(key=key, parent=parent, name=name)
    has_votes = count.counted > 0
    return UnitFigures(
        key=key,
        parent=parent,
        name=name,
        registered=own.registered if 0 < own.total == count.total else None,
        counted=count.counted,
        at_jee=count.at_jee,
        total=count.total,
        cast=count.cast if has_votes else None,
        blank=count.blank if has_votes else None,
        null=count.null if has_votes else None,
        challenged=count.challenged if has_votes else None,
        votes=count.votes if has_votes else None,
    )


def _of_mesa(key: str, parent: str | None, acta: Acta) -> UnitFigures:
    """What an acta at the JEE shows is told by no total, and not here."""
    is_out = acta.state in _OUT
    votes: Sequence[int | None] | None = None if is_out else acta.votes
    return UnitFigures(
        key=key,
        parent=parent,
        name=code_of(key),
        registered=acta.registered,
        counted=0 if is_out else 1,
        at_jee=int(acta.state is ActaState.AT_JEE),
        total=1,
        cast=None if is_out else acta.cast,
        blank=None if is_out else acta.blank,
        null=None if is_out else acta.null,
        challenged=None if is_out else acta.challenged,
        votes=None if votes is None else tuple(votes),
    )
