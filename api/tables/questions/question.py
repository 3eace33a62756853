"""A question about the rows of a table as the query of an address puts it, read and checked in one place."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from msgspec import Struct

from api.tables.questions.figures import RowFigures
from api.tables.questions.measures import Measure, measures_of
from tally import moments
from tally.errors import InvalidInput
from tally.keys import is_key

MOST_CONDITIONS, MOST_ORDERS, MOST_COLUMNS, MOST_ROWS = 8, 4, 64, 10_000
_CONDITION = re.compile(r"\s*([^<>=!\s]{1,120})\s*(>=|<=|!=|=|<|>)\s*(.{1,200}?)\s*", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_IS, _IS_NOT = "=", "!="


class Condition(Struct, frozen=True):
    """A column compared with values; of `=` one of them is enough, of `!=` none may be."""

    measure: Measure
    sign: str
    values: tuple[Any, ...]

    def holds(self, row: RowFigures) -> bool:
        """Whether it holds; never of what the row says nothing of."""
        found = self.measure.read(row)
        if found is None:
            return False
        if self.measure.kind == "moment":  # as finely as it is compared
            return self._says(found.removesuffix("Z")[: len(value)] for value in self.values)
        return self._says(found if self.measure.is_several else (found,))

    def _says(self, said: Iterable[Any]) -> bool:
        told = tuple(said)
        if self.sign in _COMPARE:
            return _COMPARE[self.sign](told[0], self.values[0])
        return any(value in told for value in self.values) is (self.sign == _IS)


class Order(Struct, frozen=True):
    """A column to go by, from the smallest or the largest on."""

    measure: Measure
    is_descending: bool


class TableQuestion(Struct, frozen=True):
    """Which rows, in which order, how many, and of which columns; no columns: the rows whole."""

    conditions: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    top: int | None = None
    columns: Mapping[str, Measure] | None = None

    @property
    def needs_past(self) -> bool:
        """Whether it asks how much something changed."""
        named = (one.measure for one in self.conditions), (one.measure for one in self.order)
        return any(measure.needs_past for measure in chain(*named, (self.columns or {}).values()))


class QuestionText(Struct, frozen=True):
    """A question as it was put."""

    where: tuple[str, ...] = ()
    sort: str | None = None
    top: int | None = None
    columns: str | None = None

    def read(self, lists: tuple[str, ...]) -> TableQuestion:
        """The question, of a contest of those lists.

        Raises: InvalidInput: where it stands, what is wrong, and what there is instead.
        """
        known = measures_of(lists)
        if len(self.where) > MOST_CONDITIONS:
            raise InvalidInput(f"where: at most {MOST_CONDITIONS} conditions")
        names = None if self.columns is None else _split("columns", self.columns, MOST_COLUMNS)
        orders = () if self.sort is None else _split("sort", self.sort, MOST_ORDERS)
        return TableQuestion(
            tuple(_condition(text, known) for text in self.where),
            tuple(Order(_find("sort", name.removeprefix("-"), known), name.startswith("-")) for name in orders),
            self.top,
            None if names is None else {name: _find("columns", name, known) for name in names},
        )


def _split(where: str, text: str, most: int) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if len(names) > most:
        raise InvalidInput(f"{where}: at most {most} columns")
    return names


def _find(where: str, name: str, known: Mapping[str, Measure]) -> Measure:
    if name in known:
        return known[name]
    raise InvalidInput(f"{where}: there is no column {name[:40]!r}; there are {_listed(known)}")


def _listed(known: Mapping[str, Measure]) -> str:
    """Every column by name, those of lists and changes by their form."""
    plain = [name for name in known if "." not in name]
    return ", ".join([*plain, "votes.LIST, pct.LIST, lead.LIST", "change.COLUMN of what has a unit, with since"])


def _condition(text: str, known: Mapping[str, Measure]) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidInput(f"where={text[:60]!r} is not a column, one of >= <= > < = != and a value: turnout>=100")
    name, sign, value = found.groups()
    measure = _find("where", name, known)
    values = [value] if sign in _COMPARE else value.split(",")
    if measure.kind == "moment":
        return Condition(measure, sign, _moments(name, values))
    if measure.kind == "key":
        wrong = [one for one in values if not is_key(one)]
        if wrong:
            raise InvalidInput(f"where: {name} is a key like district/140101, not {wrong[0][:40]!r}")
        return Condition(measure, sign, tuple(values))
    if measure.kind == "text":
        return Condition(measure, sign, _words(name, sign, values, measure))
    if not all(_NUMBER.fullmatch(one) for one in values):
        raise InvalidInput(f"where: {name} is compared with a number like -3 or 99.5, not {value[:40]!r}")
    return Condition(measure, sign, tuple(float(one) for one in values))


def _moments(name: str, texts: list[str]) -> tuple[str, ...]:
    """Moments as those of rows are compared: in UTC, and to the second unless one has milliseconds."""
    try:
        found = [moments.write(moments.read_asked(text)).removesuffix("Z") for text in texts]
    except ValueError as error:
        raise InvalidInput(
            f"where: {name} is compared with a moment like 2026-06-08T03:00:00Z, not {','.join(texts)[:40]!r}"
        ) from error
    return tuple(found)


def _words(name: str, sign: str, values: list[str], measure: Measure) -> tuple[str, ...]:
    """The words that a column of text is compared with; codes and names have an order, too."""
    if (measure.words or measure.is_several) and sign in _COMPARE:
        raise InvalidInput(f"where: {name} is compared by = or != only")
    wrong = [word for word in values if measure.words and word not in measure.words]
    if wrong:
        raise InvalidInput(f"where: {name} is never {wrong[0][:40]!r}; it is one of {', '.join(measure.words)}")
    return tuple(values)
