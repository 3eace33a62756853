"""Every rule of the arithmetic, broken one at a time."""

from typing import Any

import pytest

from tally.marks import mark_acta
from tally.model import ActaState
from tally.rules.checks import Around, Largest, check_acta, check_area
from tally.rules.issues import Issue
from tests.tally.makers import acta, count, pending


def rules(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.rule for issue in issues]


def test_a_sound_acta_and_a_sound_area_break_nothing() -> None:
    assert check_acta(acta(), 2) == check_acta(pending(), 2) == check_area(count(), 2) == ()


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"valid": 99}, "valid_sum"),
        ({"cast": 107}, "cast_sum"),
        ({"registered": 105}, "over_roll"),
        ({"blank": None}, "figures_missing"),
        ({"votes": (None, 40)}, "figures_missing"),
        ({"votes": None}, "figures_missing"),
        ({"blank": -3, "cast": 100}, "negative"),
        ({"votes": (60, 40, 0)}, "lists"),
    ],
)
def test_a_counted_acta_that_breaks_a_rule_is_named(broken: dict[str, Any], rule: str) -> None:
    assert rule in rules(check_acta(acta(**{"votes": (60, 40), **broken}), 2))


@pytest.mark.parametrize("state", [ActaState.PENDING, ActaState.NOT_INSTALLED, ActaState.ANNULLED])
def test_votes_in_a_state_that_has_none_are_named(state: ActaState) -> None:
    assert rules(check_acta(acta(state=state), 2)) == ["votes_without_count"]


def test_an_annulled_acta_may_have_all_its_votes_null() -> None:
    annulled = {"state": ActaState.ANNULLED, "votes": (0, 0), "blank": 0, "challenged": 0}
    assert check_acta(acta(**{**annulled, "null": 170, "cast": 170}), 2) == ()
    assert check_acta(acta(**{**annulled, "null": 170, "cast": 170, "registered": 169}), 2)[0].rule == "over_roll"
    assert rules(check_acta(acta(**{**annulled, "null": 170, "cast": 171}), 2)) == ["cast_sum"]
    assert rules(check_acta(acta(**{**annulled, "null": 160, "cast": 170, "blank": 10}), 2)) == ["annulled_null"]
    assert rules(check_acta(acta(**{**annulled, "null": None, "cast": 170}), 2)) == ["figures_missing"]


def test_an_annulled_acta_without_figures_breaks_nothing() -> None:
    nothing = dict.fromkeys(("blank", "null", "challenged", "valid", "cast"))
    assert check_acta(acta(None, state=ActaState.ANNULLED, **nothing), 2) == ()


def test_an_acta_at_the_jee_may_contradict_itself() -> None:
    assert check_acta(acta((600, 1), state=ActaState.AT_JEE, cast=3, valid=None), 2) == ()


def test_turnout_of_exactly_the_whole_roll_is_possible() -> None:
    assert check_acta(acta(registered=106), 2) == ()


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"total": 4}, "buckets"),
        ({"valid": 99}, "valid_sum"),
        ({"cast": 107}, "cast_sum"),
        ({"blank": None, "cast": 90}, "cast_sum"),
        ({"pending": -1, "total": 1}, "negative"),
        ({"challenged": -1, "cast": 104}, "negative"),
        ({"votes": (100,)}, "lists"),
    ],
)
def test_an_area_that_breaks_a_rule_is_named(broken: dict[str, Any], rule: str) -> None:
    assert rule in rules(check_area(count(**{"votes": (60, 40), **broken}), 2))


def test_an_area_that_does_not_state_blank_and_null_is_possible() -> None:
    assert check_area(count(blank=None, null=None, challenged=None), 2) == ()


def test_an_area_with_the_whole_countrys_number_of_actas_is_an_echo() -> None:
    whole = count(counted=2, total=4)
    assert check_area(count(), 2, Around(whole)) == ()
    assert rules(check_area(whole, 2, Around(whole))) == ["scope_echo"]


