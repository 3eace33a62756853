"""A form out of an XLSForm, as pyxform has parsed it: what is taken, what cannot be, what is left out, each by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET, Struct, field

from mission.forms.definition import form_faults
from mission.forms.model import (
    Check,
    Choice,
    Condition,
    Form,
    FormMoment,
    Question,
    QuestionType,
    Section,
)
from mission.forms.xlsform.expressions import Untold, read_expression
from mission.forms.xlsform.wording import Wording
from tally.files.faults import Fault
from tally.keys import is_digits
from texts.language import DEFAULT_LANGUAGE

Row = Mapping[str, Any]
_TYPES = {
    "integer": QuestionType.NUMBER,
    "select one": QuestionType.CHOICE,
    "select all that apply": QuestionType.CHOICES,
    "time": QuestionType.TIME,
    "text": QuestionType.TEXT,
    "photo": QuestionType.PHOTO,
}
# A response has these by itself.
_KNOWN_ANYWAY = ("start", "end", "today", "deviceid", "username", "audit", "start-geopoint")
# What changes nothing about the answers, or is told elsewhere.
_LEFT_OUT = ("default", "media", "control", "parameters", "guidance_hint", "trigger", "query", "intent")
_BINDS = ("required", "relevant", "constraint", "jr:constraintMsg")
_SURVEY = ("type", "name", "title", "id_string", "sms_keyword", "default_language", "children", "version", "choices")
_UNCOUNTED = (QuestionType.TEXT, QuestionType.PHOTO)
_YES_NO = {"yes", "no"}


class Wishes(Struct, frozen=True):
    """What a spreadsheet does not say of a form; `id` and `version` stand over what it says."""

    moment: FormMoment
    code: str
    due: str | None = None
    id: str | None = None
    version: int | None = None
    is_of_mesa: bool = False


class Found(Struct):
    """What was read: the form if there is any, what stands in its way, and what is not in it, each with its place."""

    form: Form | None = None
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)


def read_survey(survey: Row, wishes: Wishes) -> Found:
    """The form of a survey, in pyxform's own form of one."""
    return _Survey(survey, wishes).read()


