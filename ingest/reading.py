"""One reading: a task of the plan becomes questions to the feed, and their answers facts."""

import time
from collections.abc import Callable, Sequence

from ingest.feeds import Feed
from ingest.fetch import Ask
from ingest.plan import Plan, Rank, Task
from tally.board import Board, Fact
from tally.errors import FeedError, FeedMalformed
from tally.gate import Gate
from tally.model import AreaCount


class Reader:
    """Makes the readings of one plan. `now` is the clock whose seconds the plan compares."""

    def __init__(self, feed: Feed, ask: Ask, plan: Plan, gate: Gate, now: Callable[[], float] = time.monotonic) -> None:
        self._feed, self._ask, self._plan, self._gate, self._now = feed, ask, plan, gate, now
        self._board: Board = gate.board

    async def read(self, task: Task) -> Sequence[Fact]:
        """What the source says about that task; the plan knows afterwards that it was made, or failed.

        Raises: FeedError: nothing usable was said.
        """
        try:
            return await self._read(task)
        except FeedMalformed:  # an answer, but not a usable one: asking again at once would not help
            self._give_up(task)
            raise
        except FeedError:
            self._plan.failed(task, self._now())
            raise

    async def _read(self, task: Task) -> Sequence[Fact]:
        if task.rank is Rank.MAP:
            self._plan.done_map(task, await self._feed.moved(self._ask), self._now())
            return ()
        if task.rank is Rank.LIST:
            heads = await self._feed.acta_list(self._ask, task.key)
            self._plan.done_list(task, heads, self._now())
            return [fact for head in heads for fact in head.facts]
        if task.rank is Rank.ACTA:
            fact = await self._feed.acta(self._ask, self._plan.head(task.key))
            self._plan.done_acta(task, self._now())
            return (fact,)
        return await self._read_area(task)

    async def _read_area(self, task: Task) -> Sequence[Fact]:
        before = self._board.published.get(task.key)
        answer = await self._feed.area(self._ask, task.key, before)
        count = answer.value if isinstance(answer, Fact) else answer
        self._plan.done_area(task, count if isinstance(count, AreaCount) else None, self._now())
        if isinstance(answer, Fact):
            return (answer,)
        self._gate.confirm(task.key)
        return ()

    def _give_up(self, task: Task) -> None:
        now = self._now()
        if task.rank is Rank.MAP:
            self._plan.done_map(task, {}, now)
        elif task.rank is Rank.LIST:
            self._plan.done_list(task, [], now)
        elif task.rank is Rank.ACTA:
            self._plan.done_acta(task, now)
        else:
            self._plan.done_area(task, None, now)
