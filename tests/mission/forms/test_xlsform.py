"""Forms out of spreadsheets: what is taken means the same here, and what is not is named."""

import pytest
from msgspec import UNSET, to_builtins
from pyxform.xls2xform import convert

from mission.forms.definition import read_form
from mission.forms.library import load_forms, offered
from mission.forms.model import Form, FormMoment
from mission.forms.writing import write_form
from mission.forms.xlsform.expressions import Untold, read_expression
from mission.forms.xlsform.reading import Found, Wishes, read_survey
from tests.mission.forms.sheets import OPENING, sheet
from tests.mission.forms.test_answers import FORM

WISHES = Wishes(FormMoment.OPENING, "AP", "08:00")


def read(*rows: tuple[str, ...]) -> Found:
    return read_survey(convert(sheet(*rows).encode(), file_type=".md")._pyxform, WISHES)


def told(found: Found) -> list[str]:
    return [str(fault) for fault in found.faults]


def test_a_spreadsheet_becomes_a_form_without_a_fault() -> None:
    found = read(*OPENING)
    assert told(found) == []
    form = found.form
    assert form is not None
    assert (form.id, form.version, form.code, form.due) == ("our-opening", 3, "AP", "08:00")
    assert [section.id for section in form.sections] == ["mesa", "part_missing", "end"]
    types = {name: question.type.value for name, question in form.questions.items()}
    assert list(types.items()) == [
        ("open", "yes_no"),
        ("at", "time"),
        ("missing", "choices"),
        ("members", "number"),
        ("women", "number"),
        ("photo", "photo"),
        ("notes", "text"),
    ]
    assert form.questions["open"].label == {"es": "¿Abrió?", "en": "Did it open?"}
    assert [name for name, question in form.questions.items() if question.is_required] == ["open"]
    assert [choice.id for choice in form.questions["missing"].choices] == ["box", "2"]
    assert [name for name, question in form.questions.items() if not question.is_reported] == ["photo", "notes"]


def test_its_conditions_and_constraints_mean_the_same() -> None:
    form = read(*OPENING).form
    assert form is not None
    more = {"left": {"sum": ["women", "members"]}, "op": ">=", "right": 3}
    assert {name: to_builtins(one.when) for name, one in form.questions.items() if one.when} == {
        "at": {"question": "open", "is": "yes"},
        "missing": {"not": {"question": "open", "is": "yes"}},
        "members": {
            "any": (
                {"question": "missing", "has": "box"},
                {"left": {"question": "at"}, "op": ">", "right": "08:00"},
            )
        },
        "photo": more | {"left": {"sum": ("women", "members")}},
        "notes": {"is_answered": "women"},
    }
    assert to_builtins(form.sections[2].when) == {"left": {"question": "members"}, "op": "!=", "right": 0}
    assert [check.id for check in form.checks] == ["at_check", "women_check"]
    assert form.checks[1].message == {"es": "¿Mujeres?", "en": "Women?"}


def test_columns_of_choices_and_settings_that_are_left_out_are_named() -> None:
    text = sheet(("select_one lack", "box", "¿Cuál?"))
    text = text.replace("| form_id | version |", "| form_id | version | style |").replace("| 3 |", "| tres | pages |")
    text = text.replace("| label::English (en) |\n| | yes_no", "| label::English (en) | image |\n| | yes_no")
    text = text.replace("| Ánfora | Box |", "| Ánfora | Box | box.png |")
    found = read_survey(convert(text.encode(), file_type=".md")._pyxform, WISHES)
    assert [str(fault) for fault in found.left_out] == [
        "settings · version: 'tres' is no number: it is version 1",
        "settings · style: is not taken",
        "box · Box · media: is not taken",
    ]


def test_what_is_left_out_is_named() -> None:
    assert [str(fault) for fault in read(*OPENING).left_out] == [
        "start: `start` is left out: a response has it by itself",
        "inner: is a group within a group: its heading is left out",
    ]
    found = read(("note", "hello", "Hola"), ("integer", "n", "¿Cuántos?", "", "", "", "", "5"), ("integer", "m", "¿M?"))
    assert told(found) == []
    assert [str(fault) for fault in found.left_out] == [
        "hello: `note` is left out: it asks nothing",
        "n · default: is not taken",
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("decimal", "x", "¿X?"), "x: `decimal` is not taken"),
        (("geopoint", "x", "¿X?"), "x: `geopoint` is not taken"),
        (("select_one yes_no or_other", "x", "¿X?"), "x"),
        (("integer", "x", "¿X?", "", "${n} > 1"), "x · required: '${n} > 1' is neither yes nor no"),
        (("integer", "x", "¿X?", "", "", "count-selected(${n}) > 1"), "x · relevant: the function count-selected() is"),
        (("integer", "x", "¿X?", "", "", "${n} * 2 > 1"), "x · relevant: `* 2 > 1` is not understood"),
        (("integer", "x", "¿X?", "", "", "${later} > 1"), "x · relevant: ${later} is no question before it"),
        (("integer", "x", "¿X?", "", "", "", ". > 0.5"), "x · constraint: `0.5` is not understood"),
        (("text", "x", "¿X?", "", "", "", ". = 'abc'"), "x · constraint: 'abc' is compared, and is neither"),
        (("integer", "x", "¿X?", "", "", "${n} >"), "x · relevant: it ends too early"),
        (("integer", "x", "¿X?", "", "", "${n} > 1)"), "x · relevant: `)` is not understood there"),
        (("integer", "x", "¿X?", "", "", "(${n} > 1"), "x · relevant: `)` is missing"),
        (("integer", "x-y", "¿X?"), "'x-y' is not lower-case letters, digits and underscores"),
        (
            ("integer", "x", "¿X?", "", "", "${n} = ${a}"),
            "x · when: 'a' is a yes_no: numbers and times are compared",
        ),
    ],
)
def test_what_is_not_taken_stands_in_the_way_and_is_named(row: tuple[str, ...], fault: str) -> None:
    found = read(("integer", "n", "¿N?"), ("select_one yes_no", "a", "¿A?"), row, ("integer", "later", "¿L?"))
    assert fault in " / ".join(told(found))


def test_a_repeat_is_refused_with_all_that_is_in_it() -> None:
    found = read(("begin_repeat", "r", "Cada uno"), ("integer", "n", "¿Cuántos?"), ("end_repeat", ""))
    assert told(found)[0].startswith("r: `repeat` is not taken")
    assert found.form is not None
    assert found.form.questions == {}


@pytest.mark.parametrize("text", ["(" * 5000, "not(" * 5000, "${open}" * 5000, "", "' = '", "true()"])
def test_any_expression_is_a_condition_or_is_told(text: str) -> None:
    with pytest.raises(Untold):
        read_expression(text, FORM.questions)


def test_a_condition_of_an_empty_answer_is_about_whether_there_is_one() -> None:
    assert read_expression("${note} != ''", FORM.questions).is_answered == "note"
    assert read_expression("${note} = ''", FORM.questions).negated is not UNSET


@pytest.mark.parametrize("form", offered(load_forms()), ids=lambda form: form.id)
def test_a_form_that_is_written_is_read_again_as_it_was(form: Form) -> None:
    assert read_form(write_form(form).encode()) == (form, [])


def test_a_form_without_questions_is_written_too() -> None:
    gone = Form("gone", 2, FormMoment.VOTING, "GO", {"es": 'Con "comillas" y \x7f'}, (), is_withdrawn=True)
    assert read_form(write_form(gone).encode()) == (gone, [])
