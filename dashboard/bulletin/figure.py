"""What sentences are made of: figures with where they stand in the data, and subjects of which something is true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

How = Literal["value", "sum", "difference", "percent", "points", "number"]


@dataclass(frozen=True)
class Figure:
    """A number or moment that a sentence states: `text` as it stands there, `value` as the data has it.

    of: the fields of `key` at `version` that it is made of; several are taken together as `how` says: added, the others
    taken from the first, or as a percentage of the last. number: how many there are of them. since: the other version
    of a difference between two. contest: whose count, where a bulletin is of many.
    """

    text: str
    value: int | float | str
    key: str
    version: int
    of: tuple[str, ...]
    how: How = "value"
    since: int | None = None
    contest: str | None = None


@dataclass(frozen=True)
class Value:
    """What takes the place of a placeholder, and the figures in it."""

    shown: Any
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Subject:
    """Something that rules speak of: what it is, what is true of it, and the values its sentences may need."""

    kind: str
    facts: frozenset[str]
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a bulletin, the rule that it follows, under which heading a page has it, and its figures."""

    id: str
    section: str
    text: str
    figures: tuple[Figure, ...]


def name(text: str) -> Value:
    """A value without a figure."""
    return Value(text)


def together(shown: str, *values: Value) -> Value:
    """A phrase with the figures of the values it was made from."""
    return Value(shown, tuple(figure for value in values for figure in value.figures))
