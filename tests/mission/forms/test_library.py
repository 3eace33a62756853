"""The shipped forms, a mission's own beside them, and every fault of a file by its place."""

from pathlib import Path
from random import Random

import pytest

from mission.forms.answers import YES_NO, look
from mission.forms.definition import read_form
from mission.forms.library import SHIPPED, form_files, load_forms, offered, read_file, read_seals, seal
from mission.forms.model import Form, FormMoment, Question, QuestionType
from tally.errors import InvalidInput
from tests.mission.forms.files import MINIMAL, write
from texts.language import LANGUAGES

SHIPPED_FORMS = offered(load_forms())
IN_EACH = pytest.mark.parametrize("form", SHIPPED_FORMS, ids=lambda form: form.id)
WHEN = 'id = "queue"\ntype = "number"\nlabel'
# What is written instead of what, and the fault that is then named.
WRONG = [
    ('id = "short"', 'id = "Short form"', "id: 'Short form' is not lower-case letters, digits and hyphens"),
    ('code = "CO"', 'code = "corto"', "code: 'corto' is not two to four capital letters"),
    ("version = 1", "version = 0", "version: 0 is none: they begin at 1"),
    ("version = 1", 'version = 1\ndue = "8:00"', "due: '8:00' is not a time like 08:00"),
    ('title = { es = "Corto" }', 'title = { en = "Short" }', "title: says nothing in Spanish (es)"),
    ('title = { es = "Corto" }', 'title = { es = "Corto", xx = "?" }', "title: 'xx' is none of the languages"),
    ('moment = "voting"', 'moment = "noon"', "moment: Invalid enum value 'noon'"),
    ("least = 0", "smallest = 0", "questions[0] (queue): there is no field `smallest`"),
    ("least = 0", "least = 0\nmost = -1", "queue: nothing lies between 0 and -1"),
    ("least = 0", 'least = "many"', "queue · least: 'many' is not a number"),
    ("least = 0", "choices = [{ id = 'a', label = { es = 'A' } }]", "queue · choices: is a number, and has choices"),
    ('"calm"', '"queue"', "questions and checks: id 'queue' stands 2 times"),
    ('type = "yes_no"', 'type = "choice"', "calm · choices: has no choices"),
    ('type = "yes_no"', 'type = "text"\nis_reported = true', "calm · is_reported: a text is not counted"),
    ('type = "yes_no"', 'type = "yes_no"\nleast = 1', "calm · least: a yes_no has no bounds"),
    (
        'type = "yes_no"',
        'type = "yes_no"\nincident = { when_answer = "maybe", category = "other", severity = "minor" }',
        "calm · incident: 'maybe' is none of its answers",
    ),
    ("least = 0", 'when = { question = "calm", is = "no" }', "queue · when: there is no question 'calm' before it"),
    (
        'type = "yes_no"',
        'type = "yes_no"\nwhen = { all = 1, any = 2 }',
        "questions[1] (calm) · when · all: Expected `array`, got `int`",
    ),
    ('type = "yes_no"', 'type = "yes_no"\nwhen = { question = "queue" }', "when: a condition has one of these"),
    (
        'type = "yes_no"',
        'type = "yes_no"\nwhen = { question = "queue", is = "3" }',
        "calm · when: '3' is none of the answers of 'queue'",
    ),
    (
        'type = "yes_no"',
        'type = "yes_no"\nwhen = { left = { question = "queue" }, op = ">", right = "08:00" }',
        "calm · when: compares a number with a time",
    ),
    (
        'type = "yes_no"',
        'type = "yes_no"\nwhen = { left = { question = "" }, op = ">", right = "eight" }',
        "calm · when: there is no question '' before it",
    ),
    ('type = "yes_no"', 'type = "yes_no"\nwhen = { is_answered = "" }', "calm · when: there is no question ''"),
]


def test_there_is_a_form_for_each_moment_of_the_day() -> None:
    assert [form.moment for form in SHIPPED_FORMS] == list(FormMoment)


def test_the_shipped_files_say_what_their_seals_say() -> None:
    assert {path.stem for path in form_files(SHIPPED)} == read_seals(SHIPPED).keys()
    assert [read_file(path)[1] for path in form_files(SHIPPED)] == [[]] * len(SHIPPED_FORMS)


@IN_EACH
def test_a_shipped_form_is_short_and_says_everything_in_every_language(form: Form) -> None:
    assert 8 <= len(form.questions) <= 22
    said = [form.title, form.about, *(check.message for check in form.checks), *(one.title for one in form.sections)]
    for question in form.questions.values():
        said += [question.label, *(words for words in (question.hint, question.unit) if words)]
        said += [choice.label for choice in question.choices]
    assert [words for words in said if words is None or words.keys() != set(LANGUAGES)] == []


