"""The ledger as CSV: one line a correction, before and after side by side."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from api.tables.results_csv import SheetFormat, sum_in, write_csv
from tally.ledger import LedgerEntry
from tally.model import FIGURES

_FIXED = ("seq", "at", "kind", "key", "name", "side", "is_test")


def write(
    lines: Sequence[LedgerEntry],
    lists: Sequence[str],
    name: Callable[[str], str | None],
    form: SheetFormat = "csv",
    *,
    is_test: bool,
) -> bytes:
    """CSV with a header line; `side` says whether the source published the figures or we computed them."""
    rows = (row for line in lines for row in cells(line, len(lists), name(line.key), is_test=is_test))
    return write_csv(columns(lists), rows, form)


def columns(lists: Sequence[str]) -> dict[str, type]:
    """The columns by name, each with what its cells are where they are not None."""
    figures = [f"{when}_{column}" for when in ("before", "after") for column in (*FIGURES, *lists)]
    own = dict.fromkeys((*_FIXED, *figures, "before_src", "src", "note"), str)
    return {**own, **dict.fromkeys(("seq", *figures), int)}


def cells(line: LedgerEntry, width: int, name: str | None, *, is_test: bool) -> Iterator[list[Any]]:
    """The cells of a line's rows, one a side, in the order of the columns."""
    before = {} if line.before is None else msgspec.json.decode(line.before)
    after = msgspec.json.decode(line.after)
    told = "true" if is_test else "false"
    for side in _sides(before, after):
        fixed = [line.seq, line.at, line.kind.value, line.key, name, side or "published", told]
        figures = [*_cells(before, side, width), *_cells(after, side, width)]
        yield [*fixed, *figures, line.before_src, line.src, line.note]


def _sides(before: dict[str, Any], after: dict[str, Any]) -> tuple[str | None, ...]:
    """A mesa has one set of figures; an area has those of the source and our sum, a polling place only that."""
    if "computed" not in after:
        return (None,)
    has_sum = any(map(sum_in, (before, after)))
    if not after.get("published"):
        return ("computed",) if has_sum else ("published",)
    return ("published", "computed") if has_sum else ("published",)


def _cells(data: dict[str, Any], side: str | None, width: int) -> list[Any]:
    sides = {None: data, "published": data.get("published"), "computed": sum_in(data)}
    part = sides[side] or {}
    return [*(part.get(name) for name in FIGURES), *(part.get("votes") or [None] * width)]
