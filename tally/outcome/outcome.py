"""What is certain of a contest, whatever the uncounted actas hold. Integers and fractions, no probability.

A completion adds to the counted votes up to as many valid votes as the uncounted actas have registered voters, shared
among the lists in any way. Certain is what all completions say, impossible what none does, open the rest. A tie at a
place gives it to nobody.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from tally.outcome.rule import ContestRule, RuleKind


class Certainty(StrEnum):
    """What the completions say of a question: all of them yes, none of them, or some."""

    CERTAIN = "certain"
    IMPOSSIBLE = "impossible"
    OPEN = "open"


class OutcomeState(StrEnum):
    """won: one list, for certain. first_round: a list wins without a run-off, which is open. runoff: there is one."""

    WON = "won"
    FIRST_ROUND = "first_round"
    RUNOFF = "runoff"
    OPEN = "open"


class MarginKind(StrEnum):
    """Between which two places of the ranking, or between the first and the fewest votes that reach the threshold."""

    FIRST_SECOND = "first_second"
    SECOND_THIRD = "second_third"
    FIRST_THRESHOLD = "first_threshold"


class DecidingMargin(Struct, frozen=True):
    """A margin that decides, in votes: of the list `ahead` over the list `behind`, or over the threshold (None).

    Below the threshold it is negative. is_open: what is uncounted could turn it.
    """

    kind: MarginKind
    ahead: int
    behind: int | None
    votes: int
    is_open: bool


class Outcome(Struct, frozen=True, kw_only=True):
    """Lists are named by their places in the contest.

    winner: of this round, in every completion. threshold: whether a list reaches it, None for a rule that has none.
    first_two: the lists that stand among the first two in every completion, where two go on.
    tied: lists that share the first place, or the second where that leaves open who goes on, as counted now.
    """

    state: OutcomeState
    winner: int | None
    threshold: Certainty | None
    first_two: tuple[int, ...]
    margins: tuple[DecidingMargin, ...]
    tied: tuple[int, ...]

    @property
    def is_decided(self) -> bool:
        """Whether the rule leaves nothing open: who won, or which two go to the run-off."""
        return self.winner is not None or (self.state is OutcomeState.RUNOFF and len(self.first_two) == 2)

    @property
    def verdict(self) -> tuple[object, ...]:
        """What is certain of who wins or goes on, to be compared with another outcome's."""
        goes_on = frozenset(self.first_two) if self.state is OutcomeState.RUNOFF else None
        return self.state, self.winner, goes_on

    @property
    def is_turned(self) -> bool:
        """Whether what is uncounted could turn a margin that decides."""
        return any(margin.is_open for margin in self.margins)

    @property
    def closest(self) -> DecidingMargin | None:
        """The margin that hangs on the fewest votes, open ones first; None where one list stands alone."""
        return min(self.margins, key=lambda margin: (not margin.is_open, abs(margin.votes)), default=None)


def find_outcome(rule: ContestRule, votes: Mapping[int, int], uncounted: int) -> Outcome:
    """The outcome of a count. `votes`: of each running list by its place. `uncounted`: voters of uncounted actas."""
    order = sorted(votes, key=lambda place: (-votes[place], place))
    ranked = [votes[place] for place in order]
    lead = ranked[0] - ranked[1] if len(ranked) > 1 else None
    is_ahead = ranked[0] > 0 if lead is None else lead > uncounted
    has_runoff = rule.kind is RuleKind.TWO_ROUND
    threshold = _threshold(rule, ranked, uncounted) if has_runoff else None
    winner = order[0] if is_ahead and threshold in (None, Certainty.CERTAIN) else None
    return Outcome(
        state=_state(winner, threshold),
        winner=winner,
        threshold=threshold,
        first_two=_first_two(order, votes, uncounted) if has_runoff else (),
        margins=_margins(rule, order, votes, threshold, uncounted),
        tied=_tied(order, votes, has_runoff=has_runoff and threshold is not Certainty.CERTAIN),
    )


def _state(winner: int | None, threshold: Certainty | None) -> OutcomeState:
    if winner is not None:
        return OutcomeState.WON
    if threshold is None or threshold is Certainty.OPEN:
        return OutcomeState.OPEN
    return OutcomeState.FIRST_ROUND if threshold is Certainty.CERTAIN else OutcomeState.RUNOFF


def _threshold(rule: ContestRule, ranked: list[int], uncounted: int) -> Certainty:
    """Whether a list reaches it. The first one gets there with the fewest votes, if all that is left goes to it."""
    valid = sum(ranked)
    if ranked[0] + uncounted < rule.least(valid + uncounted):
        return Certainty.IMPOSSIBLE
    # Nobody does if the lists, each below it, have room for all votes. More votes leave more room, but for rounding,
    # which repeats itself after as many votes as the fraction's denominator.
    last = range(max(valid, valid + uncounted - rule.share.denominator + 1), valid + uncounted + 1)
    for whole in (valid, *last):
        room = rule.least(whole) - 1
        if ranked[0] <= room and len(ranked) * room >= whole:
            return Certainty.OPEN
    return Certainty.CERTAIN


def _first_two(order: list[int], votes: Mapping[int, int], uncounted: int) -> tuple[int, ...]:
    """To put a list out, two others must both reach it: what one of them needs, the other cannot have."""
    if len(order) < 3:
        return tuple(order)
    first, second, third = (votes[place] for place in order[:3])
    costs = (2 * first - second - third, second - third)
    return tuple(place for place, cost in zip(order, costs, strict=False) if cost > uncounted)


def _margins(
    rule: ContestRule, order: list[int], votes: Mapping[int, int], threshold: Certainty | None, uncounted: int
) -> tuple[DecidingMargin, ...]:
    found = []
    if threshold is not None:
        above = votes[order[0]] - rule.least(sum(votes.values()))
        is_open = threshold is Certainty.OPEN
        found.append(DecidingMargin(MarginKind.FIRST_THRESHOLD, order[0], None, above, is_open))
    pairs = list(zip((MarginKind.FIRST_SECOND, MarginKind.SECOND_THIRD), order, order[1:], strict=False))
    decides = {MarginKind.FIRST_SECOND: threshold is not Certainty.IMPOSSIBLE}
    decides[MarginKind.SECOND_THIRD] = threshold in (Certainty.IMPOSSIBLE, Certainty.OPEN)
    for kind, ahead, behind in pairs:
        if decides[kind]:
            lead = votes[ahead] - votes[behind]
            found.append(DecidingMargin(kind, ahead, behind, lead, lead <= uncounted))
    return tuple(found)


def _tied(order: list[int], votes: Mapping[int, int], *, has_runoff: bool) -> tuple[int, ...]:
    best = votes[order[0]]
    at_first = [place for place in order if votes[place] == best]
    if not best or len(at_first) > 1 or not has_runoff:
        return tuple(at_first) if best and len(at_first) > 1 else ()
    runner_up = votes[order[1]] if len(order) > 1 else 0
    at_second = [place for place in order if votes[place] == runner_up]
    return tuple(at_second) if runner_up and len(at_second) > 1 else ()
