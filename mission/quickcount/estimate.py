"""What the copies say of the whole: each list's share of the valid votes, the lead, and how far they may be off.

Within a stratum who reported stands for who did not, as if by chance; `arrival` tells how far that is from true.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from msgspec import Struct

from mission.flags.sheets import Floats, Integers
from mission.quickcount.frame import SampleUnit, Unit
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Sample
from mission.quickcount.variance import Ratio, SurveyRows, find_ratio, merge_thin, quantile


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
    """Why nothing is estimated: too few of the drawn mesas, too few in all, or no valid vote in them."""

    RESPONSE = "response"
    FEW = "few"
    NO_VOTES = "no_votes"


class ShareEstimate(Struct, frozen=True):
    """A share of the valid votes, with its interval."""

    share: float
    low: float
    high: float


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


class Response(Struct, frozen=True):
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

    `lead` is None where one list runs. degrees: of freedom, of the t that the intervals rest on.
    """

    response: Response
    confidence: float
    refusal: EstimateRefusal | None = None
    shares: tuple[ShareEstimate, ...] = ()
    lead: LeadEstimate | None = None
    degrees: int | None = None


class _Read(Struct, frozen=True):
    """The mesas with a whole copy, in order: their numbers in the sample's strata and units."""

    mesas: list[Unit]
    votes: Integers
    stratum: Integers
    cluster: Integers


def estimate(sample: Sample, copies: Mapping[str, Copy]) -> Estimate:
    """The estimate from the copies by mesa, of which those that were not drawn or are not whole play no part."""
    read = _read(sample, copies)
    units = [len(np.unique(read.cluster[read.stratum == row])) for row in range(len(sample.strata))]
    sizes = np.array([stratum.units for stratum in sample.strata], dtype=np.float64)
    into = merge_thin(np.array(units, dtype=np.int64), sizes, LIMITS.response.least_units)
    response, confidence = _respond(sample, read, units, into), LIMITS.interval.confidence
    if response.share < LIMITS.response.least_share:
        return Estimate(response, confidence, EstimateRefusal.RESPONSE)
    if response.copied < LIMITS.response.least_mesas:
        return Estimate(response, confidence, EstimateRefusal.FEW)
    if not read.votes.any():
        return Estimate(response, confidence, EstimateRefusal.NO_VOTES)
    rows = _weigh(sample, read, np.asarray(np.bincount(into, sizes, len(sizes)), dtype=np.float64), into)
    shares = find_ratio(read.votes, read.votes.sum(axis=1), rows)
    half = quantile(shares.degrees, confidence) * np.sqrt(shares.variance)
    ends = zip(shares.value.tolist(), half.tolist(), strict=True)
    return Estimate(
        response,
        confidence,
        None,
        tuple(ShareEstimate(share, max(0.0, share - off), min(1.0, share + off)) for share, off in ends),
        _lead(read.votes, shares, rows),
        shares.degrees,
    )


def _read(sample: Sample, copies: Mapping[str, Copy]) -> _Read:
    stratum_of = {area: row for row, stratum in enumerate(sample.strata) for area in stratum.areas}
    mesas = [mesa for mesa in sample.mesas if mesa.id in copies and copies[mesa.id].is_whole]
    names: dict[str, int] = {}
    cluster = [names.setdefault(unit_of(sample, mesa), len(names)) for mesa in mesas]
    lists = len(copies[mesas[0].id].votes) if mesas else 0
    votes = np.array([copies[mesa.id].votes for mesa in mesas], dtype=np.int64).reshape(len(mesas), lists)
    stratum = np.array([stratum_of[mesa.stratum] for mesa in mesas], dtype=np.int64)
    return _Read(mesas, votes, stratum, np.array(cluster, dtype=np.int64))


def unit_of(sample: Sample, mesa: Unit) -> str:
    """What was drawn with that mesa in it: the mesa itself, or its place."""
    return mesa.id if sample.design.unit is SampleUnit.MESA or mesa.cluster is None else mesa.cluster


def _respond(sample: Sample, read: _Read, units: list[int], into: Integers) -> Response:
    drawn = Counter(mesa.stratum for mesa in sample.mesas)
    copied = Counter(read.stratum.tolist())
    strata = [
        StratumResponse(
            stratum.areas,
            sum(drawn[area] for area in stratum.areas),
            copied[row],
            tuple(
                area
                for other, kept in enumerate(into.tolist())
                if kept == into[row] and other != row
                for area in sample.strata[other].areas
            ),
        )
        for row, stratum in enumerate(sample.strata)
    ]
    units_drawn = sum(stratum.drawn for stratum in sample.strata)
    return Response(len(sample.mesas), len(read.mesas), units_drawn, sum(units), tuple(strata))


def _weigh(sample: Sample, read: _Read, population: Floats, into: Integers) -> SurveyRows:
    """Each copy stands for so many mesas: those of its unit that were not copied, and units that were not."""
    stratum = into[read.stratum]
    whole = Counter(unit_of(sample, mesa) for mesa in sample.mesas)
    names = [unit_of(sample, mesa) for mesa in read.mesas]
    known = Counter(names)
    within = np.array([whole[name] / known[name] for name in names])
    first = np.unique(read.cluster, return_index=True)[1]
    units = np.bincount(stratum[first], minlength=len(population))
    return SurveyRows(within * population[stratum] / units[stratum], stratum, read.cluster, population)


def _lead(votes: Integers, shares: Ratio, rows: SurveyRows) -> LeadEstimate | None:
    if len(shares.value) < 2:
        return None
    first, second = np.argsort(-shares.value, kind="stable")[:2].tolist()
    lead = find_ratio(votes[:, [first]] - votes[:, [second]], votes.sum(axis=1), rows)
    half = quantile(lead.degrees, LIMITS.interval.confidence) * np.sqrt(lead.variance)
    value, off = float(lead.value[0]), float(half[0])
    return LeadEstimate(first, second, value, max(-1.0, value - off), min(1.0, value + off))
