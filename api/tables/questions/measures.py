"""What a question may name: every column with its type, its unit, its words if they are few, and how a row says it.

A column that a row says nothing of is None there: no condition holds of it, and it comes last in any order.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from api.tables.kinds import kind_of
from api.tables.questions.figures import RowFigures
from api.tables.results_csv import columns
from tally.keys import Level
from tally.model import BUCKETS, FIGURES, ActaState
from tally.observations import REASONS
from tally.rules.issues import Rule

Cell = int | float | str | None
Unit = Literal["votes", "actas", "voters", "percent"]
_CHANGE = "change."
# Cells are rounded to it; conditions and orders go by the whole number.
_DIGITS = 4
_OF_ACTAS = (*BUCKETS, "total")
Kind = Literal["integer", "number", "text", "key", "moment"]


class Measure(Struct, frozen=True):
    """A column: `read` gives a cell, or of `is_several` a tuple of words; `words`: all that it may say, if few.

    A moment is a text as the log writes it: ISO UTC, with milliseconds where there are some.
    """

    read: Callable[[RowFigures], Any]
    kind: Kind = "text"
    unit: Unit | None = None
    words: tuple[str, ...] = ()
    is_several: bool = False
    needs_past: bool = False

    def cell(self, row: RowFigures) -> Cell:
        """As it is answered."""
        value = self.read(row)
        if isinstance(value, float):
            return round(value, _DIGITS)
        return " ".join(value) if isinstance(value, tuple) else value

    def rank(self, row: RowFigures) -> Any:
        """What orders go by: of moments without the letter that would put a whole second after its parts."""
        value = self.read(row)
        return value.removesuffix("Z") if self.kind == "moment" and value is not None else value


@cache
def measures_of(lists: tuple[str, ...]) -> Mapping[str, Measure]:
    """All columns of a contest's tables, by name: our own, those of the lists, those of the CSV, and their changes."""
    own = {**_ROW, **_COUNTS, **_RATIOS, "leader": Measure(lambda row: row.leading[0], words=lists)}
    for place, name in enumerate(lists):
        own[f"votes.{name}"] = Measure(partial(_votes, place), "integer", "votes")
        own[f"pct.{name}"] = Measure(partial(_pct, place), "number", "percent")
        own[f"lead.{name}"] = Measure(partial(_lead, place), "integer", "votes")
    changes = {
        f"{_CHANGE}{name}": Measure(partial(_change, one.read), one.kind, one.unit, needs_past=True)
        for name, one in own.items()
        if one.unit is not None
    }
    sheet = {
        name: Measure(partial(_sheet, name), _kind(name, kind), words=_SHEET_WORDS.get(name, ()))
        for name, kind in columns(lists).items()
        if name not in own and name != "is_test"
    }
    return MappingProxyType({**own, **changes, **sheet})


def _kind(name: str, cells: type) -> Kind:
    """Of a column of the sheet."""
    found = kind_of(name, cells)
    return "integer" if found == "integer" else "moment" if found == "datetime" else _SHEET_KINDS.get(name, "text")


def _shown(name: str, row: RowFigures) -> Any:
    return getattr(row.shown, name, None)


def _rules(name: str, row: RowFigures) -> tuple[str, ...] | None:
    """The rules it breaks, or None."""
    found = getattr(row.value, name, None)
    return tuple(issue.rule for issue in found) if found else None


def _ratio(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole


def _margin_pct(row: RowFigures) -> float | None:
    return None if row.votes is None else _ratio(row.leading[1], sum(row.votes))


def _votes(place: int, row: RowFigures) -> int | None:
    return None if row.shown is None or row.shown.votes is None else row.shown.votes[place]


def _pct(place: int, row: RowFigures) -> float | None:
    return None if row.votes is None else _ratio(row.votes[place], sum(row.votes))


def _lead(place: int, row: RowFigures) -> int | None:
    """Votes before the best of the others, negative behind it."""
    if row.votes is None or not any(row.votes):
        return None
    others = (votes for other, votes in enumerate(row.votes) if other != place)
    return row.votes[place] - max(others, default=0)


def _change(read: Callable[[RowFigures], Any], row: RowFigures) -> Any:
    """How much more it is than it was; None where it was not known."""
    now, then = read(row), None if row.before is None else read(row.before)
    return None if now is None or then is None else now - then


def _sheet(name: str, row: RowFigures) -> Any:
    return row.sheet[name]


_RULES = tuple(rule.value for rule in Rule)
_SHEET_WORDS: Mapping[str, tuple[str, ...]] = {"level": tuple(level.value for level in Level)}
_SHEET_KINDS: Mapping[str, Kind] = {"parent": "key"}
_ROW: Mapping[str, Measure] = {
    "key": Measure(lambda row: row.row.key, "key"),
    "name": Measure(lambda row: row.name),
    "district": Measure(lambda row: row.district, "key"),
    "place": Measure(lambda row: row.place, "key"),
    "state": Measure(lambda row: row.acta and row.acta.state.value, words=tuple(state.value for state in ActaState)),
    "reasons": Measure(lambda row: row.reasons, words=REASONS, is_several=True),
    "held": Measure(partial(_rules, "held"), words=_RULES, is_several=True),
    "flags": Measure(partial(_rules, "flags"), words=_RULES, is_several=True),
    "source_at": Measure(partial(_shown, "source_at"), "moment"),
    "changed_at": Measure(lambda row: row.row.entry.at, "moment"),
    "changed_seq": Measure(lambda row: row.row.entry.seq, "integer"),
}
_COUNTS: Mapping[str, Measure] = {
    **{
        name: Measure(partial(_shown, name), "integer", "actas" if n < 4 else "votes") for n, name in enumerate(FIGURES)
    },
    "registered": Measure(lambda row: row.registered, "integer", "voters"),
    "margin": Measure(lambda row: row.leading[1], "integer", "votes"),
}
_RATIOS: Mapping[str, Measure] = {
    "turnout": Measure(lambda row: _ratio(*row.turnout), "number", "percent"),
    "counted_pct": Measure(lambda row: _ratio(_shown("counted", row), _shown("total", row)), "number", "percent"),
    "margin_pct": Measure(_margin_pct, "number", "percent"),
}