def test_an_area_above_its_parent_is_impossible_at_one_cut_and_possible_between_cuts() -> None:
    assert rules(check_area(count((61, 39)), 2, Around(parent=count(total=4, pending=2)))) == ["above_parent"]
    later = count((61, 39), source_at="2026-06-08T02:22:03Z")
    assert check_area(later, 2, Around(parent=count(total=4, pending=2))) == ()


def test_more_votes_than_the_whole_roll_are_impossible() -> None:
    assert rules(check_area(count(), 2, Around(roll=105))) == ["over_roll"]
    assert check_area(count(), 2, Around(roll=106)) == ()


def test_a_counted_acta_of_zeros_is_possible_and_worth_a_look() -> None:
    nothing = acta((0, 0), blank=0, null=0, challenged=0, cast=0)
    assert check_acta(nothing, 2) == ()
    assert rules(mark_acta(nothing, None).flags or ()) == ["all_zero"]
    assert mark_acta(acta(), None) == acta()


def test_another_roll_than_before_is_marked_until_it_is_what_it_was() -> None:
    changed = mark_acta(acta(registered=250), acta(registered=300))
    [issue] = changed.flags or ()
    assert (issue.rule, issue.figures) == ("roll_changed", {"registered": 250, "before": 300})
    assert mark_acta(acta(registered=250), changed).flags == changed.flags
    assert mark_acta(acta(registered=300), changed) == acta(registered=300)
    assert mark_acta(acta(registered=300), acta(registered=None)) == acta(registered=300)


@pytest.mark.parametrize(
    ("ubigeo", "registered", "found"),
    [("140101", 300, []), ("140101", 301, ["over_largest"]), ("920101", 500, []), ("920101", 501, ["over_largest"])],
)
def test_no_mesa_has_more_voters_than_the_largest_of_the_election(
    ubigeo: str, registered: int, found: list[str]
) -> None:
    assert rules(check_acta(acta(ubigeo=ubigeo, registered=registered), 2, Largest(300, 500))) == found


def test_an_area_has_no_more_votes_than_its_counted_actas_can_hold() -> None:
    assert check_area(count(), 2, Around(most=106)) == ()
    assert rules(check_area(count(), 2, Around(most=105))) == ["over_actas"]
    assert rules(check_area(count(counted=0, pending=2), 2)) == ["votes_without_actas"]


@pytest.mark.parametrize(("turnout", "is_sound"), [(11_777, True), (9_400, False), (100_001, False)])
def test_a_turnout_belongs_to_a_roll_that_the_area_can_have(turnout: int, is_sound: bool) -> None:
    found = check_area(count(turnout=turnout), 2, Around(most=300))
    assert rules(found) == ([] if is_sound else ["turnout"])


def test_a_part_is_never_larger_than_all_that_its_whole_can_have() -> None:
    later = count((161, 39), source_at="2026-06-08T02:22:03Z")
    whole = count(total=4, pending=2)
    assert check_area(later, 2, Around(parent=whole, most=300)) == ()
    assert rules(check_area(later, 2, Around(parent=whole, most=206))) == []
    assert rules(check_area(later, 2, Around(parent=count(counted=3, at_jee=0, pending=0), most=300))) == [
        "above_whole"
    ]
    assert rules(check_area(count(total=5, pending=3, source_at=None), 2, Around(parent=whole))) == ["above_whole"]


def test_the_number_of_actas_of_an_area_is_known_early() -> None:
    before = count(total=100, pending=98)
    assert check_area(count(total=102, pending=100), 2, Around(before=before, listed=100)) == ()
    [issue] = check_area(count(total=103, pending=101), 2, Around(before=before, listed=100))
    assert (issue.rule, issue.figures) == ("total_apart", {"total": 103, "before": 100})
    assert check_area(count(total=103, pending=101), 2, Around(before=before, listed=100, totals=(103,))) == ()
    assert check_area(count(total=103, pending=101), 2, Around(before=before, listed=0)) == ()
    assert rules(check_area(count(), 2, Around(listed=6))) == ["total_apart"]
    assert check_area(count(), 2, Around(listed=5)) == ()
