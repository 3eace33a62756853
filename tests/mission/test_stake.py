"""Votes at stake: what doubtful mesas could change, and the sentence that says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission.flags.sheets import Sheets, read_sheets
from mission.stake import (
    Margin,
    Stake,
    StakeVerdict,
    common_area,
    find_held,
    find_observed,
    lies_within,
    margin_of,
    stakes_by_area,
    weigh,
)
from tally.board import Board, Fact
from tally.changes import encode
from tally.keys import NATION, Level, mesa_key
from tally.model import Acta, ActaState
from tally.outcome.outcome import MarginKind
from tally.outcome.rule import ContestRule, RuleKind
from tests.tally.makers import acta, count, fact, pending

NATIONAL = Margin(NATION, "PERÚ", (0, 1), 49_641)


def sheets_of(*actas: Acta) -> Sheets:
    return read_sheets([(mesa_key(f"{n:06}"), encode(one)) for n, one in enumerate(actas, start=1)], 2)


def everything(sheets: Sheets) -> np.ndarray:
    return np.ones(len(sheets), dtype=np.bool_)


def test_annulment_moves_the_margin_by_the_lead_of_the_mesas() -> None:
    sheets = sheets_of(acta((150, 50)), acta((40, 100)), pending(registered=200))
    stake = weigh(sheets, everything(sheets), NATIONAL, 300)
    assert stake == Stake(mesas=3, at_most=800, if_annulled=-40, worst=840)


def test_a_margin_in_review_makes_no_verdict() -> None:
    stake = Stake(mesas=2, at_most=600, if_annulled=-100, worst=700)
    margin = Margin(NATION, None, (0, 1), 900, is_in_review=True)
    assert stake.verdict(margin) is StakeVerdict.IN_REVIEW
    assert (stake.is_safe(margin), stake.is_safe_if_annulled(margin)) == (False, False)
    board = Board(2)
    board.apply([Fact(NATION, count())])
    board.apply([Fact(NATION, count(total=99))])
    found = margin_of(NATION, encode(board.state(NATION)))
    assert found is not None
    assert found.is_in_review


def test_the_margin_counts_from_the_areas_own_leader() -> None:
    sheets = sheets_of(acta((150, 50)))
    assert weigh(sheets, everything(sheets), Margin("district/140101", None, (1, 0), 7), 300).if_annulled == 100


def test_a_mesa_whose_roll_nobody_knows_counts_as_the_largest() -> None:
    sheets = sheets_of(pending(registered=None))
    assert weigh(sheets, everything(sheets), NATIONAL, 300).at_most == 300


@pytest.mark.parametrize(
    ("margin", "verdict"),
    [(900, StakeVerdict.SAFE), (500, StakeVerdict.SAFE_IF_ANNULLED), (100, StakeVerdict.OPEN)],
)
def test_the_verdict_goes_by_what_could_happen_at_worst(margin: int, verdict: StakeVerdict) -> None:
    stake = Stake(mesas=2, at_most=600, if_annulled=-100, worst=700)
    assert stake.verdict(Margin(NATION, None, (0, 1), margin)) is verdict


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=8), st.integers(0, 3000))
def test_a_winner_called_safe_stays_ahead_whatever_had_been_voted(pairs: list[tuple[int, int]], margin: int) -> None:
    sheets = sheets_of(*(acta(pair, registered=sum(pair) + 20) for pair in pairs))
    area = Margin(NATION, None, (0, 1), margin)
    stake = weigh(sheets, everything(sheets), area, 300)
    stated = sum(first - second for first, second in pairs)
    if stake.is_safe(area):
        against = -sum(sum(pair) + 20 for pair in pairs)  # every voter of the roll for the runner-up
        assert margin - stated + against > 0
        assert stake.is_safe_if_annulled(area)
    assert stake.is_safe_if_annulled(area) == (margin - stated > 0)


def test_nothing_chosen_is_said_to_be_nothing() -> None:
    sheets = sheets_of(acta())
    stake = weigh(sheets, ~everything(sheets), NATIONAL, 300)
    assert stake == Stake(0, 0, 0, 0)
    assert stake.verdict(NATIONAL) is StakeVerdict.NONE


def test_a_selection_is_cut_to_an_area_a_place_or_a_mesa() -> None:
    sheets = sheets_of(acta(), acta(place="0002", ubigeo="140102"), acta(place=None, ubigeo="920101"))
    found = {
        key: lies_within(sheets, key).tolist()
        for key in (
            "nation",
            "scope/abroad",
            "department/14",
            "district/140102",
            "place/0001",
            "place/9",
            "mesa/000003",
        )
    }
    assert found == {
        "nation": [True, True, True],
        "scope/abroad": [False, False, True],
        "department/14": [True, True, False],
        "district/140102": [False, True, False],
        "place/0001": [True, False, False],
        "place/9": [False, False, False],
        "mesa/000003": [False, False, True],
    }


def test_the_area_that_all_mesas_share_is_known_at_each_level() -> None:
    ubigeos = ["140101", "140102"]
    assert common_area(ubigeos, Level.DEPARTMENT) == "department/14"
    assert common_area(ubigeos, Level.PROVINCE) == "province/1401"
    assert common_area(ubigeos, Level.DISTRICT) is None
    assert common_area([], Level.DISTRICT) is None


def test_held_and_observed_mesas_are_found_in_the_logs_own_bytes() -> None:
    board = Board(2)
    board.apply([fact("000001", acta()), fact("000002", pending(state=ActaState.AT_JEE)), fact("000003", acta())])
    board.apply([fact("000003", acta(cast=999))])
    values = {key: encode(value) for key, value in board.actas.items()}
    assert find_held(values) == {"mesa/000003"}
    assert find_observed(values) == {"mesa/000002"}


def test_the_margin_of_an_area_is_the_published_one() -> None:
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), fact("000001", acta((30, 90)))])
    assert margin_of(NATION, encode(board.state(NATION))) == Margin(NATION, "PERÚ", (1, 0), 60)
    board.apply([Fact(NATION, count((60, 40)), "sha256:aa")])
    assert margin_of(NATION, encode(board.state(NATION))) == Margin(NATION, "PERÚ", (0, 1), 20)


def test_an_area_without_a_vote_has_no_margin() -> None:
    board = Board(2)
    board.apply([Fact(NATION, "PERÚ"), fact("000001", pending())])
    assert margin_of(NATION, encode(board.state(NATION))) is None


def test_stakes_of_many_areas_are_those_of_each_alone() -> None:
    sheets = sheets_of(acta((90, 10)), acta((20, 80), ubigeo="140102"), acta((50, 40), ubigeo="070101"))
    margins = [Margin(key, None, (0, 1), 5) for key in ("nation", "department/14", "district/140102", "department/25")]
    found = stakes_by_area(sheets, margins, 300)
    assert set(found) == {"nation", "department/14", "district/140102"}
    for key, (stake, margin) in found.items():
        assert stake == weigh(sheets, lies_within(sheets, key), margin, 300)


HALF = ContestRule(RuleKind.TWO_ROUND, "1/2", False)


def three_lists(*actas: Acta) -> Sheets:
    return read_sheets([(mesa_key(f"{n:06}"), encode(one)) for n, one in enumerate(actas, start=1)], 3)


def first_round(votes: tuple[int, int, int]) -> Margin:
    board = Board(3)
    board.apply([Fact(NATION, count(votes))])
    found = margin_of(NATION, encode(board.state(NATION)), HALF)
    assert found is not None
    return found


def test_in_a_first_round_mesas_are_held_against_the_second_place() -> None:
    margin = first_round((4000, 3100, 3000))
    assert (margin.kind, margin.leaders, margin.votes) == (MarginKind.SECOND_THIRD, (1, 2), 100)
    sheets = three_lists(acta((40, 10, 2), registered=80))
    # Without them the second is 92 votes ahead of the third, and they have 80 voters.
    stake = weigh(sheets, everything(sheets), margin, 300)
    assert (stake.if_annulled, stake.verdict(margin)) == (-8, StakeVerdict.SAFE)
    larger = three_lists(acta((40, 10, 2), registered=92))
    assert weigh(larger, everything(larger), margin, 300).verdict(margin) is StakeVerdict.SAFE_IF_ANNULLED


@pytest.mark.parametrize(("voters", "verdict"), [(20, StakeVerdict.SAFE), (21, StakeVerdict.SAFE_IF_ANNULLED)])
def test_mesas_that_could_lift_the_first_above_half_of_the_votes_change_the_outcome(
    voters: int, verdict: StakeVerdict
) -> None:
    margin = first_round((4990, 3000, 2010))
    assert (margin.kind, margin.votes) == (MarginKind.FIRST_THRESHOLD, 11)
    # Without them 4,985 of 9,990: 20 more make exactly half, which is not enough.
    sheets = three_lists(acta((5, 5, 0), registered=voters))
    stake = weigh(sheets, everything(sheets), margin, 300)
    assert (stake.verdict(margin), stake.if_annulled) == (verdict, 0)


def test_of_three_lists_the_last_may_pass_too() -> None:
    board = Board(3)
    board.apply([Fact(NATION, count((400, 300, 299)))])
    margin = margin_of("department/14", encode(board.state(NATION)))
    assert margin is not None
    sheets = three_lists(acta((0, 60, 0), registered=60))
    stake = weigh(sheets, everything(sheets), margin, 300)
    # The second list would fall back, but not the third.
    assert (margin.votes, stake.worst) == (100, 0)
    assert stake.is_safe(margin)
    full = three_lists(acta((0, 60, 0), registered=101))
    assert not weigh(full, everything(full), margin, 300).is_safe(margin)
