"""Shapes of the corrections ledger and of the reconciliation."""

from typing import Any

from api.shapes import Shape


class Correction(Shape):
    seq: int
    at: str
    kind: str
    key: str
    level: str
    name: str | None
    before: dict[str, Any] | None
    after: dict[str, Any]
    before_src: str | None
    src: str | None
    note: dict[str, str] | None


class Corrections(Shape):
    election: str
    epoch: str
    seq: int
    corrections: list[Correction]
    next: int | None


class Difference(Shape):
    key: str
    level: str
    name: str | None
    flags: list[dict[str, str]]
    published: dict[str, Any]
    computed: dict[str, Any]


class Reconciliation(Shape):
    election: str
    epoch: str
    seq: int
    compared: int
    at_other_cuts: int
    differences: list[Difference]
