"""MACRO: the largest relative overstatement an acta can hide, and the running p-value of what was found.

For each winner w and loser l with margin V, an acta reported as v and read again as a overstates it by
e = ((v_w − v_l) − (a_w − a_l)) / V, and can at most by u = (v_w − v_l + cast) / V; of several pairs the largest counts.
That a list reaches a part p/q of the valid votes, or not, is held against q·v − p·Σv in the same way.
With U = Σu, an acta drawn with probability u/U and found with taint t = e/u multiplies the p-value (of "the outcome is
wrong") by (1 − 1/U) / (1 − t).
Sources: P. Stark, "Efficient post-election audits of multiple contests: 2009 California tests", CELS 2009 (maximum
relative overstatement); "Risk-limiting postelection audits: conservative P-values from common probability
inequalities", IEEE Trans. Inf. Forensics and Security 4(4), 2009 (the Kaplan–Markov bound).
"""

import math
import sys
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from mission.flags.sheets import Floats, Integers
from tally.errors import InvalidInput
from tally.outcome.outcome import OutcomeState, find_outcome
from tally.outcome.rule import ContestRule, RuleKind

# Weights of the draw are whole numbers: parts of so many when several margins make them fractions.
_PARTS = 2**40


class ShareClaim(Struct, frozen=True):
    """That a list reaches a part of the valid votes, or does not. `margin`: by how many votes, `excess`: by how much of
    q·v − p·V, for the part p/q.
    """

    place: int
    part: tuple[int, int]
    margin: int
    excess: int


class Coverage(Struct, frozen=True):
    """Of so many actas those that were not read, their voters at most, and the smallest margin as it is published."""

    actas: int
    unread: int
    voters: int
    margin: int


class Pairs(Struct, frozen=True):
    """Winners against losers, as places in the contest, each with its margin in votes; and where a part of the votes is
    asked for, who is said to reach it and who is not.

    `coverage` is None where the margins are not those of the contest's whole, as in audits of earlier versions.
    """

    pairs: tuple[tuple[int, int], ...]
    margins: tuple[int, ...]
    shares: tuple[ShareClaim, ...] = ()
    coverage: Coverage | None = None

    @property
    def winners(self) -> tuple[int, ...]:
        """Who wins, or the lists that go to a run-off."""
        return tuple(dict.fromkeys(winner for winner, _ in self.pairs))

    @property
    def smallest(self) -> int:
        """The margin that decides how much must be looked at."""
        return min((*self.margins, *(abs(claim.margin) for claim in self.shares)))

    def claims(self, lists: int) -> list["AuditClaim"]:
        """All of them as sums over the lists, which must stay above 0."""
        found = []
        for (winner, loser), margin in zip(self.pairs, self.margins, strict=True):
            found.append(AuditClaim(tuple((place == winner) - (place == loser) for place in range(lists)), margin))
        for claim in self.shares:
            sign, (part, whole) = (1 if claim.excess > 0 else -1), claim.part
            weights = tuple(sign * (whole * (place == claim.place) - part) for place in range(lists))
            found.append(AuditClaim(weights, abs(claim.excess)))
        return found

    def without(self, votes: Sequence[int], voters: int) -> "Pairs | None":
        """Them with what is left of each margin if of all actas only those votes are sure, and so many voters vote
        against every claim; None where one of them would not stand then.
        """
        left = [claim.of(votes) - claim.loss * voters for claim in self.claims(len(votes))]
        if min(left) <= 0:
            return None
        shares = tuple(
            msgspec.structs.replace(claim, excess=excess if claim.excess > 0 else -excess)
            for claim, excess in zip(self.shares, left[len(self.pairs) :], strict=True)
        )
        return msgspec.structs.replace(self, margins=tuple(left[: len(self.pairs)]), shares=shares)


class AuditClaim(Struct, frozen=True):
    """Σ weight · votes of all actas is the margin, in the claim's own unit."""

    weights: tuple[int, ...]
    margin: int

    def of(self, votes: Sequence[int]) -> int:
        """What one acta adds to it."""
        return sum(weight * own for weight, own in zip(self.weights, votes, strict=True))

    @property
    def loss(self) -> int:
        """The most that one vote can take from it."""
        return max(0, -min(self.weights))


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


def find_claims(votes: Sequence[int], rule: ContestRule) -> Pairs:
    """What an audit of these votes must confirm by the contest's rule: one winner, or the two that go to a run-off.

    Raises: InvalidInput: there is a tie, or a list stands at the threshold to the vote, which no sample can settle.
    """
    outcome = find_outcome(rule, dict(enumerate(votes)), 0)
    pairs = find_pairs(votes, 2 if outcome.state is OutcomeState.RUNOFF else 1)
    if rule.kind is not RuleKind.TWO_ROUND:
        return pairs
    valid, part = sum(votes), rule.share
    shares = tuple(
        ShareClaim(
            place,
            (part.numerator, part.denominator),
            votes[place] - rule.least(valid),
            part.denominator * votes[place] - part.numerator * valid,
        )
        for place in pairs.winners
    )
    if not all(claim.excess for claim in shares):
        raise InvalidInput("there is no margin to audit: a list has exactly the part of the votes that is asked for")
    return msgspec.structs.replace(pairs, shares=shares)


def confirms(pairs: Pairs, votes: Sequence[int], rule: ContestRule) -> bool:
    """Whether those pairs are still what the rule says of these votes."""
    try:
        now = find_claims(votes, rule)
    except InvalidInput:
        return False
    sides = [(set(one.pairs), {(claim.place, claim.excess > 0) for claim in one.shares}) for one in (pairs, now)]
    return sides[0] == sides[1]


def bound_each(votes: Integers, cast: Integers, pairs: Pairs) -> Floats:
    """u of each acta: votes int [mesas, lists], cast int [mesas]."""
    each = [(votes @ claim.weights + claim.loss * cast) / claim.margin for claim in pairs.claims(votes.shape[1])]
    return np.asarray(np.max(each, axis=0))


def weigh_each(votes: Integers, cast: Integers, pairs: Pairs) -> list[int]:
    """Whole-number weights proportional to u: exact for a single claim, else rounded up to a 2⁴⁰th."""
    claims = pairs.claims(votes.shape[1])
    if len(claims) == 1:
        weights: list[int] = (votes @ claims[0].weights + claims[0].loss * cast).tolist()
        return weights
    return [math.ceil(bound * _PARTS) for bound in bound_each(votes, cast, pairs).tolist()]


def taint(reported: Sequence[int], read: Sequence[int] | None, cast: int, pairs: Pairs) -> float:
    """What part of its bound an acta overstates, at most 1. `read` None: nobody could read it, so all of it."""
    bounds, found = [], []
    for claim in pairs.claims(len(reported)):
        lead = claim.of(reported)
        bounds.append((lead + claim.loss * cast) / claim.margin)
        if read is not None:
            found.append((lead - claim.of(read)) / claim.margin)
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
