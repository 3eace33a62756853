"""What the cells of a column are, where they are not None: all writers of a table ask here."""

from typing import Literal

CellKind = Literal["integer", "datetime", "boolean", "string"]


def kind_of(name: str, cells: type) -> CellKind:
    """The kind, in the words of a table schema (Frictionless).

    Of texts the column's name says more: a time is ISO UTC, a fact "true" or "false".
    """
    if cells is int:
        return "integer"
    if name == "at" or name.endswith("_at"):
        return "datetime"
    return "boolean" if name.startswith("is_") else "string"
