"""What a list of actas says, beside what is known of them."""

from msgspec import UNSET

from ingest.feeds import ActaHead
from tally.board import Board
from tally.keys import mesa_key
from tally.model import ActaState


def is_known(board: Board, head: ActaHead) -> bool:
    """Whether the row says nothing that the acta we have does not say; an acta that is held is not had."""
    acta = board.actas.get(mesa_key(head.mesa))
    if acta is None or acta.held is not UNSET:
        return False
    if head.state is None:  # one that was counted without a vote may have been shown before its figures
        return acta.state not in (ActaState.PENDING, ActaState.AT_JEE) and acta.cast != 0
    if acta.code != head.code:
        return False
    return acta.state is not ActaState.COUNTED or (acta.cast, acta.valid) == (head.cast, head.valid)


def says_as_much(before: ActaHead, head: ActaHead) -> bool:
    """Whether a row says of its acta what an earlier one did."""
    return (before.code, before.state, before.cast, before.valid) == (head.code, head.state, head.cast, head.valid)


def went_back(board: Board, district: str) -> bool:
    """Whether the source publishes less than we added up: an acta that needed nothing more has changed."""
    published = board.published.get(district)
    if published is None:
        return False
    now, ours = ((value.counted, value.cast, *value.votes) for value in (published, board.sums.of(district)))
    return any(a < b for a, b in zip(now, ours, strict=True))