class _Survey:
    def __init__(self, survey: Row, wishes: Wishes) -> None:
        self._survey, self._wishes, self._found = survey, wishes, Found()
        self._questions: dict[str, Question] = {}
        self._checks: list[Check] = []
        self._wording = Wording()
        self._title = self._wording.read(survey.get("title")) or {DEFAULT_LANGUAGE: str(survey["id_string"])}

    def read(self) -> Found:
        version = str(self._survey.get("version", ""))
        if not is_digits(version) and self._wishes.version is None:
            self._leave("settings · version", f"{version!r} is no number: it is version 1")
        for name in (name for name, value in self._survey.items() if name not in _SURVEY and value):
            self._leave(f"settings · {name}", "is not taken")
        sections = tuple(self._sections())
        form = Form(
            id=self._wishes.id or str(self._survey["id_string"]).lower().replace("_", "-"),
            version=self._wishes.version or (int(version) if is_digits(version) else 1),
            moment=self._wishes.moment,
            code=self._wishes.code,
            due=self._wishes.due,
            is_of_mesa=self._wishes.is_of_mesa,
            title=self._title,
            sections=sections,
            checks=tuple(self._checks),
        )
        for language in sorted(self._wording.unknown):
            self._leave("languages", f"{language!r} has no code of ours, like Español (es): it is left out")
        self._found.faults += form_faults(form)
        self._found.form = form
        return self._found

    # --- sections and questions ---

    def _sections(self) -> Iterator[Section]:
        """A group is a section; what stands in none is in one of its own."""
        loose: list[Question] = []
        for row in self._survey.get("children", ()):
            if row["type"] != "group":
                loose += self._taken(row, None)
                continue
            if row.get("control", {}).get("bodyless"):
                continue  # pyxform's own, of what ODK keeps beside the answers
            if loose:
                yield self._loose(loose)
                loose = []
            yield self._group(row)
        if loose:
            yield self._loose(loose)

    def _loose(self, questions: list[Question]) -> Section:
        return Section(f"part_{questions[0].id}"[:40], self._title, tuple(questions))

    def _group(self, row: Row) -> Section:
        when = self._when(row)
        self._note_rest(row, ("type", "name", "label", "children", "bind"))
        title = self._wording.read(row.get("label")) or {DEFAULT_LANGUAGE: row["name"]}
        own = tuple(question for child in row.get("children", ()) for question in self._taken(child, None))
        return Section(row["name"].lower(), title, own, UNSET if when is None else when)

    def _taken(self, row: Row, around: Condition | None) -> Iterator[Question]:
        """The questions of a row: one, those of a group within a group, or none."""
        name, kind = str(row.get("name", "")), str(row["type"])
        if kind == "group":
            self._leave(name, "is a group within a group: its heading is left out")
            inner = _both(around, self._when(row))
            for child in row.get("children", ()):
                yield from self._taken(child, inner)
        elif kind in _KNOWN_ANYWAY:
            self._leave(name, f"`{kind}` is left out: a response has it by itself")
        elif kind in ("note", "calculate"):
            self._leave(name, f"`{kind}` is left out: it asks nothing")
        elif kind not in _TYPES:
            self._refuse(name, f"`{kind}` is not taken: {', '.join(sorted(_TYPES))} are")
        else:
            question = self._question(row, name.lower(), around)
            self._questions[question.id] = question
            self._constrain(row, question)
            yield self._questions[question.id]

    def _question(self, row: Row, name: str, around: Condition | None) -> Question:
        kind = _TYPES[row["type"]]
        choices = tuple(
            Choice(name.lower(), self._wording.read(one.get("label")) or {DEFAULT_LANGUAGE: name})
            for one in row.get("choices", ())
            for name in [str(one["name"])]
        )
        for one in row.get("choices", ()):
            for more in one.keys() - {"name", "label"}:
                self._leave(f"{name} · {one['name']} · {more}", "is not taken")
        ids = {choice.id for choice in choices}
        is_yes_no = kind is QuestionType.CHOICE and ids >= _YES_NO and ids <= {*_YES_NO, "na"}
        self._note_rest(row, ("type", "name", "label", "hint", "bind", "choices", "itemset", "list_name"))
        return Question(
            id=name,
            type=QuestionType.YES_NO if is_yes_no else kind,
            label=self._wording.read(row.get("label")) or {DEFAULT_LANGUAGE: name},
            hint=self._wording.read(row.get("hint")),
            is_required=self._is_required(row),
            when=_both(around, self._when(row)),
            choices=() if is_yes_no else choices,
            is_reported=kind not in _UNCOUNTED,
        )

    # --- columns ---

    def _is_required(self, row: Row) -> bool:
        given = str(row.get("bind", {}).get("required", "no")).strip().lower()
        if given not in ("yes", "true", "true()", "no", "false", "false()", ""):
            self._refuse(f"{row['name']} · required", f"{given!r} is neither yes nor no")
        return given in ("yes", "true", "true()")

    def _when(self, row: Row) -> Condition | None:
        return self._expression(row, "relevant", None)

    def _constrain(self, row: Row, question: Question) -> None:
        """What its constraint says is checked between answers."""
        must = self._expression(row, "constraint", question.id)
        if must is not None:
            message = self._wording.read(row["bind"].get("jr:constraintMsg")) or question.label
            self._checks.append(Check(f"{question.id[:34]}_check", must, message))

    def _expression(self, row: Row, column: str, itself: str | None) -> Condition | None:
        text = row.get("bind", {}).get(column)
        if not text:
            return None
        try:
            return read_expression(str(text), self._questions, itself)
        except Untold as error:
            self._refuse(f"{row['name']} · {column}", f"{error}: {text}")
            return None

    def _note_rest(self, row: Row, taken: tuple[str, ...]) -> None:
        """Name the columns that say something which is not taken."""
        rest = [name for name, value in row.items() if name not in taken and value not in ({}, [], "", None)]
        rest += [f"bind::{name}" for name in row.get("bind", {}) if name not in _BINDS]
        for name in rest:
            (self._leave if name in _LEFT_OUT else self._refuse)(f"{row['name']} · {name}", "is not taken")

    def _leave(self, place: str, what: str) -> None:
        self._found.left_out.append(Fault(place, what))

    def _refuse(self, place: str, what: str) -> None:
        self._found.faults.append(Fault(place, what))


def _both(one: Condition | None, other: Condition | None) -> Condition | None:
    if one is None or other is None:
        return other if one is None else one
    return Condition(all=(one, other))