@IN_EACH
def test_every_question_of_a_shipped_form_is_asked_after_some_answers(form: Form) -> None:
    asked, random = set[str](), Random(1)
    for _ in range(40):
        answers = dict[str, object]()
        for _ in form.questions:
            found = look(form, answers).asked
            answers |= {name: some(form.questions[name], random) for name in found if name not in answers}
            asked.update(found)
    assert form.questions.keys() - asked == set()


def some(question: Question, random: Random) -> object:
    """One of its answers."""
    if question.type is QuestionType.NUMBER:
        return random.randrange(9)
    if question.type is QuestionType.TIME:
        return f"{random.randrange(24):02}:00"
    known = list(YES_NO) if question.type is QuestionType.YES_NO else [choice.id for choice in question.choices]
    one = random.choice(known) if known else "x"
    return [one] if question.type is QuestionType.CHOICES else one


@pytest.mark.parametrize(("before", "after", "fault"), WRONG)
def test_every_fault_of_a_file_is_named_with_its_place(before: str, after: str, fault: str) -> None:
    assert MINIMAL.count(before) == 1
    _, faults = read_form(MINIMAL.replace(before, after).encode())
    assert fault in " / ".join(str(one) for one in faults)


def test_the_least_form_there_can_be_has_no_fault(tmp_path: Path) -> None:
    assert read_file(write(tmp_path))[1] == []


def test_a_mission_s_own_forms_stand_beside_ours_and_a_newer_version_of_one_of_ours_is_offered(tmp_path: Path) -> None:
    write(tmp_path)
    newer = MINIMAL.replace('"short"', '"opening"').replace("version = 1", "version = 2")
    write(tmp_path, newer.replace('"CO"', '"AP"'), "opening.v2")
    forms = load_forms(tmp_path)
    assert [form.version for form in forms["opening"]] == [1, 2]
    found = {form.id: form.version for form in offered(forms)}
    assert (found["opening"], found["short"], len(found)) == (2, 1, len(SHIPPED_FORMS) + 1)


def test_a_form_that_is_withdrawn_is_not_offered_and_its_versions_stay(tmp_path: Path) -> None:
    gone = 'id = "arrival"\nversion = 2\nmoment = "arrival"\ncode = "LL"\ntitle = { es = "No" }\nsections = []\n'
    write(tmp_path, gone + "is_withdrawn = true\n", "arrival.v2")
    forms = load_forms(tmp_path)
    assert "arrival" not in [form.id for form in offered(forms)]
    assert [form.version for form in forms["arrival"]] == [1, 2]


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("id = ", "short.v1", "short.v1.toml is not a valid form: not TOML"),
        (MINIMAL, "short", "the file is called short.toml, and not short.v1.toml"),
        (MINIMAL.replace('"short"', '"voting"'), "voting.v1", "forms: voting: version 1 stands twice"),
        (MINIMAL.replace('"CO"', '"VO"'), "short.v1", "has the code VO of"),
        (MINIMAL.replace("least = 0", "least = 1\nmost = 0").replace('"CO"', '"co"'), "short.v1", "(and 1 more: escr"),
    ],
)
def test_a_folder_with_a_form_that_cannot_be_is_refused(tmp_path: Path, text: str, name: str, why: str) -> None:
    write(tmp_path, text, name)
    with pytest.raises(InvalidInput) as refused:
        load_forms(tmp_path)
    assert why in str(refused.value)


def test_a_question_of_numbers_is_one_in_every_version(tmp_path: Path) -> None:
    write(tmp_path)
    worded = MINIMAL.replace("version = 1", "version = 2").replace('"number"', '"text"')
    write(tmp_path, worded, "short.v2")
    with pytest.raises(InvalidInput, match="question queue is number and text in its versions: give the new one"):
        load_forms(tmp_path)


def test_no_folder_no_file_and_no_seals_are_said() -> None:
    with pytest.raises(InvalidInput, match="there is no folder of forms"):
        load_forms(Path("/nowhere"))
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_file(Path("/nowhere/short.v1.toml"))


def test_what_a_version_asks_is_sealed_and_may_change_its_comments_alone(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert (seal(tmp_path), seal(tmp_path)) == (1, 0)
    write(tmp_path, "# nothing\n" + MINIMAL.replace("[[", "\n[["))
    assert read_file(path)[1] == []
    write(tmp_path, MINIMAL.replace("esperan", "votaron"))
    seal(tmp_path)  # once more changes nothing of what is in use
    assert [str(fault) for fault in read_file(path)[1]] == [
        "version: says something else than version 1 did: make it 2"
    ]
    with pytest.raises(InvalidInput, match="says something else"):
        load_forms(tmp_path)
    (tmp_path / "versions.toml").write_text("[")
    with pytest.raises(InvalidInput, match=r"versions.toml cannot be read"):
        load_forms(tmp_path)
