"""Results as CSV: one line a key, what the source published and what we computed side by side."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from api.tables.rows import Row
from tally.keys import is_digits
from tally.model import BUCKETS, FIGURES

MEDIA_TYPE = "text/csv; charset=utf-8"
# For `responses` of a route that gives its answer as a sheet too.
ALSO_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_FIXED = ("key", "level", "name", "ubigeo", "parent", "changed_at", "changed_seq", "is_test")
_ACTA = ("registered", "state", "code", "observation")
_STAMPS = ("source_at",)
_PUBLISHED = (*FIGURES, *_STAMPS)
_COMPUTED = (*FIGURES[: len(BUCKETS) + 1], "registered", "registered_counted", *FIGURES[len(BUCKETS) + 1 :])
# In which form a table can be had; the last is CSV for who opens it in a spreadsheet.
SheetFormat = Literal["json", "csv", "spreadsheet"]
# Whoever opens the file in a spreadsheet sees ñ and leading zeros as they are: a mark of UTF-8 before all, and before
# a code a tab, which keeps it a text and is not seen.
_UTF_8, _TEXT = "\ufeff", "\t"
# What a spreadsheet begins a formula with, full-width forms too, at the start of a cell and behind a line break in it.
_FORMULA = re.compile(r"(?:\A|(?<=[\r\n]))(?=\s*[=+\-@＝＋－＠]|[\t\r])")


def write_sheet(
    rows: Iterable[Row], lists: Sequence[str], form: SheetFormat = "csv", *, is_test: bool, has_head: bool = True
) -> bytes:
    """CSV with a header line, or what follows of it. `lists` are the contest's list ids; unknown figures are empty.

    A mesa's figures are what the source published of its acta: they stand in the published columns.
    """
    head = columns(lists) if has_head else None
    return write_csv(head, (cells(row, len(lists), is_test=is_test) for row in rows), form)


def columns(lists: Sequence[str]) -> dict[str, type]:
    """The columns of a table of results by name, each with what its cells are where they are not None."""
    sides = {"published": (*_PUBLISHED, *lists), "computed": (*_COMPUTED, *lists)}
    figures = {f"{side}_{name}": int for side, names in sides.items() for name in names}
    stamps = {f"{side}_{name}": str for side, names in sides.items() for name in names if name in _STAMPS}
    own = dict.fromkeys((*_FIXED, *_ACTA), str)
    return {**own, "changed_seq": int, "registered": int, **figures, **stamps, "held": str}


def cells(row: Row, width: int, *, is_test: bool) -> list[Any]:
    """A row's cells in the order of the columns, for a contest of `width` lists; None where something is unknown."""
    data = msgspec.json.decode(row.entry.change.data)
    fixed = {**msgspec.structs.asdict(row.head), **data, "is_test": "true" if is_test else "false"}
    is_mesa = "computed" not in data
    published = data if is_mesa else data.get("published")
    held = ";".join(issue["rule"] for issue in data.get("held", ()))
    return [
        *(fixed.get(name) for name in _FIXED),
        *(data.get(name) for name in _ACTA),
        *_figures(published, _PUBLISHED, width),
        *_figures(sum_in(data), _COMPUTED, width),
        held,
    ]


def sum_in(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Our own sum in a value; None where we know no acta: that is not an area where nobody has a vote."""
    found: dict[str, Any] | None = data.get("computed")
    return found if found and found.get("total") else None


def _figures(part: dict[str, Any] | None, names: Sequence[str], width: int) -> list[Any]:
    if part is None:
        return [None] * (len(names) + width)
    return [*(part.get(name) for name in names), *(part.get("votes") or [None] * width)]


def write_csv(head: Iterable[str] | None, rows: Iterable[Iterable[Any]], form: SheetFormat = "csv") -> bytes:
    """CSV with a header line, if there is one; None is an empty cell."""
    is_opened = form == "spreadsheet"
    target = io.StringIO()
    writer = csv.writer(target)
    if head is not None:
        target.write(_UTF_8 if is_opened else "")
        writer.writerow(head)
    write = _as_text if is_opened else _safe
    writer.writerows([write(cell) for cell in row] for row in rows)
    return target.getvalue().encode()


def file_headers(name: str, form: SheetFormat = "csv", *, is_test: bool = False) -> dict[str, str]:
    """Headers of a CSV file that is saved under a name, which says of a rehearsal that it is one."""
    name = f"{name}{'' if form == 'csv' else f'-{form}'}.csv"
    return {"Content-Disposition": f'attachment; filename="{"SIMULACRO-" if is_test else ""}{name}"'}


def _safe(cell: Any) -> Any:
    """The cell, with text that a spreadsheet would run as a formula defused by an apostrophe."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else cell


def _as_text(cell: Any) -> Any:
    """The same; a code, which is all figures, stays one: 010101 is not 10101."""
    return f"{_TEXT}{cell}" if isinstance(cell, str) and is_digits(cell) else _safe(cell)
