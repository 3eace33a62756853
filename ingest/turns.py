"""Which contest is served next, of many that share one source. Pure: contests are numbers, moments are given.

Two lines: contests whose whole is due, and contests whose areas and actas may be. In each, whoever has waited longest
comes first; while both wait they take turns. Before the first whole of every contest was asked for, nothing else is.
"""

import heapq
from collections import deque


class Turns:
    """`contests`: how many there are. A step costs no more the more of them there are, but for a heap."""

    def __init__(self, contests: int) -> None:
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

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        return not self._wholes and not self._others

    @property
    def is_for_whole(self) -> bool:
        """Whether the next is a whole's turn."""
        is_first_pass = bool(self._wholes) and bool(self._unasked)
        return bool(self._wholes) and (is_first_pass or self._is_wholes_turn or not self._others)

    def take_whole(self) -> int | None:
        """The contest whose whole has been due for longest."""
        if not self._wholes:
            return None
        contest = self._wholes.popleft()
        self._is_due[contest] = False
        self._unasked.discard(contest)
        self._is_wholes_turn = False
        return contest

    def take_other(self) -> int | None:
        """The contest that was served longest ago; it waits no more until that is said again."""
        if not self._others:
            return None
        _, contest = heapq.heappop(self._others)
        self._is_waiting[contest] = False
        return contest

    def served(self, contest: int, now: float) -> None:
        """One of its areas or actas is being read."""
        self._served_at[contest] = now
        self._is_wholes_turn = True
