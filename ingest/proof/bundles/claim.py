"""What is shown of a key, as the figures that a bundle proves: names, and votes by the source's codes of the lists."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from ingest.feeds.pointers import votes_of
from tally.changes import Entry
from tally.election import Contest
from tally.keys import CHILD_LEVEL, Level, level_of
from tally.model import BUCKETS, NOT_VALID, Acta, AreaCount, AreaState, PlaceState, Sums
from tally.sums import FIGURES, contribution

_OF_AREA = (*BUCKETS, "total", "cast", "valid", *NOT_VALID)
_OF_ACTA = ("registered", "cast", "valid", *NOT_VALID)

Figures = dict[str, int | None]


class Claim(Struct, frozen=True):
    """Of one key: the figures that the source states, and our own sum of what lies below. `state`: an acta's code."""

    stated: Figures
    state: str | None = None
    sum: Figures | None = None


def claim_of(key: str, data: bytes, contest: Contest) -> Claim:
    """The claim in a published value; a figure that is not known is None."""
    level = level_of(key)
    if level is Level.MESA:
        acta = msgspec.json.decode(data, type=Acta)
        return Claim(_figures(acta, _OF_ACTA, contest), acta.code)
    if level is Level.POLLING_PLACE:
        return Claim({}, sum=_sum_figures(msgspec.json.decode(data, type=PlaceState).computed, contest))
    area = msgspec.json.decode(data, type=AreaState)
    stated = {} if area.published is None else _figures(area.published, _OF_AREA, contest)
    return Claim(stated, sum=_sum_figures(area.computed, contest))


def parts_level(key: str) -> Level | None:
    """The level of the parts of a sum: mesas of a place or district, else areas of the next level; a mesa has none."""
    level = level_of(key)
    return Level.MESA if level in (Level.DISTRICT, Level.POLLING_PLACE) else CHILD_LEVEL.get(level)


def sum_of(claim: Claim, below: Iterable[Entry], contest: Contest) -> Mapping[str, object] | None:
    """The sum with its parts by reference: a row for each key below, its numbers in the order of the columns."""
    if claim.sum is None:
        return None
    parts = sorted([entry.change.key, *_row(entry, contest)] for entry in below)
    return {"columns": [*claim.sum], "figures": claim.sum, "parts": parts}


def _row(entry: Entry, contest: Contest) -> tuple[int, ...]:
    key, data = entry.change.key, entry.change.data
    if level_of(key) is Level.MESA:
        return contribution(msgspec.json.decode(data, type=Acta), len(FIGURES) + len(contest.lists))
    kind: type[PlaceState | AreaState] = PlaceState if level_of(key) is Level.POLLING_PLACE else AreaState
    sums = msgspec.json.decode(data, type=kind).computed
    return (*(getattr(sums, name) for name in FIGURES), *sums.votes)


def _figures(value: Acta | AreaCount, names: Iterable[str], contest: Contest) -> Figures:
    return {name: getattr(value, name) for name in names} | _votes(value.votes, contest)


def _sum_figures(sums: Sums, contest: Contest) -> Figures:
    return {name: getattr(sums, name) for name in FIGURES} | _votes(sums.votes, contest)


def _votes(votes: tuple[int | None, ...] | None, contest: Contest) -> Figures:
    own = votes or (None,) * len(contest.lists)
    return {votes_of(entry.code): count for entry, count in zip(contest.lists, own, strict=True)}
