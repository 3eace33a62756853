"""A count beside the election before as CSV: one line a unit, then the regrouped districts, then what is gone."""

from collections.abc import Iterable, Iterator, Sequence

from api.story.previous.table import ComparedUnit, GoneUnit, RegroupedUnit
from api.tables.results_csv import SheetFormat, write_csv
from tally.previous.comparison import ComparedFigures, PointChange

_FIGURES = ("registered", "roll", "cast", "valid")
_GONE = "gone"

Cell = str | int | float | None


def columns(lists: Sequence[str]) -> list[str]:
    """The columns' names; `lists` are the ids of the compared lists."""
    sides = [f"{side}_{name}" for side in ("now", "then") for name in (*_FIGURES, *lists)]
    changes = [f"change_{name}" for name in ("turnout", *lists)]
    return ["key", "name", "match", "former_key", "former_name", "group", *sides, *changes, "is_test"]


def write(
    rows: Iterable[ComparedUnit],
    groups: Iterable[RegroupedUnit],
    gone: Iterable[GoneUnit],
    lists: Sequence[str],
    form: SheetFormat,
    *,
    is_test: bool,
) -> bytes:
    """CSV with a header line; what is not known or not compared is empty. A group's line has no key of its own."""
    told, width = "true" if is_test else "false", len(lists)
    lines = [
        *([*_named(row), *_figures(row.now, row.then, row.change, width), told] for row in rows),
        *([*_together(group), *_figures(group.now, group.then, group.change, width), told] for group in groups),
        *([None, None, _GONE, one.key, one.name, None, *_figures(None, one.then, None, width), told] for one in gone),
    ]
    return write_csv(columns(lists), lines, form)


def _named(row: ComparedUnit) -> list[Cell]:
    return [row.key, row.name, row.match, " ".join(row.former) or None, row.former_name, row.group]


def _together(group: RegroupedUnit) -> list[Cell]:
    then, now = ([one.key for one in side] for side in (group.then_areas, group.now_areas))
    return [None, " + ".join(now), "together", " ".join(then), None, group.number]


def _figures(
    now: ComparedFigures | None, then: ComparedFigures | None, change: PointChange | None, width: int
) -> Iterator[Cell]:
    for side in (now, then):
        known = () if side is None else (getattr(side, name) for name in _FIGURES)
        yield from [None] * (len(_FIGURES) + width) if side is None else [*known, *side.votes]
    yield from [None] * (1 + width) if change is None else [change.turnout, *change.shares]
