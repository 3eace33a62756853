"""How an estimate moved as copies arrived."""

from collections.abc import Sequence

from msgspec import Struct

from mission.quickcount.estimate import Copy, Estimate, estimate
from mission.quickcount.limits import LIMITS
from mission.quickcount.sampling import Sample


class SettlingPoint(Struct, frozen=True):
    """The estimate of the first so many copies."""

    copies: int
    estimate: Estimate


def settle(sample: Sample, arrivals: Sequence[tuple[str, Copy]]) -> list[SettlingPoint]:
    """The series by number of copies, given in the order in which they came; a later one of a mesa replaces it.

    At even steps and at the last; before enough have arrived there is no point.
    """
    step = -(-len(arrivals) // LIMITS.settling.most_points)
    known: dict[str, Copy] = {}
    points = []
    for number, (mesa, copy) in enumerate(arrivals, start=1):
        known[mesa] = copy
        if number % step and number < len(arrivals):
            continue
        now = estimate(sample, known)
        if now.refusal is None:
            points.append(SettlingPoint(len(known), now))
    return points
