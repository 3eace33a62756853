"""Whether a condition holds for answers.

`dashboard/browser/mission/forms/conditions.js` says the same, by the cases of `tests/dashboard/cases/forms.json`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from operator import eq, ge, gt, le, lt, ne

from msgspec import UNSET, UnsetType

from mission.forms.model import AnswerTerm, Condition, Term

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Answers = Mapping[str, object]


def is_answered(value: object) -> bool:
    """Whether that is an answer at all; 0 is one, an empty list or text is none."""
    return value is not None and value != "" and value != []


def minutes_of(value: object) -> int | None:
    """Minutes since midnight of "HH:MM"; None for whatever is no such time."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else 60 * int(found[1]) + int(found[2])


def decide(condition: Condition, answers: Answers) -> bool | None:
    """Whether it holds; None while an answer that would decide it is missing."""
    if condition.all is not UNSET:
        return _joined((decide(one, answers) for one in condition.all), False)
    if condition.any is not UNSET:
        return _joined((decide(one, answers) for one in condition.any), True)
    if condition.negated is not UNSET:
        inner = decide(condition.negated, answers)
        return None if inner is None else not inner
    if condition.is_answered is not UNSET:
        return is_answered(answers.get(condition.is_answered))
    if condition.question is not UNSET:
        return _is_given(condition, answers.get(condition.question))
    left, right = _value(condition.left, answers), _value(condition.right, answers)
    return None if left is None or right is None else _OPERATORS[condition.op or "="](left, right)


def _is_given(condition: Condition, given: object) -> bool | None:
    if not is_answered(given):
        return None
    if condition.has is UNSET:
        return given == condition.equals
    return isinstance(given, list) and condition.has in given


def _joined(parts: Iterable[bool | None], decisive: bool) -> bool | None:
    found = set(parts)
    return decisive if decisive in found else None if None in found else not decisive


def _value(term: Term | UnsetType, answers: Answers) -> int | None:
    if not isinstance(term, AnswerTerm):
        return _value_of(term)
    parts = [_value_of(answers.get(name)) for name in term.names]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _value_of(value: object) -> int | None:
    """A number as it is, a time in minutes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return minutes_of(value)
