"""Two lines of tasks, of areas and of actas, and whose turn it is. Pure."""

from collections import deque
from collections.abc import Callable, Collection, Sequence

from ingest.tasks import ACTAS, Rank, Task


class TaskLines:
    """The most urgent first. `acta_turn`: while areas keep moving, one taking in so many is for actas; and for areas
    that can wait one, while actas go before them: a country's actas take half a day."""

    def __init__(self, acta_turn: int) -> None:
        self._acta_turn, self._turn = acta_turn, 0
        self._areas: deque[Task] = deque()
        self._actas: deque[Task] = deque()

    @property
    def are_empty(self) -> bool:
        """Whether nobody waits in either."""
        return not (self._areas or self._actas)

    def fill(self, due: Sequence[Task]) -> None:
        """These tasks instead of all before, the most urgent first."""
        self._actas = deque(task for task in due if task.rank in ACTAS)
        self._areas = deque(task for task in due if task.rank not in ACTAS)

    def take(self, ranks: Collection[Rank], is_still_due: Callable[[Task], bool]) -> Task | None:
        """The next task of those ranks that is still due; those that are not are let go."""
        while line := self._whose_turn(ranks):
            task = line.popleft()
            if is_still_due(task):
                self._turn += 1
                return task
        return None

    def _whose_turn(self, ranks: Collection[Rank]) -> deque[Task]:
        """The line that is next; an empty one if nothing of those ranks is due."""
        areas, actas = (
            line if line and line[0].rank in ranks else deque[Task]() for line in (self._areas, self._actas)
        )
        if not areas or not actas:
            return areas or actas
        if areas[0].rank > Rank.TOP and self._turn % self._acta_turn == 0:
            return actas
        if self._turn % self._acta_turn == self._acta_turn - 1:  # an area of which nothing is counted has no other turn
            return areas
        return min(areas, actas, key=lambda line: line[0])
