"""What is wrong with a value: the rule it broke and the figures that show it. The sentences stand in `texts/`."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType


class Rule(StrEnum):
    """Every rule. A broken one holds a value, but for `MARKS`, which only mark what is published."""

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
    VOTES_WITHOUT_COUNT = "votes_without_count"
    ANNULLED_NULL = "annulled_null"
    OVER_LARGEST = "over_largest"
    OVER_ACTAS = "over_actas"
    VOTES_WITHOUT_ACTAS = "votes_without_actas"
    ABOVE_WHOLE = "above_whole"
    TOTAL_APART = "total_apart"
    TURNOUT = "turnout"
    AGAINST_PARTS = "against_parts"
    RECONCILIATION = "reconciliation"
    REPEATED = "repeated"
    PLACE_CODE = "place_code"
    ALL_ZERO = "all_zero"
    ROLL_CHANGED = "roll_changed"
    TOTAL_CHANGED = "total_changed"


# Possible, but worth a look: what they say stands beside a published value. In logs of formats 1 and 2 an acta all of
# whose figures are zero was held.
MARKS = frozenset(
    {Rule.ALL_ZERO, Rule.RECONCILIATION, Rule.REPEATED, Rule.PLACE_CODE, Rule.ROLL_CHANGED, Rule.TOTAL_CHANGED}
)


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
