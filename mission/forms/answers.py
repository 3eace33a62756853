"""What is wrong with answers to a form; `dashboard/browser/mission/forms/answers.js` finds the same on the phone."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct, UnsetType

from mission.forms.conditions import Answers, decide, is_answered, minutes_of
from mission.forms.model import Condition, Form, Question, QuestionType
from tally.errors import InvalidInput

YES_NO = ("yes", "no", "na")
# What every database and every browser holds exactly.
_INTEGERS = range(-(2**31), 2**31)
_LONGEST_NAME = 40


class FaultKind(StrEnum):
    """In which way an answer is wrong."""

    REQUIRED = "required"
    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    CHECK = "check"
    UNASKED = "unasked"


_BLOCKING = (FaultKind.TYPE, FaultKind.CHOICE)


class AnswerFault(Struct, frozen=True):
    """One thing that is wrong with answers. `id`: of the question, or of the check."""

    id: str
    kind: FaultKind

    @property
    def is_blocking(self) -> bool:
        """Whether the answers cannot be read; all else is kept, and looked at by a person."""
        return self.kind in _BLOCKING


class Look(Struct, frozen=True):
    """What a form makes of answers.

    asked: ids of the questions that it asks after them; counted: the answers of those that can be read;
    faults: all that is wrong, in the form's order, what it does not know first.
    """

    asked: tuple[str, ...]
    counted: dict[str, object]
    faults: list[AnswerFault]


def check_answers(form: Form, answers: Answers) -> list[AnswerFault]:
    """Everything that is wrong with answers.

    Raises: InvalidInput: they are no object.
    """
    return look(form, answers).faults


def look(form: Form, answers: Answers) -> Look:
    """What is asked, what counts and what is wrong; where a condition is undecided, nothing is asked.

    Raises: InvalidInput: they are no object.
    """
    if not isinstance(answers, Mapping):
        raise InvalidInput("answers are an object: a question's id and its answer")
    known = form.questions
    faults = [AnswerFault(name[:_LONGEST_NAME], FaultKind.TYPE) for name in answers if name not in known]
    asked: list[str] = []
    counted: dict[str, object] = {}
    for section in form.sections:
        is_open = _holds(section.when, counted)
        for question in section.questions:
            given = answers.get(question.id)
            kind = _fault_of(question, given)
            if not (is_open and _holds(question.when, counted)):
                # It is kept, and so has to be readable too.
                unasked = kind if kind in _BLOCKING else FaultKind.UNASKED
                faults += [AnswerFault(question.id, unasked)] * is_answered(given)
                continue
            asked.append(question.id)
            if kind is not None:
                faults.append(AnswerFault(question.id, kind))
            if is_answered(given) and kind in (None, FaultKind.RANGE):
                counted[question.id] = given
    faults += [AnswerFault(check.id, FaultKind.CHECK) for check in form.checks if decide(check.must, counted) is False]
    return Look(tuple(asked), counted, faults)


def _holds(condition: Condition | UnsetType | None, answers: Answers) -> bool:
    return not condition or decide(condition, answers) is True


def _fault_of(question: Question, given: object) -> FaultKind | None:
    if not is_answered(given) or (question.type is QuestionType.PHOTO and _photos(given) == 0):
        return FaultKind.REQUIRED if question.is_required else None
    if question.type in (QuestionType.YES_NO, QuestionType.CHOICE, QuestionType.CHOICES):
        kind = _fault_of_choice(question, given)
        if kind is not None or question.type is not QuestionType.CHOICES:
            return kind
    measure = _MEASURES[question.type](given)
    if measure is None:
        return FaultKind.TYPE
    least, most = bound(question.least), bound(question.most)
    is_within = (least is None or least <= measure) and (most is None or measure <= most)
    return None if is_within else FaultKind.RANGE


def bound(given: int | str | None) -> int | None:
    """A bound as a number; a time's in minutes."""
    return minutes_of(given) if isinstance(given, str) else given


def _fault_of_choice(question: Question, given: object) -> FaultKind | None:
    known = YES_NO if question.type is QuestionType.YES_NO else [choice.id for choice in question.choices]
    chosen = given if question.type is QuestionType.CHOICES else [given]
    if (
        not isinstance(chosen, list)
        or not all(isinstance(one, str) for one in chosen)
        or len(chosen) > len(set(chosen))
    ):
        return FaultKind.TYPE
    return None if all(one in known for one in chosen) else FaultKind.CHOICE


def _integer(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) and given in _INTEGERS else None


def _photos(given: object) -> int | None:
    """How many: a number of them, or a list of hashes."""
    if isinstance(given, list):
        return len(given) if all(isinstance(one, str) for one in given) else None
    number = _integer(given)
    return number if number is not None and number >= 0 else None


def _length(given: object) -> int | None:
    return len(given) if isinstance(given, str) else None


# What the bounds of a type are about; None: the answer is none of that type.
_MEASURES: Mapping[QuestionType, Callable[[object], int | None]] = {
    QuestionType.CHOICES: lambda given: len(given) if isinstance(given, list) else None,
    QuestionType.NUMBER: _integer,
    QuestionType.TIME: minutes_of,
    QuestionType.TEXT: _length,
    QuestionType.PHOTO: _photos,
}
