"""The figures of one question over a group of places."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles

from msgspec import Struct

from mission.findings.seen import NOT_APPLICABLE, Seen
from mission.forms.model import MEASURED, Question, QuestionType
from mission.responses.response import Given

_HOUR = 60


class AnswerCount(Struct, frozen=True):
    """How often one answer was given; `share` is of the figures' `base`, None where that is nothing."""

    answer: str
    n: int
    share: float | None


class Quartiles(Struct, frozen=True):
    """A quarter, half and three quarters of the answers are at most so much: numbers, or "HH:MM"."""

    low: float | str
    median: float | str
    high: float | str


class FindingFigures(Struct, frozen=True):
    """What was answered.

    base: answers but for those that the question does not apply; shares are of them. A question of several choices has
    shares that need not add up to one. conflicting, doubtful: places whose answer is in none of the other figures.
    """

    base: int
    not_applicable: int
    conflicting: int
    doubtful: int
    answers: tuple[AnswerCount, ...] = ()
    quartiles: Quartiles | None = None


def count_answers(question: Question, seen: Iterable[Seen]) -> FindingFigures:
    """The figures of a question over those places."""
    seen = list(seen)
    given = [one for one in seen if is_counted(question.id, one)]
    applying = [one for one in given if one.answers[question.id] != NOT_APPLICABLE]
    doubtful = sum(one.is_doubtful and question.id in one.answers for one in seen)
    conflicting = sum(question.id in one.undecided for one in seen)
    counts = (len(applying), len(given) - len(applying), conflicting, doubtful)
    if question.type in MEASURED:
        return FindingFigures(*counts, quartiles=_quartiles([one.answers[question.id] for one in applying]))
    return FindingFigures(*counts, answers=_shares(question, applying))


def is_counted(question: str, seen: Seen) -> bool:
    """Whether that question has an answer there which stands."""
    return question in seen.answers and not seen.is_doubtful and question not in seen.undecided


def given_answers(question: str, seen: Seen) -> Sequence[str | int]:
    """What was answered there, one by one: of several choices each."""
    answer = seen.answers[question]
    return (answer,) if isinstance(answer, str | int) else answer


def times_of(question: Question, seen: Iterable[Seen]) -> Mapping[str, int]:
    """How often each answer was given, in the form's order; one that an earlier version offered stands as well."""
    times = Counter(str(answer) for one in seen for answer in given_answers(question.id, one))
    offered = ("yes", "no") if question.type is QuestionType.YES_NO else [choice.id for choice in question.choices]
    return {answer: times[answer] for answer in dict.fromkeys((*offered, *times))}


def _shares(question: Question, seen: Sequence[Seen]) -> tuple[AnswerCount, ...]:
    times = times_of(question, seen)
    return tuple(AnswerCount(answer, n, n / len(seen) if seen else None) for answer, n in times.items())


def _quartiles(answers: Sequence[Given]) -> Quartiles | None:
    if not answers:
        return None
    is_time = isinstance(answers[0], str)
    values = [_minutes(one) if isinstance(one, str) else one for one in answers if isinstance(one, str | int)]
    found = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Quartiles(*(_clock(value) if is_time else float(value) for value in found))


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return _HOUR * int(hours) + int(minutes)


def _clock(minutes: float) -> str:
    hours, rest = divmod(round(minutes), _HOUR)
    return f"{hours:02}:{rest:02}"
