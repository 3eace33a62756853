"""What of a quick count leaves the house, so that nobody learns a mesa of its sample from it.

The actas are public, and an exact share is a fraction whose parts can be found: two that differ by one copy would say
how that mesa voted, and so which it is. So shares are told in steps that one copy seldom reaches, intervals are widened
to the steps around them, and no two publications ever differ by the copies of a few.
"""

import math

from mission.quickcount.book import QuickCount
from mission.quickcount.estimate import unit_of
from mission.quickcount.limits import LIMITS
from mission.quickcount.publication import Basis, published_bases
from mission.thresholds import THRESHOLDS
from tally.errors import Conflict

K = THRESHOLDS.publication.least_observers
_DIGITS = 6


class Told:
    """How figures are told that rest on so many copied units."""

    def __init__(self, units: int) -> None:
        least, steps = LIMITS.disclosure.least_part / units, LIMITS.disclosure.steps
        self.step = next((step for step in steps if step >= least), steps[-1])

    def round(self, value: float, low: float, high: float) -> tuple[float, float, float]:
        """A figure to the nearest step, and its interval's ends to those around it: it holds no less than before."""
        return self._times(round(value / self.step)), self._times(self._down(low)), self._times(-self._down(-high))

    def _down(self, value: float) -> int:
        # 0.52 / 0.02 is a little more than 26.
        return math.floor(round(value / self.step, _DIGITS))

    def _times(self, steps: int) -> float:
        return round(steps * self.step, _DIGITS)


def check_apart(count: QuickCount, basis: Basis) -> None:
    """Return if what rests on those copies differs from all that ever was public by none, or by K units and more.

    Raises: Conflict.
    """
    for earlier in published_bases(count.steps):
        changed = {mesa for mesa, _ in earlier.items() ^ basis.items()}
        units = {unit_of(count.drawn.sample, count.unit(mesa)) for mesa in changed}
        if 0 < len(units) < K:
            raise Conflict(f"fewer than {K} copies changed since a publication: the difference would tell which")
