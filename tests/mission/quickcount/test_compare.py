"""A copy beside the acta: what differs is found, nothing is invented, and what it is worth is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from mission.audit.macro import find_claims
from mission.quickcount.compare import Comparison, CopyStanding, FigureDifference, PairMove, compare, move_margins
from mission.quickcount.estimate import Copy
from tally.model import Acta, ActaState
from tally.outcome.rule import LEAD, ContestRule, RuleKind
from tally.rules.issues import Rule, broken
from tests.tally.makers import acta, pending

VOTES = st.lists(st.integers(0, 400), min_size=1, max_size=6).map(tuple)
THREE_TENTHS = ContestRule(RuleKind.TWO_ROUND, "3/10", True)


def copy_of(one: Acta) -> Copy:
    return Copy(one.votes or (), one.blank, one.null, one.challenged, one.cast, one.registered)


@given(VOTES)
def test_a_true_copy_is_equal_and_nothing_is_invented(votes: tuple[int, ...]) -> None:
    published = acta(votes)
    found = compare(copy_of(published), published)
    assert (found.standing, found.differences, found.moves) == (CopyStanding.EQUAL, (), ())


@given(VOTES, st.data())
def test_every_figure_that_differs_is_found_with_its_votes(votes: tuple[int, ...], data: st.DataObject) -> None:
    published, more = acta(votes), data.draw(st.lists(st.integers(-40, 40), min_size=len(votes), max_size=len(votes)))
    read = tuple(max(0, own + one) for own, one in zip(votes, more, strict=True))
    found = compare(structs.replace(copy_of(published), votes=read), published)
    differing = {place: one - own for place, (one, own) in enumerate(zip(read, votes, strict=True)) if one != own}
    assert {one.place: one.votes for one in found.differences} == differing
    assert found.standing is (CopyStanding.DIFFERENT if differing else CopyStanding.EQUAL)
    for move in found.moves:
        leads = [votes_of[move.first] - votes_of[move.second] for votes_of in (read, votes)]
        assert move.votes == leads[0] - leads[1] != 0


def test_forty_votes_moved_between_two_lists_move_their_margin_by_eighty() -> None:
    found = compare(Copy((100, 90, 5)), acta((60, 130, 5)))
    assert found.differences == (FigureDifference("votes", 0, 100, 60), FigureDifference("votes", 1, 90, 130))
    assert found.moves == (PairMove(0, 1, 80), PairMove(0, 2, 40), PairMove(1, 2, -40))


@pytest.mark.parametrize("figure", ["blank", "null", "challenged", "cast", "registered"])
def test_other_figures_are_compared_where_both_know_them(figure: str) -> None:
    published = acta()
    found = compare(structs.replace(copy_of(published), **{figure: 7}), published)
    assert (found.standing, found.moves) == (CopyStanding.DIFFERENT, ())
    assert found.differences == (FigureDifference(figure, None, 7, getattr(published, figure)),)
    assert compare(structs.replace(copy_of(published), **{figure: None}), published).standing is CopyStanding.EQUAL
    assert compare(copy_of(published), structs.replace(published, **{figure: None})).standing is CopyStanding.EQUAL


def test_votes_that_could_not_be_read_are_not_called_equal() -> None:
    published = acta((60, 40))
    assert compare(Copy((60, None)), published).standing is CopyStanding.UNREAD
    assert compare(Copy((61, None)), published).standing is CopyStanding.DIFFERENT
    assert compare(Copy((60, 40)), acta((60, None))).standing is CopyStanding.UNREAD
    assert compare(Copy((60, 40)), acta((60, 40, 0))).standing is CopyStanding.UNREAD


@pytest.mark.parametrize(
    ("published", "standing"),
    [
        (None, CopyStanding.NOT_PUBLISHED),
        (pending(), CopyStanding.NOT_PUBLISHED),
        (acta((0, 0), state=ActaState.ANNULLED), CopyStanding.ANNULLED),
        (pending(state=ActaState.NOT_INSTALLED), CopyStanding.NOT_INSTALLED),
        (pending(state=ActaState.AT_JEE), CopyStanding.AT_JEE),
    ],
)
def test_what_is_not_counted_is_said_and_not_compared(published: Acta | None, standing: CopyStanding) -> None:
    found = compare(Copy((60, 40)), published)
    assert (found.standing, found.differences, found.moves) == (standing, (), ())


def test_an_acta_at_the_juries_that_shows_votes_is_compared() -> None:
    found = compare(Copy((100, 40)), acta((60, 40), state=ActaState.AT_JEE))
    assert (found.standing, found.moves) == (CopyStanding.AT_JEE, (PairMove(0, 1, 40),))


def test_a_held_acta_is_compared_as_it_stands_and_marked() -> None:
    held = acta(held=(broken(Rule.OVER_ROLL),))
    assert compare(copy_of(held), held) == Comparison(CopyStanding.EQUAL, is_held=True)


def test_the_move_is_held_against_the_margin_that_decides() -> None:
    claims = find_claims((5_060, 5_000, 300), LEAD)
    moves = move_margins(compare(Copy((60, 40, 5)), acta((90, 10, 5))), claims, 3)
    assert [(one.first, one.second, one.margin, one.votes, one.is_enough) for one in moves] == [
        (0, 1, 60, -60, True),
        (0, 2, 4_760, -30, False),
    ]


def test_the_move_is_held_against_the_part_of_the_votes_that_is_asked_for() -> None:
    claims = find_claims((3_010, 2_500, 2_400, 2_090), THREE_TENTHS)
    found = compare(Copy((70, 60, 30, 40)), acta((90, 40, 30, 40)))
    threshold = move_margins(found, claims, 4)[-1]
    assert (threshold.first, threshold.second, threshold.margin, threshold.votes) == (0, None, 10, -20)
    assert threshold.is_enough


def test_where_no_vote_differs_no_margin_moves() -> None:
    claims = find_claims((60, 40), LEAD)
    assert move_margins(compare(Copy((60, 40), blank=9), acta((60, 40))), claims, 2) == ()
