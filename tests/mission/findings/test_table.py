"""Findings: figures with their denominators, and nothing of fewer than k observers outside the house."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission.findings.figures import AnswerCount, Quartiles, count_answers
from mission.findings.folding import fold
from mission.findings.seen import FindingCell, PlaceSetting, Seen
from mission.findings.table import FindingGroup, FindingRow, FindingsGround, find_for_statement, find_in_house
from mission.forms.model import Question
from mission.zones import K
from tests.mission.findings.attacker import attack, leave_out, told_of, who
from tests.mission.findings.grounds import BEGAN, LACKING, NOTE, OPENED, WAIT, draw_ground, form_of, seen_at

CITY, VILLAGE = FindingCell("01", PlaceSetting.URBAN), FindingCell("01", PlaceSetting.RURAL)


def row_of(rows: Iterable[FindingRow], group: FindingGroup) -> FindingRow:
    return next(row for row in rows if row.group is group)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_sum_and_no_difference_of_rows_is_of_fewer_than_five_observers(seed: int) -> None:
    ground = draw_ground(random.Random(seed))
    observers = who(ground)
    [found] = find_for_statement([form_of(OPENED)], ground, K)
    told = told_of(found.rows, observers, ground.named)
    assert attack(told, observers) == []
    for row, cells in zip((row for row in found.rows if row.observers is not None), told, strict=True):
        answered = 0 if row.figures is None else row.figures.base + row.figures.not_applicable
        assert answered == sum(one.cell in cells for one in ground.seen["opening"])


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nor_with_the_rows_of_a_question_that_only_some_are_asked(seed: int) -> None:
    """How many were asked how long the wait was is how many said that it opened."""
    ground = draw_ground(random.Random(seed))
    senders = who(ground)
    opened, wait = find_for_statement([form_of(OPENED, WAIT)], ground, K)
    told = told_of(wait.rows, senders, ground.named, who(ground, "wait"))
    assert attack(told, senders) == []
    assert attack([*told, *told_of(opened.rows, senders, ground.named)], senders) == []


def test_two_questions_of_one_form_do_not_tell_of_a_region_that_neither_tells_of() -> None:
    def region(name: str, people: int, said_yes: int) -> list[Seen]:
        cell = FindingCell(name, PlaceSetting.NOT_TOLD)
        return [
            seen_at(
                100 * int(name) + n,
                cell,
                {f"{name}-{n}"},
                **({"opened": "yes", "wait": 5} if n < said_yes else {"opened": "no"}),
            )
            for n in range(people)
        ]

    # By all who answered the second is told with the third; by those who were asked on, with the first.
    seen = [*region("01", 10, 5), *region("02", 2, 1), *region("03", 6, 6)]
    ground = FindingsGround({"opening": seen}, {}, frozenset(("01", "02", "03")))
    opened, wait = find_for_statement([form_of(OPENED, WAIT)], ground, K)
    rows = [[(row.group, row.region) for row in one.rows] for one in (opened, wait)]
    assert rows[0] == rows[1]
    assert rows[0][1:3] == [(FindingGroup.REGION, "01"), (FindingGroup.OTHER_REGIONS, None)]


def test_that_nobody_of_a_region_was_asked_on_is_not_told_of_it() -> None:
    crowd = [seen_at(n, CITY, {f"a{n}"}, opened="yes", wait=5) for n in range(8)]
    village = FindingCell("02", PlaceSetting.RURAL)
    few = [seen_at(10 + n, village, {f"b{n}"}, opened="no") for n in range(2)]
    ground = FindingsGround({"opening": [*crowd, *few]}, {}, frozenset(("01", "02")))
    for found in find_for_statement([form_of(OPENED, WAIT)], ground, K):
        assert [(row.visited, row.group) for row in found.rows if row.visited < 10] == []


def test_the_same_attacker_finds_people_where_rows_of_few_are_only_left_out() -> None:
    grounds = [draw_ground(random.Random(seed)) for seed in range(40)]
    assert sum(bool(attack(leave_out(who(ground)), who(ground))) for ground in grounds) > 5


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_part_has_five_observers_and_every_cell_is_in_one_part(seed: int) -> None:
    ground = draw_ground(random.Random(seed))
    observers = who(ground)
    asked = who(ground, "wait")
    parts = fold(observers, asked, ground.named, K)
    for part in parts:
        assert len(frozenset().union(*(asked[cell] for cell in part.cells))) >= K
        assert part.region is None or part.region in ground.named
    if parts:
        assert sorted(cell for part in parts for cell in part.cells) == sorted(observers)


def test_regions_of_few_are_told_together_rather_than_left_out() -> None:
    crowd = [seen_at(n, CITY, {f"a{n}"}, opened="yes") for n in range(6)]
    few = [
        seen_at(10 + n, FindingCell(f"0{2 + n}", PlaceSetting.URBAN), {f"b{n}", f"c{n}"}, opened="no") for n in range(3)
    ]
    ground = FindingsGround({"opening": [*crowd, *few]}, {}, frozenset(("01", "02", "03", "04")))
    [found] = find_for_statement([form_of(OPENED)], ground, K)
    other = row_of(found.rows, FindingGroup.OTHER_REGIONS)
    assert (other.regions, other.visited, other.observers) == (3, 3, 6)
    assert other.figures is not None
    assert other.figures.answers[1] == AnswerCount("no", 3, 1.0)
    assert [row.region for row in found.rows if row.group is FindingGroup.REGION] == ["01"]


def test_a_question_that_fewer_than_five_answered_has_no_figures_outside() -> None:
    seen = [seen_at(n, CITY, {f"a{n}"}, opened="no") for n in range(4)]
    ground = FindingsGround({"opening": seen}, {"0000": CITY, "0009": CITY}, frozenset(("01",)))
    [found] = find_for_statement([form_of(OPENED)], ground, K)
    [row] = found.rows
    assert (row.figures, row.observers, row.visited, row.assigned, row.is_few) == (None, None, 4, 2, True)
    [found] = find_in_house([form_of(OPENED)], ground, K)
    assert all(row.figures is not None and row.is_few for row in found.rows)


def test_every_row_says_what_it_is_a_share_of() -> None:
    seen = [seen_at(n, CITY if n < 6 else VILLAGE, {f"a{n}"}, opened="yes" if n % 2 else "no") for n in range(12)]
    places = {f"{n:04}": CITY if n < 6 else VILLAGE for n in (*range(5), *range(6, 20))}
    [found] = find_in_house([form_of(OPENED, NOTE)], FindingsGround({"opening": seen}, places, frozenset(("01",))), K)
    said = [(row.group, row.setting, row.assigned, row.visited, row.observers) for row in found.rows]
    assert said == [
        (FindingGroup.ALL, None, 19, 12, 12),
        (FindingGroup.REGION, None, 19, 12, 12),
        (FindingGroup.SETTING, PlaceSetting.URBAN, 5, 6, 6),
        (FindingGroup.SETTING, PlaceSetting.RURAL, 14, 6, 6),
    ]


def test_doubtful_and_undecided_answers_are_counted_apart() -> None:
    seen = [
        seen_at(1, CITY, {"a"}, opened="yes"),
        seen_at(2, CITY, {"b"}, opened="na"),
        Seen("place/3", "3", CITY, frozenset("c"), {"opened": "no"}, is_doubtful=True),
        Seen("place/4", "4", CITY, frozenset("de"), {}, frozenset(("opened",))),
    ]
    figures = count_answers(OPENED, seen)
    assert (figures.base, figures.not_applicable, figures.doubtful, figures.conflicting) == (1, 1, 1, 1)
    assert figures.answers == (AnswerCount("yes", 1, 1.0), AnswerCount("no", 0, 0.0))


@pytest.mark.parametrize(
    ("question", "answers", "quartiles"),
    [
        (WAIT, [4, 8, 1, 3, 2], Quartiles(2.0, 3.0, 4.0)),
        (WAIT, [7], Quartiles(7.0, 7.0, 7.0)),
        (BEGAN, ["08:30", "07:05", "08:00"], Quartiles("07:32", "08:00", "08:15")),
        (WAIT, [], None),
    ],
)
def test_numbers_and_times_have_a_median_and_quartiles(
    question: Question, answers: list[str | int], quartiles: Quartiles | None
) -> None:
    figures = count_answers(question, [seen_at(n, CITY, {"a"}, **{question.id: one}) for n, one in enumerate(answers)])
    assert (figures.quartiles, figures.answers) == (quartiles, ())


def test_of_several_choices_each_has_its_share_and_one_of_an_older_version_stands() -> None:
    given_ = [["ballots", "ink"], ["ink"], ["stamp"], list[str]()]
    figures = count_answers(LACKING, [seen_at(n, CITY, {"a"}, lacking=one) for n, one in enumerate(given_)])
    assert [(one.answer, one.n, one.share) for one in figures.answers] == [
        ("ballots", 1, 0.25),
        ("ink", 2, 0.5),
        ("stamp", 1, 0.25),
    ]


def test_a_question_that_the_newest_version_asks_no_more_is_told_if_it_was_answered() -> None:
    seen = [seen_at(n, CITY, {f"a{n}"}, opened="yes", wait=5) for n in range(6)]
    ground = FindingsGround({"opening": seen}, {}, frozenset(["01"]))
    versions = [form_of(OPENED), form_of(OPENED, WAIT, BEGAN)]
    for find in (find_in_house, find_for_statement):
        assert [one.question.id for one in find(versions, ground, K)] == ["opened", "wait"]
    assert [one.question.id for one in find_in_house(versions, FindingsGround({}, {}, frozenset()), K)] == ["opened"]
