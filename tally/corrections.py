"""What counts as going back: the one definition that the gate, the board and the ledger share."""

from tally.model import Acta, ActaState, AreaCount


def is_lower(count: AreaCount, before: AreaCount) -> bool:
    """Whether any figure that a growing count only raises went down."""
    now, then = ((value.counted, value.cast, value.valid, *value.votes) for value in (count, before))
    return any(a < b for a, b in zip(now, then, strict=True))


def is_replaced(acta: Acta, before: Acta) -> bool:
    """Whether an acta that was counted or annulled is neither any more, is the other now, or has other figures."""
    return before.state in (ActaState.COUNTED, ActaState.ANNULLED) and (
        acta.state is not before.state or (acta.votes, acta.cast) != (before.votes, before.cast)
    )
