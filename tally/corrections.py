"""What counts as going back: the one definition that the gate, the board and the ledger share."""

from tally.model import Acta, ActaState, AreaCount


def is_lower(count: AreaCount, before: AreaCount) -> bool:
    """Whether any figure that a growing count only raises went down."""
    now, then = ((value.counted, value.cast, value.valid, *value.votes) for value in (count, before))
    return any(a < b for a, b in zip(now, then, strict=True))


def is_replaced(acta: Acta, before: Acta) -> bool:
    """Whether an acta that was counted left the count or has other figures now."""
    return before.state is ActaState.COUNTED and (
        acta.state is not ActaState.COUNTED or (acta.votes, acta.cast) != (before.votes, before.cast)
    )
