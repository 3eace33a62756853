"""At which versions a count is told as a whole: its first figure, shares of the actas counted, nothing pending."""

from collections.abc import Sequence

from msgspec import Struct

from api.story.trails import Point
from dashboard.vocabulary import CHECKPOINTS

FIRST, NONE_PENDING = "first", "none_pending"


class ReachedCheckpoint(Struct, frozen=True):
    """Its name, and the version that reached it with its moment."""

    name: str
    seq: int
    at: str


def checkpoints_of(points: Sequence[Point]) -> list[ReachedCheckpoint]:
    """The checkpoints that a whole's points reached, each once, oldest first; of several at one step the highest."""
    reached: list[ReachedCheckpoint] = []
    known: set[str] = set()
    for point in points:
        due = [name for name in _at(point) if name not in known]
        known.update(due)
        if due:
            reached.append(ReachedCheckpoint(due[-1], point.seq, point.at))
    return reached


def _at(point: Point) -> list[str]:
    """The checkpoints at or below a step, the highest last."""
    count = point.count
    if not point.is_published or not count.counted:
        return []
    shares = [name for name in CHECKPOINTS if count.counted * 100 >= int(name) * count.total]
    # The last share is that nothing is out at all.
    is_last = shares == CHECKPOINTS
    between = [NONE_PENDING] if not count.pending and not is_last else []
    return [FIRST, *shares, *between]
