"""Answers to a form by text: read by the questions' numbers, and never into what the form cannot take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mission.forms.answers import check_answers
from mission.forms.library import load_forms, offered
from mission.forms.model import Choice, Form, FormMoment, Question, QuestionType, Section
from mission.messages.form_answers import read_answers

WORDS = {"es": "Pregunta"}
CHOICES = (Choice("ink", WORDS), Choice("rolls", WORDS), Choice("other", WORDS))


def asked(name: str, kind: QuestionType, *choices: Choice, is_required: bool = False) -> Question:
    return Question(name, kind, WORDS, choices=choices, is_required=is_required)


FORM = Form(
    "opening",
    1,
    FormMoment.OPENING,
    "AP",
    WORDS,
    (
        Section(
            "all",
            WORDS,
            (
                asked("is_open", QuestionType.YES_NO, is_required=True),
                asked("why", QuestionType.CHOICE, *CHOICES),
                asked("missing", QuestionType.CHOICES, *CHOICES),
                asked("voters", QuestionType.NUMBER),
                asked("opened_at", QuestionType.TIME, is_required=True),
                asked("note", QuestionType.TEXT),
                asked("acta", QuestionType.PHOTO, is_required=True),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    ("number", "said", "name", "answer"),
    [
        (1, "S", "is_open", "yes"),
        (1, "sí", "is_open", "yes"),
        (1, "no", "is_open", "no"),
        (1, "n/a", "is_open", "na"),
        (2, "2", "why", "rolls"),
        (2, "02", "why", "rolls"),
        (2, "Ink", "why", "ink"),
        (3, "1+3", "missing", ["ink", "other"]),
        (3, "1, 3", "missing", ["ink", "other"]),
        (3, "3 3", "missing", ["other"]),
        (4, "250", "voters", 250),
        (4, "0", "voters", 0),
        (5, "0810", "opened_at", "08:10"),
        (5, "8:10", "opened_at", "08:10"),
        (5, "8h10", "opened_at", "08:10"),
        (6, "todo en orden", "note", "todo en orden"),
    ],
)
def test_an_answer_is_read_as_its_question_takes_it(number: int, said: str, name: str, answer: object) -> None:
    read = read_answers(FORM, [(number, said)])
    assert read.answers == {name: answer}
    assert read.wrong == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "quizás"), (1, ""), (2, "4"), (2, "0"), (3, "1+9"), (3, ""), (4, "muchos"), (4, "1.5"), (5, "2460"), (5, "8"),
     (6, ""), (7, "1"), (8, "S"), (99, "S"), (0, "S")],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_number_and_guessed_by_nobody(number: int, said: str) -> None:
    read = read_answers(FORM, [(number, said)])
    assert (read.answers, read.wrong) == ({}, (number,))


def test_what_must_be_answered_and_was_not_is_named_pictures_too() -> None:
    assert read_answers(FORM, [(4, "3")]).missing == (1, 5, 7)
    assert read_answers(FORM, [(1, "S"), (5, "0810")]).missing == (7,)


def test_what_was_said_before_is_completed_and_corrected_and_dropped_where_it_is_asked_no_more() -> None:
    read = read_answers(FORM, [(5, "0810")], {"is_open": "yes", "voters": 3})
    assert read.answers == {"is_open": "yes", "voters": 3, "opened_at": "08:10"}
    assert read.missing == (7,)
    assert read_answers(FORM, [(4, "4")], {"voters": 3}).answers == {"voters": 4}
    assert read_answers(FORM, [(4, "muchos")], {"voters": 3}).answers == {}
    [opening] = [form for form in load_forms()["opening"] if form.version == 1]
    assert read_answers(opening, [(1, "S")], {"access": "no", "obstacle": ["police"]}).answers == {"access": "yes"}


def test_said_twice_the_last_counts() -> None:
    read = read_answers(FORM, [(1, "quizás"), (1, "S"), (4, "3"), (4, "4")])
    assert (read.answers, read.wrong) == ({"is_open": "yes", "voters": 4}, ())


@given(st.data())
def test_whatever_is_said_a_shipped_form_can_be_kept_with_it(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(offered(load_forms())))
    answer = st.text(max_size=12) | st.sampled_from(["S", "N", "1", "2", "1+2", "0810", "250", "9999999999"])
    said = data.draw(st.lists(st.tuples(st.integers(0, 40), answer), max_size=8))
    faults = check_answers(form, read_answers(form, said).answers)
    assert not [fault for fault in faults if fault.is_blocking]
