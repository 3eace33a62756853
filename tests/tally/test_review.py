"""What is concluded from an area's figures, and when nothing is: held, impossible, or disputed beyond the lead."""

from typing import Any

import pytest

from tally.board import Board, Fact
from tally.model import AreaState
from tally.rules.checks import Largest
from tally.rules.review import agreed_lead, is_in_review, lead_of
from tests.tally.makers import acta, count, fact, pending, place

STAMP, LATER = "2026-06-08T02:12:03Z", "2026-06-08T02:22:03Z"


def nation(board: Board) -> AreaState:
    state = board.state("nation")
    assert isinstance(state, AreaState)
    return state


def one_mesa(votes: tuple[int, int], **more: Any) -> Board:
    """A nation of one counted mesa, of which the source states those votes."""
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    board.apply([Fact("nation", count(votes, counted=1, at_jee=0, pending=0, total=1, **more))])
    return board


def rules(issues: Any) -> list[str]:
    return [issue.rule for issue in issues or ()]


def test_sound_figures_carry_a_conclusion() -> None:
    assert not is_in_review(nation(one_mesa((60, 40))))
    assert not is_in_review(nation(Board(2)))


def test_while_a_newer_figure_is_held_nothing_is_concluded() -> None:
    board = one_mesa((60, 40))
    board.apply([Fact("nation", count((60, 40), valid=99))])
    assert is_in_review(nation(board))


def test_a_difference_smaller_than_the_lead_leaves_it_standing_and_a_larger_one_does_not() -> None:
    small, large = one_mesa((65, 35)), one_mesa((35, 65))
    assert rules(nation(small).flags) == rules(nation(large).flags) == ["reconciliation"]
    assert (is_in_review(nation(small)), is_in_review(nation(large))) == (False, True)
    published, computed = nation(small).published, nation(small).computed
    assert published is not None
    assert (lead_of(published.votes), agreed_lead(published, computed)) == ((0, 30), 20)


def test_at_different_cuts_our_sum_says_nothing_against_a_lead() -> None:
    board = one_mesa((60, 40))
    board.apply([Fact("nation", count((40, 160), counted=2, at_jee=0, pending=0, total=2))])
    board.apply([fact("000002", pending())])
    assert not is_in_review(nation(board))


def test_votes_above_a_roll_that_becomes_known_later_are_impossible_after_all() -> None:
    board = Board(2)
    board.apply([Fact("district/140101", count((160, 140), counted=1, at_jee=0, pending=0, total=1))])
    [change] = board.apply([Fact("district/140101", "LIMA")])
    assert b"flags" not in change.data
    board.apply([place(), fact("000001", pending(registered=250))])
    state = board.state("district/140101")
    assert isinstance(state, AreaState)
    assert rules(state.flags) == ["over_roll"]
    assert is_in_review(state)


def test_an_area_whose_parts_do_not_add_up_at_one_cut_is_the_odd_one_and_its_parts_stand() -> None:
    board = Board(2)
    board.apply([Fact("nation", count((10, 20), total=3))])
    whole = count((60, 40), counted=3, at_jee=3, pending=3, total=9)
    changes = board.apply([Fact("scope/domestic", whole), Fact("scope/abroad", count((1, 2)))])
    assert board.held.keys() == {"scope/domestic", "scope/abroad"}  # of two, either could be the odd one
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    board.apply([Fact("province/1401", count((10, 20), counted=1, at_jee=0, pending=0, total=1))])
    changes = board.apply([Fact("district/140101", count((60, 40), counted=1, at_jee=0, pending=0, total=1))])
    assert board.held == {}
    assert {change.key for change in changes} == {"district/140101", "province/1401"}
    province = board.state("province/1401")
    assert isinstance(province, AreaState)
    assert rules(province.flags) == ["reconciliation", "against_parts"]
    assert is_in_review(province)
    restored = Board(2)
    restored.restore((change.key, change.data) for change in changes)
    again = restored.state("province/1401")
    assert isinstance(again, AreaState)
    assert rules(again.flags) == ["against_parts"]


@pytest.mark.parametrize(
    "lower",
    [
        {"blank": 2, "cast": 105}, {"null": 1, "challenged": 2}, {"challenged": 0, "null": 3},
        {"total": 2, "pending": 0}, {"at_jee": 0, "pending": 2}, {"turnout": 11_000},
    ],
)  # fmt: skip
def test_every_figure_of_an_area_that_goes_down_is_a_correction(lower: dict[str, int]) -> None:
    board = Board(2)
    board.apply([Fact("nation", count(turnout=12_000))])
    [change] = board.apply([Fact("nation", count(**{"turnout": 12_000, **lower}, source_at=LATER))])
    assert change.kind == "correction"


def test_an_acta_that_leaves_the_juries_for_the_count_is_no_correction() -> None:
    board = Board(2)
    board.apply([Fact("nation", count())])
    [change] = board.apply([Fact("nation", count((61, 41), counted=2, at_jee=0))])
    assert change.kind == "update"


@pytest.mark.parametrize(
    "other",
    [
        {"blank": 2, "null": 3}, {"challenged": 0, "null": 3}, {"registered": 299}, {"blank": 4, "cast": 107},
    ],
)  # fmt: skip
def test_every_figure_of_a_counted_acta_that_is_replaced_is_a_correction(other: dict[str, int]) -> None:
    board = Board(2)
    board.apply([place(), fact("000001", acta())])
    changes = board.apply([fact("000001", acta(**other))])
    assert next(change.kind for change in changes if change.key == "mesa/000001") == "correction"


def test_a_roll_that_goes_down_is_a_correction_in_every_area_above() -> None:
    board = Board(2)
    board.apply([place(), fact("000001", pending())])
    changes = {change.key: change for change in board.apply([fact("000001", pending(registered=290))])}
    assert {change.kind for change in changes.values()} == {"correction"}
    assert b'"roll_changed"' in changes["mesa/000001"].data
    up = {change.key: change.kind for change in board.apply([fact("000001", pending(registered=295))])}
    assert (up["nation"], up["mesa/000001"]) == ("update", "correction")


def test_a_number_of_actas_that_changes_a_little_is_marked_and_stays_marked() -> None:
    board = Board(2)
    board.apply([Fact("department/14", count())])
    [change] = board.apply([Fact("department/14", count(total=4, pending=2))])
    assert (change.kind, b'"total_changed"' in change.data) == ("update", True)
    [change] = board.apply([Fact("department/14", count((61, 40), total=4, pending=2))])
    assert b'"before":3,"total":4' in change.data


def test_a_roll_above_the_largest_is_neither_believed_nor_shown() -> None:
    board = Board(2, largest=Largest(300))
    board.apply([place(), fact("000001", pending(registered=3000))])
    held = board.actas["mesa/000001"]
    assert (rules(held.held), held.registered) == (["over_largest"], None)
    assert board.sums.of("nation").registered == 0
