"""The rows that a question is about, chosen out of a table's pieces as they come."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from api.http.workers import check_wanted
from api.tables.questions.figures import RowFigures
from api.tables.questions.measures import Cell
from api.tables.questions.question import Order, TableQuestion
from api.tables.rows import Row
from tally.changes import Entry

_AT_ONCE = 100
# A row that waits to be put in order: what it is ordered by, itself, and what it said before. No figure is kept.
_Waiting = tuple[tuple[Any, ...], Row, Entry | None]
Before = Callable[[list[str]], Mapping[str, Entry]]


class Selection:
    """Answers one question about one table; `matching`: how many rows it is about, once all have been given."""

    def __init__(self, question: TableQuestion, lists: tuple[str, ...]) -> None:
        self.question, self.matching = question, 0
        self._lists = lists

    def choose(self, pieces: Iterable[list[Row]], before: Before) -> Iterator[list[RowFigures]]:
        """Rows piece by piece; `before` gives what keys said at the moment that changes are asked since."""
        found = self._matching(pieces, before)
        if self.question.order:
            found = self._ordered(found)
        left = self.question.top
        for piece in found:
            yield piece if left is None else piece[:left]
            left = None if left is None else max(0, left - len(piece))

    def write(self, row: RowFigures) -> bytes:
        """A row's JSON: whole, or of the columns that are asked for."""
        if self.question.columns is None:
            return row.row.whole
        return msgspec.json.encode(dict(zip(self.question.columns, self.cells(row), strict=True)))

    def cells(self, row: RowFigures) -> list[Cell]:
        """The columns that are asked for."""
        return [measure.cell(row) for measure in (self.question.columns or {}).values()]

    def _matching(self, pieces: Iterable[list[Row]], before: Before) -> Iterator[list[RowFigures]]:
        for rows in pieces:
            then = before([row.key for row in rows]) if self.question.needs_past else {}
            read = (RowFigures(row, self._lists, then.get(row.key)) for row in rows)
            piece = [row for row in read if all(one.holds(row) for one in self.question.conditions)]
            self.matching += len(piece)
            yield piece

    def _ordered(self, pieces: Iterable[list[RowFigures]]) -> Iterator[list[RowFigures]]:
        """Each column in turn, the last first: an order leaves what is alike as it was."""
        order = self.question.order
        waiting: list[_Waiting] = [
            (tuple(one.measure.rank(row) for one in order), row.row, row.earlier) for piece in pieces for row in piece
        ]
        for place, one in reversed(list(enumerate(order))):
            waiting = _sorted(waiting, place, one)
        for start in range(0, len(waiting), _AT_ONCE):
            check_wanted()
            yield [RowFigures(row, self._lists, then) for _, row, then in waiting[start : start + _AT_ONCE]]


def _sorted(waiting: Sequence[_Waiting], place: int, order: Order) -> list[_Waiting]:
    """By one column; what says nothing of it comes last."""
    known = [one for one in waiting if one[0][place] is not None]
    known.sort(key=lambda one: one[0][place], reverse=order.is_descending)
    return [*known, *(one for one in waiting if one[0][place] is None)]
