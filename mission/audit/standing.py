"""How an audit stands: which actas are settled, what they overstated, and the running p-value."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from mission.audit.macro import Pairs, draws_needed, p_values, taint
from mission.audit.plan import Drawn
from mission.audit.reading import Reading, ReadingEntry, missing, settle


class AuditOutcome(StrEnum):
    """Whether the risk limit is reached, not yet, or cannot be with this sample; see [audit_outcome] in the texts.

    In review: figures of the count that is audited are. Overtaken: another outcome is published by now. Whoever shows
    the audit knows both, its readings do not. Incomplete: an earlier version left the unread actas out of it.
    """

    RUNNING = "running"
    CONFIRMED = "confirmed"
    EXHAUSTED = "exhausted"
    IN_REVIEW = "in_review"
    OVERTAKEN = "overtaken"
    INCOMPLETE = "incomplete"


class DrawStep(Struct, frozen=True):
    """One draw as it stands. `read` and `taint` are None until it is settled, `p` until all before it are, too."""

    drawn: Drawn
    entries: int
    missing: int
    read: Reading | None
    taint: float | None
    p: float | None


class AuditStanding(Struct, frozen=True):
    """`settled` draws from the first one on, the p-value after them, and how many draws are needed from now on.

    The p-value is read in the order of the draws: it may be looked at as often as one likes.
    """

    steps: tuple[DrawStep, ...]
    settled: int
    discrepancies: int
    p_value: float
    needed: int
    outcome: AuditOutcome


def stand(
    drawn: Sequence[Drawn], entries: Mapping[str, Sequence[ReadingEntry]], pairs: Pairs, bound: float, risk_limit: float
) -> AuditStanding:
    """The standing of an audit with those readings, by mesa."""
    read = {one.mesa: settle(entries.get(one.mesa, ())) for one in drawn}
    taints = [_taint(one, read[one.mesa], pairs) for one in drawn]
    settled = next((place for place, one in enumerate(taints) if one is None), len(taints))
    values = p_values([one for one in taints[:settled] if one is not None], bound)
    value = values[-1] if values else 1.0
    more = draws_needed(risk_limit, bound, value)
    confirmed = min(values, default=1.0) <= risk_limit
    # Once it was reached it stays reached: the bound holds for every number of draws at once.
    needed = settled if confirmed else settled + more
    outcome = AuditOutcome.RUNNING
    if confirmed:
        outcome = AuditOutcome.INCOMPLETE if pairs.coverage is None else AuditOutcome.CONFIRMED
    elif needed > len(drawn):
        outcome = AuditOutcome.EXHAUSTED
    steps = tuple(
        _step(one, entries.get(one.mesa, ()), read[one.mesa], taints[place], values, place)
        for place, one in enumerate(drawn)
    )
    wrong = {step.drawn.mesa for step in steps if step.read is not None and step.read != step.drawn.reported}
    return AuditStanding(steps, settled, len(wrong), min(1.0, value), min(needed, len(drawn)), outcome)


def _taint(drawn: Drawn, read: Reading | None, pairs: Pairs) -> float | None:
    assert drawn.reported.votes is not None  # noqa: S101 - only counted actas are drawn
    return None if read is None else taint(drawn.reported.votes, read.votes, drawn.cast, pairs)


def _step(
    drawn: Drawn,
    entries: Sequence[ReadingEntry],
    read: Reading | None,
    found: float | None,
    values: Sequence[float],
    place: int,
) -> DrawStep:
    value = min(1.0, values[place]) if place < len(values) else None
    return DrawStep(drawn, len(entries), missing(entries), read, found, value)
