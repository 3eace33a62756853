"""Copies beside the published acta, as the team reads them: those that differ first."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from api.live.outlook import find_whole
from api.mission.places import is_whole
from api.mission.quickcount.positions import MesaPositions
from mission.audit.macro import Pairs
from mission.quickcount.book import QuickCount
from mission.quickcount.compare import CopyStanding, FigureDifference
from mission.quickcount.comparing import ComparedCopy, compare_all, find_published_claims
from mission.quickcount.copies import CopyState
from tally.keys import mesa_key


class MovedMargin(Struct, frozen=True):
    """A margin that decides, in votes, and by how many the first list's grew if the copy stood; second None: the part
    of the votes that is asked for. is_enough: it would be gone.
    """

    first: int
    second: int | None
    margin: int
    votes: int
    is_enough: bool


class ComparisonLine(Struct, frozen=True, kw_only=True):
    """A copy that stands beside its acta. moved: the most votes by which a list differs."""

    mesa: str
    place_name: str | None
    standing: CopyStanding
    copied_as: CopyState
    copied_at: str
    differences: tuple[FigureDifference, ...]
    moved: int
    margins: list[MovedMargin]
    is_held: bool


class ComparisonTable(Struct, frozen=True):
    """counts: by standing; waiting: mesas of the sample of which no copy stands."""

    as_of: str
    counts: dict[CopyStanding, int]
    waiting: int
    lines: list[ComparisonLine]


class ComparedSample(Struct, frozen=True):
    """What a comparison needs of the count at one version; taken on the loop, read in a thread."""

    as_of: str
    actas: dict[str, bytes]
    names: dict[str, str | None]
    claims: Pairs | None
    is_whole: bool


def take_actas(where: MesaPositions, count: QuickCount) -> ComparedSample:
    """The actas of the sample as they stand."""
    live, units = where.live, count.drawn.sample.mesas
    entries = live.view.entries
    keys = [mesa_key(unit.id) for unit in units]
    actas = {key: entries[key].change.data for key in keys if key in entries}
    names = {unit.id: where.place_name(unit) for unit in units}
    claims = find_published_claims(find_whole(live.view), live.contest)
    return ComparedSample(live.view.as_of, actas, names, claims, is_whole(live.view))


def count_standings(taken: ComparedSample, count: QuickCount) -> Counter[CopyStanding]:
    """How many copies that stand are how beside their actas."""
    return _counted(compare_all(count, taken.actas, taken.claims, is_whole=taken.is_whole))


def tell_comparisons(taken: ComparedSample, count: QuickCount) -> ComparisonTable:
    """Every copy that stands beside its acta."""
    compared = compare_all(count, taken.actas, taken.claims, is_whole=taken.is_whole)
    counts = _counted(compared)
    waiting = len(count.drawn.sample.mesas) - len(compared)
    told = {standing: counts[standing] for standing in CopyStanding}
    return ComparisonTable(taken.as_of, told, waiting, [_line(one, taken) for one in compared])


def _counted(compared: Iterable[ComparedCopy]) -> Counter[CopyStanding]:
    return Counter(one.comparison.standing for one in compared)


def _line(one: ComparedCopy, taken: ComparedSample) -> ComparisonLine:
    found = one.comparison
    return ComparisonLine(
        mesa=one.mesa,
        place_name=taken.names[one.mesa],
        standing=found.standing,
        copied_as=one.standing.state,
        copied_at=one.standing.at,
        differences=found.differences,
        moved=one.moved,
        margins=[MovedMargin(m.first, m.second, m.margin, round(m.votes), m.is_enough) for m in one.margins],
        is_held=found.is_held,
    )
