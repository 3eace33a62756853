"""How a contest is won: data of its election file, never code."""

import re
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

_FRACTION = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")


class RuleKind(StrEnum):
    """Most votes win · a part of the valid votes wins, or the first two go to a run-off · the run-off between two."""

    PLURALITY = "plurality"
    TWO_ROUND = "two_round"
    FINAL_ROUND = "final_round"


class ContestRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A contest's rule. Of two rounds the `threshold` is a fraction of the valid votes ("3/10"), never a decimal.

    is_inclusive: exactly that part is enough ("at least 30 %"), or it must be more ("more than half").
    """

    kind: RuleKind
    threshold: str | None = None
    is_inclusive: bool | None = None

    def __post_init__(self) -> None:
        if self.kind is not RuleKind.TWO_ROUND:
            if (self.threshold, self.is_inclusive) != (None, None):
                raise ValueError(f"a rule of kind {self.kind.value!r} has no threshold")
            return
        match = _FRACTION.fullmatch(self.threshold or "")
        if match is None or int(match[1]) >= int(match[2]):
            raise ValueError(f"threshold {self.threshold!r} of a two_round rule is not a fraction below 1, like '3/10'")
        if self.is_inclusive is None:
            raise ValueError("a two_round rule says whether its threshold itself is enough: is_inclusive")

    @property
    def share(self) -> Fraction:
        """The threshold of a rule with two rounds, exactly."""
        return Fraction(self.threshold or "1")

    def least(self, valid: int) -> int:
        """The fewest votes that reach the threshold among so many valid ones; no votes reach none."""
        part = self.share * valid
        return max(1, -(-part.numerator // part.denominator) if self.is_inclusive else part.__floor__() + 1)


# Within a contest an area decides nothing: there it is only told who leads.
LEAD = ContestRule(RuleKind.PLURALITY)
