"""MACRO: the largest relative overstatement an acta can hide, and the running p-value of what was found.

For each winner w and loser l with margin V, an acta reported as v and read again as a overstates it by
e = ((v_w − v_l) − (a_w − a_l)) / V, and can at most by u = (v_w − v_l + cast) / V; of several pairs the largest counts.
With U = Σu, an acta drawn with probability u/U and found with taint t = e/u multiplies the p-value (of "the outcome is
wrong") by (1 − 1/U) / (1 − t).
Sources: P. Stark, "Efficient post-election audits of multiple contests: 2009 California tests", CELS 2009 (maximum
relative overstatement); "Risk-limiting postelection audits: conservative P-values from common probability
inequalities", IEEE Trans. Inf. Forensics and Security 4(4), 2009 (the Kaplan–Markov bound).
"""

import math
import sys
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from mission.flags.sheets import Floats, Integers
from tally.errors import InvalidInput

# Weights of the draw are whole numbers: parts of so many when several margins make them fractions.
_PARTS = 2**40


class Pairs(Struct, frozen=True):
    """Winners against losers, as places in the contest, each with its margin in votes."""

    pairs: tuple[tuple[int, int], ...]
    margins: tuple[int, ...]

    @property
    def smallest(self) -> int:
        """The margin that decides how much must be looked at."""
        return min(self.margins)


def find_pairs(votes: Sequence[int], winners: int) -> Pairs:
    """Every winner against every loser.

    Raises: InvalidInput: there is a tie, which no sample can settle.
    """
    ranked = sorted(range(len(votes)), key=lambda place: -votes[place])
    pairs = tuple((winner, loser) for winner in ranked[:winners] for loser in ranked[winners:])
    margins = tuple(votes[winner] - votes[loser] for winner, loser in pairs)
    if not pairs or min(margins) <= 0:
        raise InvalidInput("there is no margin to audit: winners and losers stand equal")
    return Pairs(pairs, margins)


def bound_each(votes: Integers, cast: Integers, pairs: Pairs) -> Floats:
    """u of each acta: votes int [mesas, lists], cast int [mesas]."""
    each = [
        (votes[:, winner] - votes[:, loser] + cast) / margin
        for (winner, loser), margin in zip(pairs.pairs, pairs.margins, strict=True)
    ]
    return np.asarray(np.max(each, axis=0))


def weigh_each(votes: Integers, cast: Integers, pairs: Pairs) -> list[int]:
    """Whole-number weights proportional to u: exact for two lists, else rounded up to a 2⁴⁰th."""
    if len(pairs.pairs) == 1:
        winner, loser = pairs.pairs[0]
        weights: list[int] = (votes[:, winner] - votes[:, loser] + cast).tolist()
        return weights
    return [math.ceil(bound * _PARTS) for bound in bound_each(votes, cast, pairs).tolist()]


def taint(reported: Sequence[int], read: Sequence[int] | None, cast: int, pairs: Pairs) -> float:
    """What part of its bound an acta overstates, at most 1. `read` None: nobody could read it, so all of it."""
    bounds, found = [], []
    for (winner, loser), margin in zip(pairs.pairs, pairs.margins, strict=True):
        lead = reported[winner] - reported[loser]
        bounds.append((lead + cast) / margin)
        if read is not None:
            found.append((lead - (read[winner] - read[loser])) / margin)
    bound = max(bounds)
    if read is None:
        return 1.0
    return min(1.0, max(found) / bound) if bound > 0 else 0.0


def p_values(taints: Iterable[float], total: float) -> list[float]:
    """The p-value after each draw, as the product says: above 1 it says no more than 1 does."""
    value, values = 1.0, []
    for one in taints:
        value = math.inf if one >= 1 else value * (1 - 1 / total) / (1 - one)
        values.append(value)
    return values


def draws_needed(risk_limit: float, total: float, value: float = 1.0) -> int:
    """How many more draws without a discrepancy bring that product down to the risk limit; from infinity none do."""
    if math.isinf(value):
        return sys.maxsize
    if value <= risk_limit:
        return 0
    return math.ceil(math.log(risk_limit / value) / math.log1p(-1 / total))
