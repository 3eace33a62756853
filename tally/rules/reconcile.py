"""Two truths side by side: what the source publishes for an area, and what lies below it."""

from collections.abc import Iterable

from tally.model import FIGURES, NOT_VALID, AreaCount, Sums
from tally.rules.issues import Issue, Rule, broken

_ALWAYS_STATED = (*(name for name in FIGURES if name not in NOT_VALID), "votes")


def compare(published: AreaCount, computed: Sums) -> dict[str, tuple[object, object]]:
    """Figures that differ, as (published, computed) by name; {} when both agree. What is not stated is not compared."""
    names = [*_ALWAYS_STATED, *(name for name in NOT_VALID if getattr(published, name) is not None)]
    pairs = {name: (getattr(published, name), getattr(computed, name)) for name in names}
    different = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if published.turnout is not None and published.total == computed.total and computed.registered:
        ours = round(published.cast * 100_000 / computed.registered)
        if abs(published.turnout - ours) > 1:  # both are rounded
            different["turnout"] = (published.turnout, ours)
    return different


def counted_as_many(published: AreaCount, computed: Sums) -> bool:
    """Whether both sides know as many actas, and counted as many of them."""
    return (published.counted, published.total) == (computed.counted, computed.total)


def is_same_cut(published: AreaCount, computed: Sums) -> bool:
    """Whether a difference is one: with another number of actas the two stand at different cuts, which says nothing.

    Two sides that both have nothing left to count are of no different moments, however many actas each has.
    """
    return counted_as_many(published, computed) or (is_complete(published) and is_complete(computed))


def is_complete(count: AreaCount | Sums) -> bool:
    """Whether nothing of it is left to count."""
    return 0 < count.total == count.counted


def flag(published: AreaCount | None, computed: Sums) -> tuple[Issue, ...]:
    """A flag where both sides stand at one cut and yet differ; () where they agree or cannot tell."""
    if published is None or not is_same_cut(published, computed):
        return ()
    names = compare(published, computed)
    return (broken(Rule.RECONCILIATION, actas=computed.counted, figures=tuple(names)),) if names else ()


def adds_up(published: AreaCount, children: Iterable[AreaCount]) -> bool:
    """Whether the published counts of an area's children add up to its own."""
    below = [_row(child) for child in children]
    return [sum(column) for column in zip(*below, strict=True)] == _row(published)


def _row(count: AreaCount) -> list[int]:
    return [count.counted, count.at_jee, count.pending, count.total, count.cast, count.valid, *count.votes]
