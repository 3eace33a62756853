"""What the rehearsal's mission is made of: data (day.toml), not code."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

# Lowest and highest.
Span = tuple[int, int]


class RosterData(Struct, frozen=True, forbid_unknown_fields=True):
    """How many teams, how a CSV of it is written (lead: no, yes), and names to put together."""

    teams: int
    heads: str
    line: str
    lead: tuple[str, str]
    given: list[str]
    family: list[str]


class AnswerData(Struct, frozen=True, forbid_unknown_fields=True):
    """How forms are answered. Shares 0..1; minutes; figures by question.

    no: questions that are usually answered so, though no incident comes of them; quiet: choices that are usual.
    """

    usual: float
    absent: float
    late: float
    minutes: Span
    late_minutes: Span
    early_minutes: Span
    most: int
    before_due_minutes: int
    no: frozenset[str]
    quiet: frozenset[str]
    figures: dict[str, Span]
    acta: dict[str, Span]


class PlantedConflict(Struct, frozen=True, forbid_unknown_fields=True):
    """A question that two observers at one mesa answer differently."""

    form: str
    question: str


class WrittenMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """A message to all, or to those without a form."""

    text: str
    without_form: str | None = None


class ReadingData(Struct, frozen=True, forbid_unknown_fields=True):
    """How messages are received: shares of those who read and answer."""

    share: float
    answer: float
    answers: list[str]


class JudgingData(Struct, frozen=True, forbid_unknown_fields=True):
    """A verifier's reasons: for whose answer stands, and for what was verified."""

    chosen: str
    verified: str


class QuickCountData(Struct, frozen=True, forbid_unknown_fields=True):
    """The sample, and in how many copies how many votes stand at another list."""

    name: str
    design: str
    unit: str
    size: int
    seed: str
    planted: int
    moved: int


class DayData(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    roster: RosterData
    answers: AnswerData
    planted: list[PlantedConflict]
    messages: list[WrittenMessage]
    reading: ReadingData
    judging: JudgingData
    quick_count: QuickCountData


@cache
def load_day() -> DayData:
    """As the file says it."""
    return msgspec.toml.decode((Path(__file__).parent / "day.toml").read_bytes(), type=DayData)
