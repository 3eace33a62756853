"""What is wrong with a value: the rule it broke and the figures that show it. The sentences stand in `texts/`."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType


class Rule(StrEnum):
    """Every rule. A broken one holds a value, but for the last three, which only mark what is published."""

    NEGATIVE = "negative"
    BUCKETS = "buckets"
    VALID_SUM = "valid_sum"
    CAST_SUM = "cast_sum"
    OVER_ROLL = "over_roll"
    LISTS = "lists"
    UNKNOWN_AREA = "unknown_area"
    SCOPE_ECHO = "scope_echo"
    ABOVE_PARENT = "above_parent"
    FIGURES_MISSING = "figures_missing"
    ALL_ZERO = "all_zero"
    VOTES_WITHOUT_COUNT = "votes_without_count"
    ANNULLED_NULL = "annulled_null"
    RECONCILIATION = "reconciliation"
    REPEATED = "repeated"
    PLACE_CODE = "place_code"


Figures = dict[str, int | str | tuple[str, ...]]


class Issue(Struct, frozen=True, kw_only=True):
    """A broken rule (a `Rule`; a log written by a newer version may name one that is not known here).

    `figures` are what its sentence asks for. They are UNSET where an entry of a log of format 1 said the issue: there
    it was {"en", "es", "rule"}, two sentences instead of figures.
    """

    figures: Figures | UnsetType = UNSET
    rule: str


def broken(rule: Rule, **figures: int | str | tuple[str, ...]) -> Issue:
    """The issue of a rule with its figures."""
    return Issue(figures=figures, rule=rule)


def say_the_same(some: Sequence[Issue], others: Sequence[Issue]) -> bool:
    """Whether both name the same rules with the same figures; an issue without figures has none to differ in."""
    return len(some) == len(others) and all(
        one.rule == other.rule and (UNSET in (one.figures, other.figures) or one.figures == other.figures)
        for one, other in zip(some, others, strict=True)
    )
