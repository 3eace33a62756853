"""Who has reported, held against who was drawn: how far they are from a sample of that sample.

A standardised difference is (mean of the copied − mean of the drawn) / standard deviation of the drawn, all of them
weighed as they stand for the frame.
Source: P. Austin, "Balance diagnostics for comparing the distribution of baseline covariates", Statistics in Medicine
28(25), 2009.
"""

from collections.abc import Collection
from enum import StrEnum

import numpy as np
from msgspec import Struct

from mission.flags.sheets import Booleans, Floats
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Sample


class ArrivalTrait(StrEnum):
    """In what the mesas are compared: lying in an area, serving a remote place, their roll."""

    AREA = "area"
    REMOTE = "remote"
    REGISTERED = "registered"


class ArrivalDifference(Struct, frozen=True):
    """A trait of the drawn and of the copied mesas: a share, or the mean roll; of `mesas` where it is known.

    `standardised` is None where all drawn ones are alike, or nobody has reported. is_unlike: it is more than the usual
    line of balance, and more than who happens to report would make it.
    """

    trait: ArrivalTrait
    area: str | None
    mesas: int
    drawn: float
    copied: float | None
    standardised: float | None
    is_unlike: bool


class ArrivalBias(Struct, frozen=True):
    """All traits of which anything is known, areas first, and the largest standardised difference among them."""

    drawn: int
    copied: int
    differences: tuple[ArrivalDifference, ...]
    largest: float | None


def find_bias(sample: Sample, copied: Collection[str]) -> ArrivalBias:
    """How unlike the mesas that reported are to all that were drawn."""
    mesas = sample.mesas
    chance = {area: stratum.probability for stratum in sample.strata for area in stratum.areas}
    weight = np.array([1 / chance[mesa.stratum] for mesa in mesas])
    has = np.array([mesa.id in copied for mesa in mesas])
    found = []
    for region in sample.regions:
        area = region.areas[0]
        lies = np.array([float(mesa.stratum == area) for mesa in mesas])
        if lies.any():
            found.append(_differ(ArrivalTrait.AREA, area, lies, weight, has))
    remote = [None if mesa.is_remote is None else float(mesa.is_remote) for mesa in mesas]
    rolls = [None if mesa.registered is None else float(mesa.registered) for mesa in mesas]
    for trait, values in ((ArrivalTrait.REMOTE, remote), (ArrivalTrait.REGISTERED, rolls)):
        column = np.array(values, dtype=np.float64)
        is_known = ~np.isnan(column)
        if is_known.any():
            found.append(_differ(trait, None, column[is_known], weight[is_known], has[is_known]))
    sizes = [abs(one.standardised) for one in found if one.standardised is not None]
    return ArrivalBias(len(mesas), int(has.sum()), tuple(found), max(sizes, default=None))


def _differ(trait: ArrivalTrait, area: str | None, values: Floats, weight: Floats, has: Booleans) -> ArrivalDifference:
    drawn = float(np.average(values, weights=weight))
    spread = float(np.average((values - drawn) ** 2, weights=weight)) ** 0.5
    if not has.any():
        return ArrivalDifference(trait, area, len(values), drawn, None, None, is_unlike=False)
    copied = float(np.average(values[has], weights=weight[has]))
    # The mean of equal values is off by a last digit: that is no spread.
    if spread <= 1e-9 * max(1.0, abs(drawn)):
        return ArrivalDifference(trait, area, len(values), drawn, copied, None, is_unlike=False)
    standardised = (copied - drawn) / spread
    by_chance = (1 / int(has.sum()) - 1 / len(values)) ** 0.5
    line = max(LIMITS.arrival.unlike, LIMITS.arrival.chances * by_chance)
    return ArrivalDifference(trait, area, len(values), drawn, copied, standardised, abs(standardised) >= line)
