"""How far the reading of actas is, of all contests together."""

from msgspec import Struct

from ingest.followed import FollowedContest
from tally.keys import NATION


class ReadingProgress(Struct, frozen=True):
    """How far the reading of actas is: `read` of `total` actas are known in their latest state."""

    read: int
    total: int | None
    cycle: int


class Progress:
    """How far the reading of all contests is, kept up by the one that moved."""

    def __init__(self, contests: int) -> None:
        self._read, self._total = [0] * contests, [0] * contests
        self._sums = [0, 0]

    def of(self, number: int, contest: FollowedContest, cycle: int) -> ReadingProgress:
        """All of it, after a reading of that contest."""
        whole = contest.board.published.get(NATION)
        for sums, (column, value) in enumerate(
            ((self._read, len(contest.board.actas)), (self._total, 0 if whole is None else whole.total))
        ):
            self._sums[sums] += value - column[number]
            column[number] = value
        read, total = self._sums
        return ReadingProgress(read, total or None, cycle)
