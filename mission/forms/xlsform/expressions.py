"""Expressions of an XLSForm as conditions: comparisons, and, or, not(), selected() and sums; anything else is named."""

import re
from collections.abc import Callable, Mapping
from typing import Literal, cast

from mission.forms.conditions import minutes_of
from mission.forms.model import AnswerTerm, Condition, Question, QuestionType, Term

_TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$\{\s*[^{}\s]+\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?[0-9]+(?![\w.]))"
    r"|(?P<sign><=|>=|!=|[=<>(),+])|(?P<name>[A-Za-z_][\w.-]*)|(?P<self>\.))"
)
Op = Literal["=", "!=", "<", "<=", ">", ">="]
_OPS = ("=", "!=", "<", "<=", ">", ">=")
# A side of a comparison: questions that are added up, or a literal.
Side = tuple[str, ...] | int | str


class Untold(Exception):
    """An expression that no condition here can say; its text says which part."""


def read_expression(text: str, questions: Mapping[str, Question], itself: str | None = None) -> Condition:
    """The condition that an expression is; `itself`: the question that "." stands for.

    Raises: Untold.
    """
    reading = _Reading(_tokens(text), questions, itself)
    try:
        condition = reading.either()
    except RecursionError:
        raise Untold("it lies too deep in itself") from None
    if reading.token is not None:
        raise Untold(f"`{reading.token[1]}` is not understood there")
    return condition


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Untold(f"`{text[at:].strip()[:40]}` is not understood")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reading:
    def __init__(self, tokens: list[tuple[str, str]], questions: Mapping[str, Question], itself: str | None) -> None:
        self._tokens, self._at, self._questions, self._itself = tokens, 0, questions, itself

    @property
    def token(self) -> tuple[str, str] | None:
        """What comes next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def either(self) -> Condition:
        """Parts of which one must hold."""
        parts = self._joined("or", self._both)
        return parts[0] if len(parts) == 1 else Condition(any=tuple(parts))

    def _both(self) -> Condition:
        parts = self._joined("and", self._part)
        return parts[0] if len(parts) == 1 else Condition(all=tuple(parts))

    def _joined(self, word: str, part: Callable[[], Condition]) -> list[Condition]:
        parts = [part()]
        while self.token == ("name", word):
            self._at += 1
            parts.append(part())
        return parts

    def _part(self) -> Condition:
        if self._takes("("):
            inner = self.either()
            self._must(")")
            return inner
        if self.token is not None and self.token[0] == "name":
            return self._function(self._next()[1])
        left, (_, sign), right = self._side(), self._next(), None
        if sign not in _OPS:
            raise Untold(f"`{sign}` is no comparison")
        right = self._side()
        return self._compared(left, cast("Op", sign), right)

    def _function(self, name: str) -> Condition:
        self._must("(")
        if name == "not":
            inner = self.either()
            self._must(")")
            return Condition(negated=inner)
        if name != "selected":
            raise Untold(f"the function {name}() is not taken")
        chosen = self._side()
        self._must(",")
        answer = self._side()
        self._must(")")
        if not isinstance(chosen, tuple) or len(chosen) != 1 or isinstance(answer, tuple):
            raise Untold("selected() takes a question and a choice")
        return self._given(chosen[0], str(answer))

    def _side(self) -> Side:
        first = self._one()
        if not isinstance(first, str | int):
            while self._takes("+"):
                more = self._one()
                if isinstance(more, str | int):
                    raise Untold("only questions are added up")
                first = (*first, *more)
        return first

    def _one(self) -> Side:
        kind, text = self._next()
        if kind == "ref":
            return (self._known(text[2:-1].strip().lower()),)
        if kind == "self" and self._itself is not None:
            return (self._itself,)
        if kind == "number":
            return int(text)
        if kind == "text":
            return text[1:-1]
        raise Untold(f"`{text}` is not understood there")

    def _compared(self, left: Side, op: Op, right: Side) -> Condition:
        if isinstance(left, tuple) and len(left) == 1 and not isinstance(right, tuple) and op in ("=", "!="):
            question = self._questions[left[0]]
            is_chosen = question.type in (QuestionType.YES_NO, QuestionType.CHOICE)
            if right == "" or is_chosen:
                same = self._given(left[0], str(right)) if right != "" else Condition(is_answered=left[0])
                return Condition(negated=same) if (op == "!=") is (right != "") else same
        return Condition(left=self._term(left), op=op, right=self._term(right))

    def _given(self, name: str, answer: str) -> Condition:
        if self._questions[name].type is QuestionType.CHOICES:
            return Condition(question=name, has=answer.lower())
        return Condition(question=name, equals=answer.lower())

    def _term(self, side: Side) -> Term:
        if isinstance(side, tuple):
            return AnswerTerm(question=side[0]) if len(side) == 1 else AnswerTerm(sum=side)
        if isinstance(side, str) and minutes_of(side[:5]) is None:
            raise Untold(f"{side!r} is compared, and is neither a number nor a time")
        return side[:5] if isinstance(side, str) else side  # 08:00:00.000 is a time there

    def _known(self, name: str) -> str:
        if name not in self._questions:
            raise Untold(f"${{{name}}} is no question before it that is taken")
        return name

    def _takes(self, sign: str) -> bool:
        is_next = self.token == ("sign", sign)
        self._at += is_next
        return is_next

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise Untold(f"`{sign}` is missing")

    def _next(self) -> tuple[str, str]:
        if self.token is None:
            raise Untold("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]
