"""A form: what observers are asked at one moment of the day. The same shape in its TOML file and in every answer."""

from enum import StrEnum
from typing import Literal

from msgspec import UNSET, Struct, UnsetType, field

from mission.incidents.rubric import Category, Severity

# What is said, by language, as `texts.language.Language.of` reads it; Spanish is always there.
Words = dict[str, str]


class FormMoment(StrEnum):
    """When in the day a form is filled in, in its order."""

    ARRIVAL = "arrival"
    OPENING = "opening"
    VOTING = "voting"
    CLOSING = "closing"
    COUNTING = "counting"
    TRANSMISSION = "transmission"
    DEPARTURE = "departure"


class QuestionType(StrEnum):
    """What an answer is: "yes", "no" or "na"; a choice's id, or a list of them; an integer; "HH:MM"; text; hashes."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TIME = "time"
    TEXT = "text"
    PHOTO = "photo"


MEASURED = (QuestionType.NUMBER, QuestionType.TIME)


class _Frozen(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class AnswerTerm(_Frozen, frozen=True):
    """A term that is somebody's answer, or the sum of several: exactly one of the two."""

    question: str | UnsetType = UNSET
    sum: tuple[str, ...] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.question is UNSET) is (self.sum is UNSET):
            raise ValueError("a term has either `question` or `sum`")

    @property
    def names(self) -> tuple[str, ...]:
        """The questions whose answers it is made of."""
        return self.sum or (self.question or "",)


# A number, a time as "HH:MM", or what was answered.
Term = int | str | AnswerTerm
_SHAPES = ({"all"}, {"any"}, {"not"}, {"question", "is"}, {"question", "has"}, {"is_answered"}, {"left", "op", "right"})


class Condition(_Frozen, frozen=True):
    """What answers must be; exactly one of the shapes: all, any, not, question with is or has, is_answered, comparison.

    `mission.forms.conditions.decide` says what each means.
    """

    all: "tuple[Condition, ...] | UnsetType" = UNSET
    any: "tuple[Condition, ...] | UnsetType" = UNSET
    negated: "Condition | UnsetType" = field(default=UNSET, name="not")
    question: str | UnsetType = UNSET
    equals: str | UnsetType = field(default=UNSET, name="is")
    has: str | UnsetType = UNSET
    is_answered: str | UnsetType = UNSET
    left: Term | UnsetType = UNSET
    op: Literal["=", "!=", "<", "<=", ">", ">="] | UnsetType = UNSET
    right: Term | UnsetType = UNSET

    def __post_init__(self) -> None:
        names = zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True)
        given = {encoded for name, encoded in names if getattr(self, name) is not UNSET}
        if given not in _SHAPES:
            shapes = "; ".join(", ".join(sorted(shape)) for shape in _SHAPES)
            raise ValueError(f"a condition has one of these sets of fields: {shapes}")


class Choice(_Frozen, frozen=True):
    """One thing that may be chosen."""

    id: str
    label: Words


class OpenedIncident(_Frozen, frozen=True):
    """The incident that an answer opens, prefilled: which answer, as what, how bad."""

    when_answer: str
    category: Category
    severity: Severity


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question.

    when: it is asked where that holds; None: always. An undecided condition asks nothing.
    least, most: bounds: numbers of a number and of a text's characters, a time's "HH:MM", how many choices or photos.
    incident: what an answer opens. is_reported: whether the findings count its answers.
    """

    id: str
    type: QuestionType
    label: Words
    hint: Words | None = None
    is_required: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    least: int | str | None = None
    most: int | str | None = None
    unit: Words | None = None
    incident: OpenedIncident | None = None
    is_reported: bool = False


class Section(_Frozen, frozen=True):
    """Questions that are asked together; `when`: as a question's."""

    id: str
    title: Words
    questions: tuple[Question, ...]
    when: Condition | UnsetType = UNSET


class Check(_Frozen, frozen=True):
    """What must hold between answers, and what is said where it does not."""

    id: str
    must: Condition
    message: Words


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a form.

    code: how a text message calls it. due: local time by which it is expected, "HH:MM".
    is_of_mesa: it is about one mesa, whose number is asked at a polling place: who looked at two mesas does not differ.
    is_once: an observer fills it in once at a place, or of a mesa. is_withdrawn: asked no more; its answers stay.
    """

    id: str
    version: int
    moment: FormMoment
    code: str
    title: Words
    sections: tuple[Section, ...]
    due: str | None = None
    is_of_mesa: bool = False
    is_once: bool = True
    about: Words | None = None
    checks: tuple[Check, ...] = ()
    is_withdrawn: bool = False

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its id, in their order."""
        return {question.id: question for section in self.sections for question in section.questions}
