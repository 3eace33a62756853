"""What is certain, against every way in which the uncounted actas could turn out."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.outcome.outcome import Certainty, MarginKind, Outcome, OutcomeState, find_outcome
from tally.outcome.rule import ContestRule, RuleKind

PLURALITY, FINAL = ContestRule(RuleKind.PLURALITY), ContestRule(RuleKind.FINAL_ROUND)
HALF = ContestRule(RuleKind.TWO_ROUND, "1/2", False)
THREE_TENTHS = ContestRule(RuleKind.TWO_ROUND, "3/10", True)


def outcome(rule: ContestRule, votes: Sequence[int], uncounted: int = 0) -> Outcome:
    return find_outcome(rule, dict(enumerate(votes)), uncounted)


def completions(votes: Sequence[int], uncounted: int) -> Iterator[list[int]]:
    """Every count that so many voters can lead to; the place after the last list gets the votes that are not valid."""
    for choice in combinations_with_replacement(range(len(votes) + 1), uncounted):
        yield [own + choice.count(place) for place, own in enumerate(votes)]


def reaches(rule: ContestRule, own: int, whole: int) -> bool:
    share = Fraction(own, whole) if whole else Fraction(0)
    return own > 0 and (share >= rule.share if rule.is_inclusive else share > rule.share)


def winner_of(rule: ContestRule, votes: Sequence[int]) -> int | None:
    """Who wins a count that is complete; None for a run-off, a tie, or no votes."""
    best = max(votes)
    if not best or list(votes).count(best) > 1:
        return None
    if rule.kind is RuleKind.TWO_ROUND and not reaches(rule, best, sum(votes)):
        return None
    return list(votes).index(best)


def question(answers: Sequence[bool]) -> Certainty:
    if all(answers):
        return Certainty.CERTAIN
    return Certainty.OPEN if any(answers) else Certainty.IMPOSSIBLE


def is_among_two(place: int, votes: Sequence[int]) -> bool:
    return sum(other >= votes[place] for n, other in enumerate(votes) if n != place) < 2


rules = st.one_of(
    st.sampled_from([PLURALITY, FINAL, HALF, THREE_TENTHS]),
    st.builds(
        ContestRule,
        st.just(RuleKind.TWO_ROUND),
        st.sampled_from(["1/2", "1/3", "2/5", "3/10", "2/3", "5/7"]),
        st.booleans(),
    ),
)
counts = st.one_of(
    st.lists(st.integers(0, 12), min_size=1, max_size=4), st.lists(st.integers(4, 8), min_size=3, max_size=5)
)


@settings(max_examples=400, deadline=None)
@given(rules, counts, st.integers(0, 5))
def test_certain_is_what_every_completion_says_and_open_what_they_disagree_about(
    rule: ContestRule, votes: list[int], uncounted: int
) -> None:
    found = outcome(rule, votes, uncounted)
    ends = list(completions(votes, uncounted))
    winners = {winner_of(rule, end) for end in ends}
    assert found.winner == (winners.pop() if len(winners) == 1 else None)
    if rule.kind is not RuleKind.TWO_ROUND:
        assert (found.threshold, found.first_two) == (None, ())
        return
    assert found.threshold is question([any(reaches(rule, own, sum(end)) for own in end) for end in ends])
    sure = {place for place in range(len(votes)) if all(is_among_two(place, end) for end in ends)}
    assert (set(found.first_two), len(found.first_two)) == (sure, len(sure))


@settings(max_examples=300, deadline=None)
@given(rules, counts, st.integers(0, 5))
def test_a_margin_is_open_where_a_completion_closes_it(rule: ContestRule, votes: list[int], uncounted: int) -> None:
    ends = list(completions(votes, uncounted))
    for margin in outcome(rule, votes, uncounted).margins:
        if margin.behind is None:
            least = next(own for own in range(1, sum(votes) + 2) if own > sum(votes) or reaches(rule, own, sum(votes)))
            assert votes[margin.ahead] - margin.votes == least
            assert margin.is_open is (len({any(reaches(rule, own, sum(end)) for own in end) for end in ends}) == 2)
        else:
            assert margin.votes == votes[margin.ahead] - votes[margin.behind] >= 0
            assert margin.is_open is any(end[margin.ahead] <= end[margin.behind] for end in ends)


def test_a_first_round_is_decided_by_its_second_place_not_by_its_lead() -> None:
    votes = (41_800, 13_010, 13_000, 12_190, 12_000, 8_000)
    found = outcome(HALF, votes, 9)
    assert (found.state, found.winner, found.first_two) == (OutcomeState.RUNOFF, None, (0, 1))
    assert found.is_decided
    assert not outcome(HALF, votes, 10).is_decided
    margin = outcome(HALF, votes, 10).closest
    assert margin is not None
    assert (margin.kind, margin.ahead, margin.behind, margin.votes) == (MarginKind.SECOND_THIRD, 1, 2, 10)


@pytest.mark.parametrize(
    ("votes", "uncounted", "closest"),
    [
        ((451, 300, 240, 9), 70, (MarginKind.SECOND_THIRD, 60, True)),  # 50 short of the threshold, out of its reach
        ((700, 650, 300, 100), 30, (MarginKind.FIRST_THRESHOLD, -176, False)),
    ],
)
def test_the_closest_margin_is_an_open_one_where_any_is(votes: Any, uncounted: int, closest: Any) -> None:
    margin = outcome(HALF, votes, uncounted).closest
    assert margin is not None
    assert (margin.kind, margin.votes, margin.is_open) == closest


def test_to_put_the_first_out_two_lists_must_pass_it_and_share_what_is_left() -> None:
    # Either could make up 6 votes, both together 12.
    votes = (40, 34, 34, 20)
    assert outcome(HALF, votes, 11).first_two == (0,)
    assert outcome(HALF, votes, 12).first_two == ()


def test_a_list_at_the_threshold_for_certain_has_not_won_while_another_can_pass_it() -> None:
    found = outcome(THREE_TENTHS, (380, 350, 270), 40)
    assert (found.state, found.winner, found.threshold) == (OutcomeState.FIRST_ROUND, None, Certainty.CERTAIN)
    assert not found.is_decided
    assert outcome(THREE_TENTHS, (380, 350, 270), 29).winner == 0


@pytest.mark.parametrize(
    ("rule", "votes", "tied"),
    [
        (PLURALITY, (5, 7, 7, 1), (1, 2)),
        (PLURALITY, (9, 7, 7, 1), ()),
        (HALF, (9, 7, 7, 1), (1, 2)),
        (HALF, (9, 8, 7, 7), ()),
        (HALF, (7, 7, 7, 1), (0, 1, 2)),
        (HALF, (900, 300, 300, 100), ()),  # won in the first round: nobody goes on
        (FINAL, (0, 0), ()),
        (HALF, (9, 0, 0), ()),
    ],
)
def test_lists_that_share_a_place_that_decides_are_named(rule: ContestRule, votes: Any, tied: Any) -> None:
    found = outcome(rule, votes)
    assert found.tied == tied
    assert not (tied and found.is_decided)


def test_of_nothing_counted_nothing_is_certain() -> None:
    found = outcome(THREE_TENTHS, (0, 0, 0, 0), 300)
    assert (found.state, found.first_two, found.tied) == (OutcomeState.OPEN, (), ())
    assert not outcome(FINAL, (0, 0)).is_decided
