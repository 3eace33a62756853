"""What is concluded of a contest's whole, how many voters are out, and when nothing is concluded at all."""

from datetime import date

import pytest
from msgspec.structs import replace

from tally.election import Contest, Election, ListEntry, Process
from tally.model import AreaCount, Sums
from tally.outcome.judgement import Whole, find_uncounted, judge
from tally.outcome.outcome import OutcomeState
from tally.outcome.rule import ContestRule, RuleKind
from tests.tally.makers import count

HALF = ContestRule(RuleKind.TWO_ROUND, "1/2", False)


def contest(registered: int | None = None) -> Contest:
    lists = tuple(ListEntry(name, name, name, name, name, "#000000") for name in ("a", "b", "c"))
    return Contest("president", {"es": "Presidencia"}, 1, HALF, lists, registered=registered)


ELECTION = Election("e", {}, date(2030, 1, 6), "onpe2026", (), Process(), (contest(),), {}, max_registered_abroad=500)


def stated(votes: tuple[int, int, int], counted: int = 1, pending: int = 2) -> AreaCount:
    return count(votes, counted=counted, at_jee=0, pending=pending, total=counted + pending)


def summed(votes: tuple[int, int, int], counted: int, total: int, registered: int = 0, roll: int = 0) -> Sums:
    return Sums(0, 0, sum(votes), 0, counted, 0, total - counted, registered, roll, total, sum(votes), votes)


NOTHING_READ = summed((0, 0, 0), 0, 0)


@pytest.mark.parametrize(
    ("registered", "computed", "voters", "is_bound"),
    [
        (None, NOTHING_READ, 2 * 500, True),  # nothing is known of abroad, so both may be there
        (900, NOTHING_READ, 900 - 106, True),  # as many as voted had the right to
        (900, summed((50, 30, 20), 1, 2, 500, 290), 900 - 290, True),
        (900, summed((50, 30, 20), 1, 3, 880, 290), 880 - 290, False),
        (900, summed((50, 30, 20), 1, 2, 901, 290), 2 * 500, True),  # a roll of which more are known is none
        (107, NOTHING_READ, 2 * 500, True),  # nor one that leaves an acta without a voter
    ],
)
def test_what_is_out_is_the_least_of_what_the_mesas_and_the_roll_allow(
    registered: int | None, computed: Sums, voters: int, is_bound: bool
) -> None:
    whole = Whole(stated((50, 30, 20)), computed, None, is_doubtful=False)
    found = find_uncounted(whole, contest(registered), ELECTION)
    assert (found.actas, found.voters, found.is_bound) == (2, voters, is_bound)


def test_over_figures_in_review_there_is_no_outcome() -> None:
    whole = Whole(stated((50, 30, 20)), NOTHING_READ, None, is_doubtful=True)
    found = judge(whole, contest(), ELECTION)
    assert (found.outcome, found.uncounted.actas) == (None, 2)


def test_where_our_own_sum_sends_other_lists_to_the_run_off_neither_is_believed() -> None:
    done = stated((45, 30, 25), counted=3, pending=0)
    same = judge(Whole(done, summed((44, 31, 25), 3, 3), None, is_doubtful=False), contest(), ELECTION)
    assert same.outcome is not None
    assert same.outcome.first_two == (0, 1)
    other = judge(Whole(done, summed((45, 27, 28), 3, 3), None, is_doubtful=False), contest(), ELECTION)
    assert other.outcome is None
    # A sum of another moment says nothing against it.
    earlier = judge(Whole(done, summed((45, 27, 28), 2, 3), None, is_doubtful=False), contest(), ELECTION)
    assert earlier.outcome == same.outcome


@pytest.mark.parametrize(
    ("published", "ours"),
    [
        ((440, 300, 260), (560, 230, 210)),  # a run-off for certain, one list of it open; ours: won
        ((560, 430, 10), (470, 460, 70)),  # won; ours: a run-off
        ((510, 485, 5), (460, 450, 90)),  # a winner, but which is open; ours: a run-off
    ],
)
def test_nothing_is_certain_that_our_own_sum_of_the_same_actas_denies(
    published: tuple[int, int, int], ours: tuple[int, int, int]
) -> None:
    small = replace(ELECTION, max_registered_abroad=20, max_registered_per_mesa=20)
    whole = Whole(stated(published, 99, 1), summed(ours, 99, 100), None, is_doubtful=False)
    agreed = Whole(stated(published, 99, 1), summed(published, 99, 100), None, is_doubtful=False)
    assert judge(agreed, contest(), small).outcome is not None
    assert judge(whole, contest(), small).outcome is None


def test_before_the_source_names_an_acta_nothing_is_certain() -> None:
    found = judge(Whole(stated((0, 0, 0), 0, 0), NOTHING_READ, None, is_doubtful=False), contest(), ELECTION)
    assert found.outcome is not None
    assert (found.outcome.state, found.outcome.is_decided) == (OutcomeState.OPEN, False)
