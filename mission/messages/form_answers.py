"""Answers to a form as a text message gives them: by the questions' order numbers, read into what the form takes."""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from mission.forms.answers import FaultKind, check_answers
from mission.forms.model import Form, Question, QuestionType
from mission.messages.orders import normal

# Words of every language we speak: a phone's keys are few.
_YES_NO = {"S": "yes", "SI": "yes", "Y": "yes", "YES": "yes", "N": "no", "NO": "no", "NA": "na"}
_TIME = re.compile(r"([0-9]{1,2})[:.hH ]?([0-9]{2})")
_NONE: Mapping[str, object] = {}
_INTEGER = re.compile(r"-?[0-9]{1,9}")


class TextAnswers(Struct, frozen=True):
    """Answers by question, none where nothing was understood; the numbers of what was not, and of what is missing."""

    answers: Mapping[str, object]
    wrong: tuple[int, ...]
    missing: tuple[int, ...]


def question_numbers(form: Form) -> dict[int, Question]:
    """Every question by its order number: what is printed in the guide, and typed before "="."""
    return dict(enumerate(form.questions.values(), start=1))


def read_answers(form: Form, said: Sequence[tuple[int, str]], before: Mapping[str, object] = _NONE) -> TextAnswers:
    """What was said, in the form's terms; said twice, the last counts. Pictures do not come by text.

    `before`: what the same sender said of it in earlier texts, which stands where it is still asked for.
    """
    numbers, new, wrong = question_numbers(form), dict[str, object](), set[int]()
    for number, text in said:
        question = numbers.get(number)
        answer = None if question is None else _READERS[question.type](question, text)
        if question is None or answer is None:
            wrong.add(number)
        else:
            wrong.discard(number)
            new[question.id] = answer
    answers = {**before, **new} if new else {}
    faults = check_answers(form, answers)
    stale = {fault.id for fault in faults if fault.kind is FaultKind.UNASKED} - new.keys()
    required = {fault.id for fault in faults if fault.kind is FaultKind.REQUIRED}
    missing = tuple(number for number, question in numbers.items() if question.id in required)
    standing = {name: answer for name, answer in answers.items() if name not in stale}
    return TextAnswers(standing, tuple(sorted(wrong)), missing)


def _yes_no(_: Question, text: str) -> object:
    return _YES_NO.get(normal(text).replace("/", "").replace(" ", ""))


def _choice(question: Question, text: str) -> object:
    """By its number in the form, or by its id."""
    chosen = normal(text.strip())
    by_name = {str(n): one.id for n, one in enumerate(question.choices, start=1)}
    by_name |= {normal(one.id): one.id for one in question.choices}
    return by_name.get(chosen.lstrip("0") or chosen)


def _choices(question: Question, text: str) -> object:
    """ "1+3", "1 3" or "1,3"."""
    chosen = [_choice(question, part) for part in re.split(r"[\s+,;/&.]+", text.strip()) if part]
    return None if None in chosen or not chosen else list(dict.fromkeys(chosen))


def _number(_: Question, text: str) -> object:
    return int(text) if _INTEGER.fullmatch(text) else None


def _time(_: Question, text: str) -> object:
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02}:{found[2]}"


def _words(_: Question, text: str) -> object:
    return text or None


def _nothing(_: Question, __: str) -> object:
    return None


_READERS: Mapping[QuestionType, Callable[[Question, str], object]] = {
    QuestionType.YES_NO: _yes_no,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.NUMBER: _number,
    QuestionType.TIME: _time,
    QuestionType.TEXT: _words,
    QuestionType.PHOTO: _nothing,
}
