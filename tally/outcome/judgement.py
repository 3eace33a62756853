"""The outcome of a contest's whole as published, or that nothing may be concluded from its figures."""

from collections.abc import Sequence

from msgspec import Struct

from tally.election import Contest, Election
from tally.model import AreaCount, Sums
from tally.outcome.outcome import Outcome, OutcomeState, find_outcome
from tally.outcome.rule import ContestRule
from tally.rules.reconcile import is_same_cut


class Whole(Struct, frozen=True):
    """What is known of all that a contest is voted in, and what is published of abroad. is_doubtful: a figure of it is
    held, impossible or disputed, and carries no conclusion (`tally.rules.review`).

    Abroad may have been read at an earlier cut: then more of its actas were still out, which is safe.
    """

    published: AreaCount
    computed: Sums
    abroad: AreaCount | None
    is_doubtful: bool

    @property
    def is_named(self) -> bool:
        """Whether every acta that the source speaks of is known by its mesa."""
        return self.computed.total >= self.published.total > 0


class Uncounted(Struct, frozen=True):
    """The actas that are not counted and their registered voters, or a number these cannot exceed (`is_bound`)."""

    actas: int
    voters: int
    is_bound: bool


class Judgement(Struct, frozen=True):
    """`outcome` is None while the figures are in review."""

    uncounted: Uncounted
    outcome: Outcome | None


def judge(whole: Whole, contest: Contest, election: Election) -> Judgement:
    """What the contest's rule says of its whole.

    Our own sum of as many actas may say nothing else of what is certain; where it does, neither is believed.
    """
    uncounted = find_uncounted(whole, contest, election)
    outcome = outcome_of(contest, whole.published.votes, uncounted.voters)
    is_contradicted = (
        outcome.state is not OutcomeState.OPEN
        and is_same_cut(whole.published, whole.computed)
        and outcome_of(contest, whole.computed.votes, uncounted.voters).verdict != outcome.verdict
    )
    return Judgement(uncounted, None if whole.is_doubtful or is_contradicted else outcome)


def outcome_of(contest: Contest, votes: Sequence[int], uncounted: int, rule: ContestRule | None = None) -> Outcome:
    """The outcome of votes in the contest's order, by its own rule or another; a withdrawn list takes no part in it."""
    return find_outcome(rule or contest.rule, {place: votes[place] for place in contest.running}, uncounted)


def find_uncounted(whole: Whole, contest: Contest, election: Election) -> Uncounted:
    """What is out of a whole. Where the source only counts actas, each has as many voters as a mesa there can have."""
    published, computed = whole.published, whole.computed
    if not published.total:  # before the source names an acta everybody is still out, however many they are
        return Uncounted(0, contest.registered or 1, is_bound=True)
    actas = published.at_jee + published.pending
    bound = min((_by_size(whole.abroad, election, actas), *_by_roll(whole, contest, actas)))
    # Our own roll may stand in only if it knows every acta, and has not counted more of them than the votes include.
    if computed.total < published.total or computed.counted > published.counted:
        return Uncounted(actas, bound, is_bound=True)
    open_roll = computed.registered - computed.registered_counted
    # While it has counted fewer, it still holds voters of actas whose votes are in already.
    is_behind = computed.counted < published.counted
    return Uncounted(actas, min(bound, open_roll) if is_behind else open_roll, is_behind)


def _by_size(abroad: AreaCount | None, election: Election, actas: int) -> int:
    """The most voters that many uncounted actas can have. Mesas abroad may be larger than those at home."""
    at_home = election.max_registered_per_mesa
    away = actas if abroad is None else min(actas, abroad.at_jee + abroad.pending)
    return (actas - away) * at_home + away * max(at_home, election.max_registered_abroad or 0)


def _by_roll(whole: Whole, contest: Contest, actas: int) -> tuple[int, ...]:
    """The contest's roll without the voters of counted actas, who are at least as many as voted in them.

    Nothing where the roll cannot be that of these actas.
    """
    if contest.registered is None or whole.computed.registered > contest.registered:
        return ()
    is_behind = whole.computed.counted <= whole.published.counted
    counted = max(whole.published.cast, whole.computed.registered_counted if is_behind else 0)
    return (contest.registered - counted,) if contest.registered - counted >= actas else ()
