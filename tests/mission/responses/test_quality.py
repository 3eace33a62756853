"""What looks odd in a response as it comes in, and what does not."""

from typing import Any

import pytest
from sqlalchemy import Engine

from mission.forms.answers import AnswerFault, FaultKind
from mission.incidents.location import Location
from mission.responses.quality import find_issues
from mission.responses.response import QualityIssue, QualityKind, Sent
from tests.mission.people import NOW
from tests.mission.responses.sending import ANA, ANSWERS, LUZ, OPENING, Desk, sent

LIMA, HUANCAYO = (-77.04, -12.05), (-75.21, -12.07)
LONG = {**ANSWERS, "opened_at": "07:10", "first_vote_at": "07:35", "queue": 40, "a": "yes", "b": "yes", "c": "na"}


def issues(answers: Sent) -> list[QualityIssue]:
    return list(find_issues(answers, OPENING, NOW, ()))


def test_plain_answers_look_odd_to_nobody() -> None:
    assert issues(sent()) == []


def test_what_the_form_faults_is_told_by_its_question_or_check() -> None:
    faults = (AnswerFault("present", FaultKind.RANGE), AnswerFault("order", FaultKind.CHECK))
    assert issues(sent(faults=(*faults, AnswerFault("access", FaultKind.REQUIRED)))) == [
        QualityIssue(QualityKind.RANGE, {"question": "present"}),
        QualityIssue(QualityKind.LOGIC, {"check": "order"}),
    ]


@pytest.mark.parametrize(
    ("times", "kind", "minutes"),
    [
        ({"minutes": -20}, QualityKind.BACKWARDS, 20),
        ({"ago": -30}, QualityKind.FUTURE, 30),
        ({"ago": 120}, QualityKind.OUTSIDE_MOMENT, 40),
        ({"ago": -7 * 60 - 30}, QualityKind.OUTSIDE_MOMENT, 30),
    ],
)
def test_times_that_cannot_be_are_told(times: dict[str, Any], kind: QualityKind, minutes: int) -> None:
    [found] = [one for one in issues(sent(**times)) if one.kind is kind]
    assert found.figures["minutes"] == minutes


@pytest.mark.parametrize(("ahead", "is_told"), [(None, True), (3600, True), (-3600, False)])
def test_a_clock_that_is_off_makes_no_hour_impossible(ahead: int | None, is_told: bool) -> None:
    # By its phone 04:50 in Lima; by ours an hour later.
    early = sent(ago=120, clock_ahead_s=ahead)
    assert [one.kind for one in issues(early)] == [QualityKind.OUTSIDE_MOMENT] * is_told


def test_abroad_no_hour_is_impossible_as_nothing_tells_the_time_there() -> None:
    tokyo = Location("mesa/900009", "place-of-90000", "930101")
    assert issues(sent(ago=10 * 60, location=tokyo)) == []


def test_many_answers_in_a_few_seconds_are_told_unless_they_are_few_or_timed_once() -> None:
    hasty = {"started_at": "2030-01-06T11:54:50Z", "finished_at": "2030-01-06T11:55:00Z"}
    [told] = issues(sent(answers=LONG, **hasty))
    assert told == QualityIssue(QualityKind.TOO_FAST, {"seconds": 10, "questions": len(LONG)})
    assert issues(sent(**hasty)) == []
    assert issues(sent(answers=LONG, minutes=0)) == []


@pytest.mark.parametrize(("hours", "is_told"), [(1, True), (6, False)])
def test_two_places_too_far_apart_are_told_whichever_came_first(engine: Engine, hours: int, is_told: bool) -> None:
    desk = Desk(engine)
    early = sent("000099", ago=60 * hours + 20, point=HUANCAYO)
    desk.file(ANA, sent(point=LIMA))
    found = find_issues(early, OPENING, NOW, desk.journal.read().own(ANA.pseudonym))
    assert [one.figures["km"] for one in found if one.kind is QualityKind.TOO_FAR] == [199] * is_told


def test_where_no_place_has_its_own_point_no_distance_is_told(engine: Engine) -> None:
    desk = Desk(engine)
    desk.file(ANA, sent(point=LIMA))
    assert desk.file(ANA, sent("000099")).issues == ()


@pytest.mark.parametrize(
    ("mesa", "changed", "is_told"),
    [("000099", {}, True), ("000001", {}, False), ("000099", {"queue": 41}, False), ("000099", {"notes": "x"}, True)],
)
def test_the_same_long_answers_at_another_place_are_told(
    engine: Engine, mesa: str, changed: dict[str, Any], is_told: bool
) -> None:
    desk = Desk(engine)
    first = desk.file(ANA, sent(answers=LONG))
    again = desk.file(LUZ, sent(mesa, answers={**LONG, **changed}, uncompared=("notes",)))
    told = [one.figures["response"] for one in again.issues if one.kind is QualityKind.IDENTICAL]
    assert told == [first.id] * is_told


def test_a_string_of_yes_is_what_a_good_day_looks_like(engine: Engine) -> None:
    desk, good = Desk(engine), {f"q{n}": "yes" for n in range(20)}
    desk.file(ANA, sent(answers=good))
    assert desk.file(LUZ, sent("000099", answers=good)).issues == ()
