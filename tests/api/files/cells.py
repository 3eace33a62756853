"""Cells of a table, whichever file they were read from, as its CSV has them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tally import moments


def csv_row(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as a reader of the CSV has it."""
    return {name: _text(cell) for name, cell in row.items()}


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return moments.write(cell)
    return str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)
