"""What the copies say of the whole: each list's share of the valid votes, the lead, and how far they may be off.

Within a stratum who reported stands for who did not, as if by chance; `arrival` tells how far that is from true.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from itertools import chain

import numpy as np
from msgspec import Struct, structs

from mission.flags.sheets import Floats, Integers
from mission.quickcount.frame import SampleUnit, Unit
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Sample
from mission.quickcount.variance import ShareEstimate, SurveyRows, add_sizes, find_ratio, merge_thin, quantile


class Copy(Struct, frozen=True):
    """What an observer copied of an acta: votes in the contest's order; None is a figure nobody could read."""

    votes: tuple[int | None, ...]
    blank: int | None = None
    null: int | None = None
    challenged: int | None = None
    cast: int | None = None
    registered: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every list's votes were read: only then it is part of an estimate."""
        return None not in self.votes


class EstimateRefusal(StrEnum):
    """Why nothing is estimated: too few of the drawn mesas, too few units (one has every vote), or no valid vote."""

    RESPONSE = "response"
    FEW = "few"
    NO_VOTES = "no_votes"


class LeadEstimate(Struct, frozen=True):
    """By how much of the valid votes the first list leads the second, as places in the contest."""

    first: int
    second: int
    lead: float
    low: float
    high: float


class StratumResponse(Struct, frozen=True):
    """Of a stratum's drawn mesas how many have been copied; `with_areas`: those it was taken together with, as too few
    of it have.
    """

    areas: tuple[str, ...]
    drawn: int
    copied: int
    with_areas: tuple[str, ...] = ()


class SampleResponse(Struct, frozen=True):
    """Of the drawn mesas how many were copied whole, and of the drawn units how many have at least one such copy."""

    drawn: int
    copied: int
    units_drawn: int
    units_copied: int
    strata: tuple[StratumResponse, ...]

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.copied / self.drawn


class Estimate(Struct, frozen=True):
    """What a quick count says now; without `shares` and `lead` where `refusal` says why.

    `lead` is None where one list runs. degrees: of freedom, of the t that the first list's interval rests on.
    """

    response: SampleResponse
    confidence: float
    refusal: EstimateRefusal | None = None
    shares: tuple[ShareEstimate, ...] = ()
    lead: LeadEstimate | None = None
    degrees: float | None = None


class _Read(Struct, frozen=True):
    """The mesas with a whole copy, in order: their numbers in the sample's strata and units, and how many units."""

    mesas: list[Unit]
    votes: Integers
    stratum: Integers
    cluster: Integers
    units: int


def estimate(sample: Sample, copies: Mapping[str, Copy]) -> Estimate:
    """The estimate from the copies by mesa, of which those that were not drawn or are not whole play no part."""
    read = _read(sample, copies)
    sizes = np.array([stratum.units for stratum in sample.strata], dtype=np.float64)
    bare = SurveyRows(np.ones(len(read.mesas)), read.stratum, read.cluster, sizes)
    into = merge_thin(bare.count_clusters(), sizes, LIMITS.response.least_units)
    response = _respond(sample, read, into)
    refusal = _refuse(response, read)
    if refusal is not None:
        return Estimate(response, LIMITS.interval.confidence, refusal)
    return _conclude(response, read.votes, _weigh(sample, read, add_sizes(into, sizes), into))


def unit_of(sample: Sample, mesa: Unit) -> str:
    """What was drawn with that mesa in it: the mesa itself, or its place."""
    return mesa.id if sample.design.unit is SampleUnit.MESA or mesa.cluster is None else mesa.cluster


def _read(sample: Sample, copies: Mapping[str, Copy]) -> _Read:
    stratum_of = {area: row for row, stratum in enumerate(sample.strata) for area in stratum.areas}
    mesas = [mesa for mesa in sample.mesas if mesa.id in copies and copies[mesa.id].is_whole]
    names: dict[str, int] = {}
    cluster = [names.setdefault(unit_of(sample, mesa), len(names)) for mesa in mesas]
    lists = len(copies[mesas[0].id].votes) if mesas else 0
    votes = np.array([copies[mesa.id].votes for mesa in mesas], dtype=np.int64).reshape(len(mesas), lists)
    stratum = np.array([stratum_of[mesa.stratum] for mesa in mesas], dtype=np.int64)
    return _Read(mesas, votes, stratum, np.array(cluster, dtype=np.int64), len(names))


def _respond(sample: Sample, read: _Read, into: Integers) -> SampleResponse:
    drawn = Counter(mesa.stratum for mesa in sample.mesas)
    copied = Counter(read.stratum.tolist())
    taken = into.tolist()
    strata = []
    for row, stratum in enumerate(sample.strata):
        others = [one.areas for other, one in enumerate(sample.strata) if taken[other] == taken[row] and other != row]
        mesas = sum(drawn[area] for area in stratum.areas)
        strata.append(StratumResponse(stratum.areas, mesas, copied[row], tuple(chain.from_iterable(others))))
    units_drawn = sum(stratum.drawn for stratum in sample.strata)
    return SampleResponse(len(sample.mesas), len(read.mesas), units_drawn, read.units, tuple(strata))


def _refuse(response: SampleResponse, read: _Read) -> EstimateRefusal | None:
    if response.share < LIMITS.response.least_share:
        return EstimateRefusal.RESPONSE
    if response.units_copied < LIMITS.response.least_copied:
        return EstimateRefusal.FEW
    voting = len(np.unique(read.cluster[read.votes.any(axis=1)]))
    if voting == 1:  # how much units differ cannot be told from one
        return EstimateRefusal.FEW
    return None if voting else EstimateRefusal.NO_VOTES


def _weigh(sample: Sample, read: _Read, population: Floats, into: Integers) -> SurveyRows:
    """Each copy stands for so many mesas: those of its unit that were not copied, and units that were not."""
    whole = Counter(unit_of(sample, mesa) for mesa in sample.mesas)
    names = [unit_of(sample, mesa) for mesa in read.mesas]
    known = Counter(names)
    within = np.array([whole[name] / known[name] for name in names])
    rows = SurveyRows(within, into[read.stratum], read.cluster, population)
    return structs.replace(rows, weight=within * (population / np.maximum(rows.count_clusters(), 1))[rows.stratum])


def _conclude(response: SampleResponse, votes: Integers, rows: SurveyRows) -> Estimate:
    """Every list's share, and the lead as one more column: it varies as neither of its two shares does."""
    first, *others = np.argsort(-(rows.weight @ votes), kind="stable").tolist()
    lead = votes[:, first] - votes[:, others[0]] if others else votes[:, first]
    found = find_ratio(np.column_stack([votes, lead]), votes.sum(axis=1), rows)
    confidence = LIMITS.interval.confidence
    half = quantile(found.degrees, confidence) * np.sqrt(found.variance)
    *shares, last = zip(found.value.tolist(), (found.value - half).tolist(), (found.value + half).tolist(), strict=True)
    return Estimate(
        response,
        confidence,
        None,
        tuple(ShareEstimate(*(min(max(part, 0.0), 1.0) for part in own)) for own in shares),
        LeadEstimate(first, others[0], *last) if others else None,
        float(found.degrees[first]),
    )
