"""Conditions and answers: by the table of cases that the browser passes too, and whatever is sent."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission.forms.answers import check_answers, look
from mission.forms.conditions import decide
from mission.forms.model import Condition, Form
from tally.errors import InvalidInput
from tests.dashboard.modules import read_cases

_CASES = read_cases("forms")
FORM = msgspec.convert(_CASES["form"], Form)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text("aé:0", max_size=9)
    | st.sampled_from(["yes", "08:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("case", _CASES["conditions"], ids=lambda case: case["of"])
def test_a_condition_holds_fails_or_is_undecided_as_the_table_says(case: dict[str, Any]) -> None:
    condition = msgspec.convert(case["condition"], Condition)
    for answers, expected in case["cases"]:
        assert decide(condition, answers) is expected, answers


@pytest.mark.parametrize("case", _CASES["answers"], ids=lambda case: case["of"])
def test_answers_are_asked_for_and_faulted_as_the_table_says(case: dict[str, Any]) -> None:
    found = look(FORM, case["answers"])
    assert list(found.asked) == case["asked"]
    assert [[fault.id, fault.kind.value] for fault in found.faults] == case["faults"]


@pytest.mark.parametrize("case", _CASES["conditions"], ids=lambda case: case["of"])
def test_a_condition_is_written_as_it_was_read(case: dict[str, Any]) -> None:
    condition = msgspec.convert(case["condition"], Condition)
    assert msgspec.json.decode(msgspec.json.encode(condition)) == case["condition"]


@pytest.mark.parametrize(
    "raw", [{}, {"question": "a"}, {"all": [], "any": []}, {"question": "a", "is": "x", "has": "y"}]
)
def test_what_has_no_shape_or_two_is_no_condition(raw: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="a condition has one of these"):
        msgspec.convert(raw, Condition)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*FORM.questions, "other"]), _JSON))
def test_whatever_is_answered_ends_in_faults(answers: dict[str, object]) -> None:
    known = {*FORM.questions, *(check.id for check in FORM.checks), *answers}
    assert {fault.id for fault in check_answers(FORM, answers)} <= known


def test_only_what_cannot_be_read_stands_in_the_way_of_an_answer() -> None:
    soft = check_answers(FORM, {"open": "no", "at": "07:00", "present": 1, "women": 2})
    assert [(fault.kind, fault.is_blocking) for fault in soft] == [
        ("unasked", False),
        ("required", False),
        ("check", False),
    ]
    assert all(fault.is_blocking for fault in check_answers(FORM, {"open": "maybe", "present": "3", "photo": 1}))


def test_only_answers_that_are_asked_for_and_can_be_read_count() -> None:
    answers = {"open": "no", "at": "07:00", "present": 99, "women": "3", "note": "", "photo": 1}
    assert look(FORM, answers).counted == {"open": "no", "present": 99, "photo": 1}


def test_answers_that_are_no_object_are_refused() -> None:
    with pytest.raises(InvalidInput, match="answers are an object"):
        check_answers(FORM, ["yes"])  # type: ignore[arg-type] # what JSON may hold
