"""What the rehearsal's observers answer: a form filled in as its own conditions ask, drawn from a seed."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mission.forms.answers import look
from mission.forms.model import Form, Question, QuestionType
from mission.rehearsal.data import DayData
from tally import moments

# A condition opens questions that a condition before it opened.
_ROUNDS = 8
_NOON, _DAY = "12:00", 24 * 60
_UNANSWERED = (QuestionType.TEXT, QuestionType.PHOTO)


class Pen:
    """Fills in forms; the same chance fills in the same."""

    def __init__(self, data: DayData, chance: random.Random) -> None:
        self._data, self._chance = data, chance

    def fill(self, form: Form) -> dict[str, Any]:
        """Answers to all that a form asks, but for texts and pictures."""
        answers: dict[str, Any] = {}
        for _ in range(_ROUNDS):
            asked = [form.questions[name] for name in look(form, answers).asked if name not in answers]
            new = {one.id: self._answer(form, one, answers) for one in asked if one.type not in _UNANSWERED}
            if not new:
                break
            answers |= new
        return {**answers, **self._acta(answers)}

    def times(self, form: Form, day: datetime) -> tuple[str, str]:
        """When it was begun and finished (ISO UTC) on a day (its local midnight)."""
        due, data = day + timedelta(minutes=_minutes(form.due or _NOON)), self._data.answers
        if self._chance.random() < data.late:
            finished = due + timedelta(minutes=self._chance.randint(*data.late_minutes))
        else:
            finished = due - timedelta(minutes=self._chance.randint(*data.early_minutes))
        started = finished - timedelta(minutes=self._chance.randint(*data.minutes))
        return moments.write(started), moments.write(finished)

    def _answer(self, form: Form, question: Question, answers: Mapping[str, Any]) -> Any:
        data, is_usual = self._data.answers, self._chance.random() < self._data.answers.usual
        if question.type is QuestionType.YES_NO:
            bad = None if question.incident is None else question.incident.when_answer
            is_no = bad == "yes" or question.id in data.no
            return "no" if is_no is is_usual else "yes"
        if question.type in (QuestionType.CHOICE, QuestionType.CHOICES):
            names = [choice.id for choice in question.choices]
            quiet = [name for name in names if name in data.quiet]
            name = quiet[0] if quiet and is_usual else self._chance.choice(names)
            return [name] if question.type is QuestionType.CHOICES else name
        if question.type is QuestionType.TIME:
            return self._time(form, question, answers)
        lowest, highest = data.figures.get(question.id) or (0, data.most)
        return self._chance.randint(lowest, highest)

    def _time(self, form: Form, question: Question, answers: Mapping[str, Any]) -> str:
        """After every time that was answered already, and within what may be answered."""
        before = _minutes(form.due or _NOON) - self._data.answers.before_due_minutes
        known = [value for value in answers.values() if isinstance(value, str) and value[2:3] == ":"]
        bounds = [str(question.least)] if question.least is not None else []
        earliest = max([before * (not bounds), *map(_minutes, (*bounds, *known))])
        at = min(earliest + self._chance.randint(5, 40), _DAY - 1)
        return f"{at // 60:02}:{at % 60:02}"

    def _acta(self, answers: Mapping[str, Any]) -> dict[str, int]:
        """The figures of an acta, which add up."""
        if "cast" not in answers:
            return {}
        parts = {name: self._chance.randint(*given) for name, given in self._data.answers.acta.items()}
        return {**parts, "cast": sum(parts.values())}


def _minutes(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    return hours * 60 + minutes


def read_forms(told: Any) -> list[Form]:
    """Forms as the API tells them."""
    return msgspec.convert(told["forms"], list[Form])
