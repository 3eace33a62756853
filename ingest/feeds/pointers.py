"""Where in the raw bytes of one answer each figure stands, so that anybody finds it there again without our parsers."""

from collections.abc import Mapping
from functools import cache

import msgspec
from msgspec import Struct, field

# What a source writes in a field.
Written = str | int | float | bool | None


class FigurePlace(Struct, frozen=True):
    """One figure: the JSON pointer of its row, below the answer's own, its field `at`, and what names the row."""

    row: str
    at: str
    named: Mapping[str, Written] = field(default_factory=dict)


class Pointers(Struct, frozen=True):
    """The figures of one key in one answer. `row`: JSON pointer of all that is about it, `named`: what says so there.

    A figure that is not one field of the answer has no place.
    """

    row: str
    named: Mapping[str, Written]
    figures: Mapping[str, FigurePlace]


def votes_of(code: str) -> str:
    """Name of the figure of one list, by the source's code of it."""
    return f"votes/{code}"


@cache
def field_of(kind: type[Struct], name: str) -> str:
    """The source's name of a field of ours."""
    return next(one.encode_name for one in msgspec.structs.fields(kind) if one.name == name)


def places_of(kind: type[Struct], row: str, names: Mapping[str, str]) -> dict[str, FigurePlace]:
    """Places in one row of several figures: our names of them by the names of their fields."""
    return {figure: FigurePlace(row, field_of(kind, name)) for name, figure in names.items()}
