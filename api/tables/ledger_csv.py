"""The ledger as CSV: one line a correction, before and after side by side."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from api.tables.results_csv import MEDIA_TYPE, safe
from tally.ledger import LedgerEntry
from tally.model import FIGURES

_FIXED = ("seq", "at", "kind", "key", "name", "side", "is_test")

__all__ = ["MEDIA_TYPE", "write"]


def write(
    lines: Sequence[LedgerEntry], lists: Sequence[str], name: Callable[[str], str | None], *, is_test: bool
) -> bytes:
    """CSV with a header line; `side` says whether the source published the figures or we computed them."""
    target = io.StringIO()
    writer = csv.writer(target)
    columns = [*FIGURES, *lists]
    sides = [f"{when}_{column}" for when in ("before", "after") for column in columns]
    writer.writerow([*_FIXED, *sides, "before_src", "src", "note"])
    for line in lines:
        before = {} if line.before is None else msgspec.json.decode(line.before)
        after = msgspec.json.decode(line.after)
        for side in _sides(after):
            fixed = [line.seq, line.at, line.kind.value, line.key, name(line.key), side or "published", is_test]
            figures = [*_cells(before, side, len(lists)), *_cells(after, side, len(lists))]
            row = [*fixed, *figures, line.before_src, line.src, line.note]
            writer.writerow([safe(cell) for cell in row])
    return target.getvalue().encode()


def _sides(data: dict[str, Any]) -> tuple[str | None, ...]:
    """A mesa has one set of figures; an area has two, a polling place only ours."""
    if "computed" not in data:
        return (None,)
    return ("published", "computed") if data.get("published") else ("computed",)


def _cells(data: dict[str, Any], side: str | None, width: int) -> list[Any]:
    part = (data if side is None else data.get(side)) or {}
    return [*(part.get(name) for name in FIGURES), *(part.get("votes") or [None] * width)]
