"""The figures of one question over a group of places."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import quantiles

from msgspec import Struct

from mission.findings.seen import NOT_APPLICABLE, Answer, Seen
from mission.forms.model import Question, QuestionType

_MEASURED = (QuestionType.NUMBER, QuestionType.TIME)
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


class Figures(Struct, frozen=True):
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


def count_answers(question: Question, seen: Iterable[Seen]) -> Figures:
    """The figures of a question over those places."""
    seen = list(seen)
    given = [one.answers[question.id] for one in seen if is_counted(question.id, one)]
    applying = [answer for answer in given if answer != NOT_APPLICABLE]
    doubtful = sum(one.is_doubtful and question.id in one.answers for one in seen)
    conflicting = sum(question.id in one.undecided for one in seen)
    counts = (len(applying), len(given) - len(applying), conflicting, doubtful)
    if question.type in _MEASURED:
        return Figures(*counts, quartiles=_quartiles(applying))
    return Figures(*counts, answers=_shares(question, applying))


def is_counted(question: str, seen: Seen) -> bool:
    """Whether that question has an answer there which stands."""
    return question in seen.answers and not seen.is_doubtful and question not in seen.undecided


def _shares(question: Question, answers: Sequence[Answer]) -> tuple[AnswerCount, ...]:
    times = Counter(one for answer in answers for one in ((answer,) if isinstance(answer, str | int) else answer))
    offered = ("yes", "no") if question.type is QuestionType.YES_NO else [choice.id for choice in question.choices]
    # A choice that an earlier version offered has been made all the same.
    every = dict.fromkeys((*offered, *map(str, times)))
    return tuple(AnswerCount(one, times[one], times[one] / len(answers) if answers else None) for one in every)


def _quartiles(answers: Sequence[Answer]) -> Quartiles | None:
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
