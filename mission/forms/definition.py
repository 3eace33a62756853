"""What is wrong with a form's file: every fault in one sentence, with its place."""

import re
from collections.abc import Iterator, Mapping

from msgspec import UNSET, UnsetType

from mission.forms.answers import YES_NO, bound
from mission.forms.conditions import minutes_of
from mission.forms.model import AnswerTerm, Check, Condition, Form, Question, QuestionType, Term, Words
from tally.files.faults import Fault, read_struct, twice
from texts.language import DEFAULT_LANGUAGE, LANGUAGES

_FORM_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CHOICE_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Z]{2,4}")
_CHOSEN = (QuestionType.CHOICE, QuestionType.CHOICES)
_UNBOUND = (QuestionType.YES_NO, QuestionType.CHOICE)
# What is written or photographed may name somebody: it is read, never counted.
_UNREPORTED = (QuestionType.TEXT, QuestionType.PHOTO)
_COMPARED = (QuestionType.NUMBER, QuestionType.TIME)
Questions = Mapping[str, Question]


def read_form(data: bytes) -> tuple[Form | None, list[Fault]]:
    """The form of a file's bytes and its faults; None where they leave no form."""
    form, faults = read_struct(data, Form)
    return form, faults if form is None else list(form_faults(form))


def form_faults(form: Form) -> Iterator[Fault]:
    """Faults of what has its form, but cannot be."""
    yield from _named("id", form.id, _FORM_ID, "lower-case letters, digits and hyphens")
    yield from _named("code", form.code, _CODE, "two to four capital letters")
    if form.version < 1:
        yield Fault("version", f"{form.version} is none: they begin at 1")
    if form.due is not None and minutes_of(form.due) is None:
        yield Fault("due", f"{form.due!r} is not a time like 08:00")
    yield from _said("title", form.title)
    yield from _said("about", form.about)
    if not form.questions and not form.is_withdrawn:
        yield Fault("sections", "there is no question")
    before: dict[str, Question] = {}
    for at, section in enumerate(form.sections):
        place = f"sections[{at}] ({section.id})"
        yield from _named(f"{place} · id", section.id, _ID, "lower-case letters, digits and underscores")
        yield from _said(f"{place} · title", section.title)
        if section.when is not UNSET:
            yield from _faults_of_condition(section.when, f"{place} · when", before)
        for question in section.questions:
            yield from _faults_of(question, f"{place} · {question.id}", before)
            before[question.id] = question
    for at, check in enumerate(form.checks):
        yield from _faults_of_check(check, f"checks[{at}] ({check.id})", before)
    ids = [question.id for section in form.sections for question in section.questions]
    yield from twice("sections", "id", (section.id for section in form.sections))
    yield from twice("questions and checks", "id", (*ids, *(check.id for check in form.checks)))


def _faults_of(question: Question, place: str, before: Questions) -> Iterator[Fault]:
    yield from _named(f"{place} · id", question.id, _ID, "lower-case letters, digits and underscores")
    for name in ("label", "hint", "unit"):
        yield from _said(f"{place} · {name}", getattr(question, name))
    if question.when is not None:
        yield from _faults_of_condition(question.when, f"{place} · when", before)
    if (question.type in _CHOSEN) is not bool(question.choices):
        has = "has no choices" if question.type in _CHOSEN else f"is a {question.type.value}, and has choices"
        yield Fault(f"{place} · choices", has)
    for choice in question.choices:
        yield from _named(f"{place} · choices", choice.id, _CHOICE_ID, "lower-case letters, digits and underscores")
        yield from _said(f"{place} · choices ({choice.id})", choice.label)
    yield from twice(f"{place} · choices", "id", (choice.id for choice in question.choices))
    yield from _faults_of_bounds(question, place)
    if question.incident is not None and question.incident.when_answer not in _answers_of(question):
        yield Fault(f"{place} · incident", f"{question.incident.when_answer!r} is none of its answers")
    if question.is_reported and question.type in _UNREPORTED:
        yield Fault(f"{place} · is_reported", f"a {question.type.value} is not counted: it may name somebody")


