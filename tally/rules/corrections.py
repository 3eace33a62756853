"""What counts as going back: the one definition that the gate, the board and the ledger share."""

from collections.abc import Iterable

from tally.model import NOT_VALID, Acta, ActaState, AreaCount

# What a growing count only raises. Actas at the JEE go down when they are counted; counted and at the JEE together,
# which is all that left the pending ones, do not.
_RISING = ("counted", "total", "cast", "valid", *NOT_VALID, "turnout")
_FIGURES = ("cast", "valid", *NOT_VALID)
_WITH_RESULT = (ActaState.COUNTED, ActaState.ANNULLED)


def is_lower(count: AreaCount, before: AreaCount) -> bool:
    """Whether any figure that a growing count only raises went down; one that is not stated did not."""
    figures = ((*(getattr(value, name) for name in _RISING), *value.votes) for value in (count, before))
    return _is_any_lower(zip(*figures, strict=True)) or _processed(count) < _processed(before)


def is_replaced(acta: Acta, before: Acta) -> bool:
    """Whether an acta that was counted or annulled is neither any more, is the other now, or has other figures.

    At the JEE a figure that goes down, or is not shown any more, is replaced, in any state another roll.
    """
    if is_roll_changed(acta, before):
        return True
    if before.state in _WITH_RESULT:
        return acta.state is not before.state or _figures(acta) != _figures(before)
    if before.state is acta.state is ActaState.AT_JEE:
        return _is_any_lower(
            (-1 if now is None else now, then) for now, then in zip(_figures(acta), _figures(before), strict=False)
        )
    return False


def is_roll_changed(acta: Acta, before: Acta) -> bool:
    """Whether another number of voters is stated for a mesa than before."""
    return None not in (acta.registered, before.registered) and acta.registered != before.registered


def _figures(acta: Acta) -> tuple[int | None, ...]:
    return (*(getattr(acta, name) for name in _FIGURES), *(acta.votes or ()))


def _is_any_lower(pairs: Iterable[tuple[int | None, int | None]]) -> bool:
    return any(now is not None and then is not None and now < then for now, then in pairs)


def _processed(count: AreaCount) -> int:
    return count.counted + count.at_jee
