"""Which contest is served next, of many that share one source. Pure: contests are numbers, moments are given.

Three lines: contests whose whole is due, contests some of whose areas may have moved, and contests of which all else
may be due, actas before all. In each, whoever has waited longest comes first; while wholes and others wait they take
turns, and of the others one in `acta_turn` is of the last line: a race of many areas does not wait behind the actas
of all. Before the first whole of every contest was asked for, nothing else is.
"""

import heapq
from collections import deque


class Turns:
    """`contests`: how many there are. A step costs no more the more of them there are, but for a heap."""

    def __init__(self, contests: int, acta_turn: int = 4) -> None:
        self._acta_turn, self._turn = acta_turn, 0
        self._rest: list[tuple[float, int]] = []
        self._is_resting = [False] * contests
        self._wholes: deque[int] = deque()
        self._is_due = [False] * contests
        self._others: list[tuple[float, int]] = []
        self._is_waiting = [False] * contests
        self._served_at = [-1.0] * contests
        self._unasked = set(range(contests))
        self._is_wholes_turn = True

    def want_whole(self, contest: int) -> None:
        """Its whole is due."""
        if not self._is_due[contest]:
            self._is_due[contest] = True
            self._wholes.append(contest)

    def want_others(self, contest: int) -> None:
        """Its areas and actas may be."""
        if not self._is_waiting[contest]:
            self._is_waiting[contest] = True
            heapq.heappush(self._others, (self._served_at[contest], contest))

    def want_rest(self, contest: int) -> None:
        """None of its areas moved; what else it has may be due."""
        if not self._is_resting[contest]:
            self._is_resting[contest] = True
            heapq.heappush(self._rest, (self._served_at[contest], contest))

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not self._wholes and not self._others and not self._rest

    @property
    def is_for_whole(self) -> bool:
        """Whether the next is a whole's turn."""
        is_first_pass = bool(self._wholes) and bool(self._unasked)
        return bool(self._wholes) and (is_first_pass or self._is_wholes_turn or not (self._others or self._rest))

    def take_whole(self) -> int | None:
        """The contest whose whole has been due for longest."""
        if not self._wholes:
            return None
        contest = self._wholes.popleft()
        self._is_due[contest] = False
        self._unasked.discard(contest)
        self._is_wholes_turn = False
        return contest

    @property
    def is_for_rest(self) -> bool:
        """Whether the next of the others is of the last line."""
        return bool(self._rest) and (not self._others or self._turn % self._acta_turn == 0)

    def take_other(self) -> int | None:
        """The contest of its line that was served longest ago; it waits there no more until that is said again."""
        line, waits = (self._rest, self._is_resting) if self.is_for_rest else (self._others, self._is_waiting)
        if not line:
            return None
        _, contest = heapq.heappop(line)
        waits[contest] = False
        return contest

    def served(self, contest: int, now: float) -> None:
        """One of its areas or actas is being read."""
        self._served_at[contest] = now
        self._turn += 1
        self._is_wholes_turn = True