def _faults_of_bounds(question: Question, place: str) -> Iterator[Fault]:
    bounds = {name: value for name in ("least", "most") if (value := getattr(question, name)) is not None}
    for name, value in bounds.items():
        if question.type in _UNBOUND:
            yield Fault(f"{place} · {name}", f"a {question.type.value} has no bounds")
        elif isinstance(value, str) is not (question.type is QuestionType.TIME) or bound(value) is None:
            kind = "a time like 08:00" if question.type is QuestionType.TIME else "a number"
            yield Fault(f"{place} · {name}", f"{value!r} is not {kind}")
    least, most = bound(question.least), bound(question.most)
    if least is not None and most is not None and least > most:
        yield Fault(place, f"nothing lies between {question.least} and {question.most}")


def _faults_of_check(check: Check, place: str, questions: Questions) -> Iterator[Fault]:
    yield from _named(f"{place} · id", check.id, _ID, "lower-case letters, digits and underscores")
    yield from _said(f"{place} · message", check.message)
    yield from _faults_of_condition(check.must, f"{place} · must", questions)


def _faults_of_condition(condition: Condition, place: str, known: Questions) -> Iterator[Fault]:
    """Faults of a condition on questions that come before it: on what it has to do with, and with which answers."""
    for part in (*(condition.all or ()), *(condition.any or ()), *([condition.negated] if condition.negated else [])):
        yield from _faults_of_condition(part, place, known)
    name = condition.is_answered if condition.question is UNSET else condition.question
    if name is not UNSET and name not in known:
        yield Fault(place, f"there is no question {name!r} before it")
    elif condition.question is not UNSET:
        yield from _faults_of_answer(condition, place, known[condition.question])
    if condition.op is not UNSET:
        kinds = [kind for term in (condition.left, condition.right) for kind in _kinds_of(term, known)]
        yield from (Fault(place, kind) for kind in kinds if kind not in _COMPARED)
        if set(kinds) == set(_COMPARED):
            yield Fault(place, "compares a number with a time")


def _faults_of_answer(condition: Condition, place: str, question: Question) -> Iterator[Fault]:
    is_several = question.type is QuestionType.CHOICES
    answer = condition.has or condition.equals
    if is_several is (condition.has is UNSET):
        yield Fault(place, f"{question.id!r} is asked for with `{'has' if is_several else 'is'}`")
    elif answer not in _answers_of(question):
        yield Fault(place, f"{answer!r} is none of the answers of {question.id!r}")


def _kinds_of(term: Term | UnsetType, known: Questions) -> Iterator[QuestionType | str]:
    """The types that a term is of; a sentence for what cannot be compared."""
    if isinstance(term, AnswerTerm):
        for name in term.names:
            question = known.get(name)
            if question is None:
                yield f"there is no question {name!r} before it"
            elif question.type not in _COMPARED:
                yield f"{name!r} is a {question.type.value}: numbers and times are compared"
            else:
                yield question.type
    elif isinstance(term, str):
        yield QuestionType.TIME if minutes_of(term) is not None else f"{term!r} is not a time like 08:00"
    else:
        yield QuestionType.NUMBER


def _answers_of(question: Question) -> tuple[str, ...]:
    return YES_NO if question.type is QuestionType.YES_NO else tuple(choice.id for choice in question.choices)


def _named(place: str, value: str, pattern: re.Pattern[str], of: str) -> Iterator[Fault]:
    if not pattern.fullmatch(value):
        yield Fault(place, f"{value!r} is not {of}")


def _said(place: str, words: Words | None) -> Iterator[Fault]:
    if words is None:
        return
    if not words.get(DEFAULT_LANGUAGE, "").strip():
        yield Fault(place, f"says nothing in Spanish ({DEFAULT_LANGUAGE})")
    yield from (
        Fault(place, f"{code!r} is none of the languages {', '.join(LANGUAGES)}")
        for code in words.keys() - set(LANGUAGES)
    )
