"""What a text message asks for: its words read into an order, or into why they are none. Any text is one of the two."""

import re
import unicodedata
from collections.abc import Container, Mapping
from enum import StrEnum

from msgspec import Struct

from mission.incidents.rubric import Category, Severity
from mission.messages.codes import CATEGORY_NUMBERS, SEVERITY_NUMBERS
from tally.keys import MESA_NUMBER
from texts.language import Language

# Whatever stands between: spaces, commas, dots, lines, dashes.
_BETWEEN = re.compile(r"(?:[^\w=]|_)*")
_LETTERS, _DIGITS, _CODE = re.compile(r"[^\W\d_]+"), re.compile(r"[0-9]+"), re.compile(r"[^\W_]+")
_ANSWER = re.compile(r"(?<![0-9])([0-9]{1,2})\s*=")
_LOOSE = " \t\r\n,.;:"
_MOST_DIGITS = 6


class OrderWord(StrEnum):
    """What a text may begin with; its words stand in [text_order] of the texts, in every language."""

    INCIDENT = "incident"
    READ = "read"
    HELP = "help"


class Why(StrEnum):
    """Why a text is no order: its sentence stands in [text_reply] of the texts."""

    UNKNOWN = "unknown"
    INCIDENT = "incident"
    CATEGORY = "category"
    SEVERITY = "severity"
    MESA = "mesa"
    READ = "read"
    FORM = "form"


class ReportOrder(Struct, frozen=True):
    """File an incident at a mesa."""

    category: Category
    severity: Severity
    mesa: str
    text: str


class FormOrder(Struct, frozen=True):
    """Answer a form at a mesa: what was said of each question, by its order number."""

    code: str
    mesa: str
    answers: tuple[tuple[int, str], ...]


class ReadOrder(Struct, frozen=True):
    """Mark a message as read."""

    number: int


class HelpOrder(Struct, frozen=True):
    """Tell what may be sent."""


class Misread(Struct, frozen=True):
    """No order. `code`: the form that was meant."""

    why: Why
    code: str | None = None


Order = ReportOrder | FormOrder | ReadOrder | HelpOrder | Misread


class OrderWords:
    """The words of the orders in every language; where two share one, the first language has it."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._words: dict[str, tuple[OrderWord, str]] = {}
        for code, language in languages.items():
            for kind in OrderWord:
                for word in language(f"text_order.{kind}").split():
                    self._words.setdefault(normal(word), (kind, code))

    def find(self, word: str) -> tuple[OrderWord, str] | None:
        """What a word asks for, and the code of the language it is in."""
        return self._words.get(normal(word))


def normal(word: str) -> str:
    """Capitals without accents: "Leído" → "LEIDO"."""
    bare = unicodedata.normalize("NFKD", word.upper())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).upper()


def read_order(text: str, words: OrderWords, codes: Container[str]) -> tuple[Order, str | None]:
    """What a text asks for, and the language of its first word; None if it is in none. `codes`: those of the forms."""
    reader = _Reader(text)
    found = words.find(reader.peek(_LETTERS))
    if found is not None:
        reader.take(_LETTERS)
        kind, language = found
        return _READERS[kind](reader), language
    for pattern in (_CODE, _LETTERS):  # "AP 045231", "AP045231"
        code = normal(reader.peek(pattern))
        if code in codes:
            reader.take(pattern)
            return _form(reader, code), None
    return Misread(Why.UNKNOWN), None


class _Reader:
    """Takes a text apart from its beginning, forgiving what stands between."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def peek(self, pattern: re.Pattern[str]) -> str:
        """What comes next, if it looks like that; else ""."""
        found = pattern.match(self._text, self._skipped())
        return "" if found is None else found[0]

    def take(self, pattern: re.Pattern[str]) -> str:
        """The same, and go on behind it."""
        found = self.peek(pattern)
        if found:
            self._at = self._skipped() + len(found)
        return found

    def number(self) -> int | None:
        """The number that comes next; None: there is none, or one that nobody means."""
        found = self.take(_DIGITS)
        return int(found) if 0 < len(found) <= _MOST_DIGITS else None

    def rest(self) -> str:
        """All that is left."""
        return self._text[self._skipped() :].strip()

    def _skipped(self) -> int:
        between = _BETWEEN.match(self._text, self._at)
        return self._at if between is None else between.end()


def _incident(reader: _Reader) -> Order:
    category, mesa, severity = reader.number(), reader.take(_DIGITS), reader.number()
    if category is None or not mesa or severity is None:
        return Misread(Why.INCIDENT)
    if category not in CATEGORY_NUMBERS:
        return Misread(Why.CATEGORY)
    if not re.fullmatch(MESA_NUMBER, mesa):
        return Misread(Why.MESA)
    if severity not in SEVERITY_NUMBERS:
        return Misread(Why.SEVERITY)
    return ReportOrder(CATEGORY_NUMBERS[category], SEVERITY_NUMBERS[severity], mesa, reader.rest())


def _read(reader: _Reader) -> Order:
    number = reader.number()
    return Misread(Why.READ) if number is None else ReadOrder(number)


def _help(_: _Reader) -> Order:
    return HelpOrder()


def _form(reader: _Reader, code: str) -> Order:
    mesa, rest = reader.take(_DIGITS), reader.rest()
    marks = list(_ANSWER.finditer(rest))
    if not mesa or not marks:
        return Misread(Why.FORM, code)
    if not re.fullmatch(MESA_NUMBER, mesa):
        return Misread(Why.MESA)
    ends = [*(mark.start() for mark in marks[1:]), len(rest)]
    said = tuple((int(mark[1]), rest[mark.end() : end].strip(_LOOSE)) for mark, end in zip(marks, ends, strict=True))
    return FormOrder(code, mesa, said)


_READERS = {OrderWord.INCIDENT: _incident, OrderWord.READ: _read, OrderWord.HELP: _help}
