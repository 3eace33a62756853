"""The sample of a quick count, which anyone can draw again from its seed.

Every unit (a mesa's six digits, or a place's code) has a ticket: the SHA-256 of "<seed>,<unit>". In order of their
tickets units are drawn until each stratum has as many as it was allotted. So every sample of that size is as likely as
any other, the order of the list plays no part, and of the same strata a larger sample holds the smaller one.
Seats are allotted to strata by their mesas with the divisors 1, 3, 5 … (Sainte-Laguë, which favours neither large nor
small ones), each having its least number from the start; strata too small for that are taken together first.
Sources: R. Rivest, "Consistent sampling with replacement", arXiv:1808.10016 (2018), for tickets by hash; W. Cochran,
"Sampling Techniques", 3rd ed. 1977, chapters 5 and 9A, for strata and clusters.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from heapq import heapify, heappop, heappush

import msgspec
from msgspec import Struct

from mission.audit.draw import check_seed
from mission.quickcount.frame import Cluster, Frame, SampleUnit, Unit, cluster_units
from mission.quickcount.limits import LIMITS
from tally.errors import InvalidInput


class SampleDesign(StrEnum):
    """Every unit alike, or so many of each department and of abroad."""

    SIMPLE = "simple"
    STRATIFIED = "stratified"


class Design(Struct, frozen=True):
    """How a sample is drawn: `size` units of that kind."""

    kind: SampleDesign
    unit: SampleUnit
    size: int


class Stratum(Struct, frozen=True):
    """What was drawn from by itself: its areas, its mesas and units in the frame, and how many units were drawn."""

    areas: tuple[str, ...]
    mesas: int
    units: int
    drawn: int

    @property
    def probability(self) -> float:
        """That one unit of it is drawn."""
        return self.drawn / self.units


class Sample(Struct, frozen=True):
    """What was drawn: `mesas` in order of their numbers, with the strata they were drawn in.

    `regions` say how the frame and the sample lie by area, whatever the design: mesas, units and units drawn.
    """

    seed: str
    design: Design
    frame_digest: str
    strata: tuple[Stratum, ...]
    regions: tuple[Stratum, ...]
    mesas: tuple[Unit, ...]


class Pool(Struct, frozen=True):
    """A frame made ready for drawing: what can be drawn, in order of the ids, and by area how many mesas and units."""

    clusters: list[Cluster]
    mesas: dict[str, int]
    units: dict[str, int]
    digest: str


def draw(frame: Frame, design: Design, seed: str) -> Sample:
    """The sample of that frame from that seed.

    Raises: InvalidInput: the seed is not 20 digits, or the size is none that can be drawn.
    """
    pool = make_pool(frame, design.unit)
    return draw_from(pool, design, check_seed(seed), order_units(pool, seed))


def make_pool(frame: Frame, unit: SampleUnit) -> Pool:
    """The frame made ready, for whoever draws from it often."""
    clusters = cluster_units(frame.units, unit)
    mesas: Counter[str] = Counter()
    for cluster in clusters:
        mesas[cluster.stratum] += len(cluster.mesas)
    units = Counter(cluster.stratum for cluster in clusters)
    return Pool(clusters, dict(sorted(mesas.items())), dict(sorted(units.items())), frame.digest)


def order_units(pool: Pool, seed: str) -> list[int]:
    """The pool's units from the smallest ticket to the largest."""
    tickets = [hashlib.sha256(f"{seed},{cluster.id}".encode()).digest() for cluster in pool.clusters]
    return sorted(range(len(tickets)), key=tickets.__getitem__)


def draw_from(pool: Pool, design: Design, seed: str, order: Iterable[int]) -> Sample:
    """The first units in that order for which their stratum still has room."""
    groups = _group(pool, design)
    mesas, units = ([_total(one, areas) for areas in groups] for one in (pool.mesas, pool.units))
    seats = allot(mesas, units, design.size)
    room = dict(enumerate(seats))
    group_of = {area: number for number, areas in enumerate(groups) for area in areas}
    fell = dict.fromkeys(pool.units, 0)
    drawn: list[Unit] = []
    left = design.size
    for row in order:
        cluster = pool.clusters[row]
        group = group_of[cluster.stratum]
        if room[group]:
            room[group] -= 1
            fell[cluster.stratum] += 1
            drawn += cluster.mesas
            left -= 1
            if not left:
                break
    strata = tuple(_stratum(pool, areas, number) for areas, number in zip(groups, seats, strict=True))
    regions = tuple(_stratum(pool, (area,), number) for area, number in fell.items())
    drawn.sort(key=lambda mesa: mesa.id)
    return Sample(seed, design, pool.digest, strata, regions, tuple(drawn))


def poststratify(sample: Sample) -> Sample:
    """A simple sample weighed by area as if it had been drawn so, with as many of each as there happen to be.

    It holds who was drawn, and who reported, against what the frame has of each area.
    """
    return msgspec.structs.replace(sample, strata=sample.regions)


def fold(mesas: Mapping[str, int], units: Mapping[str, int], most: int, least: int) -> list[tuple[str, ...]]:
    """Areas as strata, at most so many, of so many units each at least: those with fewest mesas are joined."""
    groups: list[tuple[str, ...]] = [(area,) for area in mesas]
    while len(groups) > 1 and (len(groups) > most or min(_total(units, areas) for areas in groups) < least):
        groups.sort(key=lambda areas: (_total(units, areas) >= least, _total(mesas, areas), areas))
        first, *rest = groups
        second = min(rest, key=lambda areas: (_total(mesas, areas), areas))
        rest.remove(second)
        groups = [*rest, tuple(sorted((*first, *second)))]
    return sorted(groups)


def allot(mesas: Sequence[int], units: Sequence[int], number: int) -> list[int]:
    """How many units each stratum is drawn: by its mesas, at least the least number and never more than it has."""
    drawn = [min(LIMITS.sampling.least_drawn, most) for most in units]
    # Of equal claims the first stratum's goes first.
    claims = [(-mesas[row] / (2 * drawn[row] + 1), row) for row in range(len(units)) if drawn[row] < units[row]]
    heapify(claims)
    for _ in range(number - sum(drawn)):
        _, row = heappop(claims)
        drawn[row] += 1
        if drawn[row] < units[row]:
            heappush(claims, (-mesas[row] / (2 * drawn[row] + 1), row))
    return drawn


def _group(pool: Pool, design: Design) -> list[tuple[str, ...]]:
    least, most = LIMITS.sampling.least_drawn, min(LIMITS.sampling.most_units, len(pool.clusters))
    if not least <= design.size <= most:
        raise InvalidInput(f"a sample of this frame has between {least} and {most} units")
    if design.kind is SampleDesign.SIMPLE:
        return [tuple(pool.units)]
    return fold(pool.mesas, pool.units, design.size // least, least)


def _stratum(pool: Pool, areas: tuple[str, ...], drawn: int) -> Stratum:
    return Stratum(areas, _total(pool.mesas, areas), _total(pool.units, areas), drawn)


def _total(figures: Mapping[str, int], areas: Sequence[str]) -> int:
    return sum(figures[area] for area in areas)
