"""One reading: a task of the plan becomes questions to the feed, and their answers facts."""

import time
from collections.abc import Callable, Sequence

import msgspec
import structlog

from ingest.containment import contained
from ingest.feeds import Ask, Feed, Question
from ingest.fetch import Answer
from ingest.plan import ReadingPlan
from ingest.shared import SharedAnswers
from ingest.tasks import Rank, Task
from tally.board import Board, Fact
from tally.errors import FeedEmpty, FeedError, FeedMalformed, Unforeseen
from tally.gate import Gate
from tally.keys import code_of, parent
from tally.model import AreaCount

_log = structlog.get_logger()

# So many mesas of one list are named.
_NAMED = 20


class NotingAsk:
    """Asks on, and notes which bytes answered."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._sources: list[str] = []

    def __str__(self) -> str:
        return f"the answers {'+'.join(self._sources)}" if self._sources else "no answer"

    async def __call__(self, question: Question) -> Answer:
        """See Ask."""
        answer = await self._ask(question)
        self._sources.append(answer.src)
        return answer


class Reader:
    """Makes the readings of one plan. `now` is the clock whose seconds the plan compares.

    `shared`: who asks for the map, where other contests have the same one.
    """

    def __init__(
        self,
        feed: Feed,
        ask: Ask,
        plan: ReadingPlan,
        gate: Gate,
        now: Callable[[], float] = time.monotonic,
        shared: SharedAnswers | None = None,
    ) -> None:
        self._feed, self._ask, self._plan, self._gate, self._now = feed, ask, plan, gate, now
        self._shared = shared
        self._board: Board = gate.board

    async def read(self, task: Task) -> Sequence[Fact]:
        """What the source says about that task; the plan knows afterwards that it was made, or failed.

        Raises: FeedError: nothing usable was said. Unforeseen: our own reading failed over what was said.
        """
        asking = NotingAsk(self._ask)
        if task.rank is Rank.MAP and self._shared is not None:
            asking = NotingAsk(self._shared.since(self._plan.map_since))
        try:
            return await contained(self._read(task, asking), asking.__str__)
        except FeedEmpty:
            self._give_up(task)
            raise
        except (FeedMalformed, Unforeseen):  # an answer, but not a usable one: asking again at once would not help
            self._plan.set_back(task, self._now())
            raise
        except FeedError:
            self._plan.failed(task, self._now())
            raise

    async def _read(self, task: Task, ask: Ask) -> Sequence[Fact]:
        if task.rank is Rank.MAP:
            self._plan.done_map(task, await self._feed.moved(ask), self._now())
            return ()
        if task.rank is Rank.LIST:
            heads = await self._feed.acta_list(ask, task.key, self._most(task.key))
            self._tell_again(task, self._plan.done_list(task, heads, self._now()))
            return [fact for head in heads for fact in head.facts]
        if task.rank is Rank.ACTA:
            if task.key in self._gate.waiting:
                _log.info("actas are read again", why="what was read is doubtful", what=task.key)
            fact = await self._feed.acta(ask, self._plan.head(task.key))
            self._plan.done_acta(task, self._now())
            return (fact,)
        return await self._read_area(task, ask)

    async def _read_area(self, task: Task, ask: Ask) -> Sequence[Fact]:
        before = self._board.published.get(task.key)
        answer = await self._feed.area(ask, task.key, before)
        count = answer.value if isinstance(answer, Fact) else answer
        self._plan.done_area(task, count if isinstance(count, AreaCount) else None, self._now())
        wholes = self._board.wholes if task.rank is Rank.NATION else ()
        if isinstance(answer, Fact):  # of a contest of one area, the areas around it say the same
            return (answer, *(msgspec.structs.replace(answer, key=key) for key in sorted(wholes)))
        for key in (task.key, *wholes):
            self._gate.confirm(key)
        return ()

    def _tell_again(self, task: Task, keys: Sequence[str]) -> None:
        """No acta is read twice without the log saying why."""
        if keys:
            mesas = " ".join(code_of(key) for key in keys[:_NAMED])
            why = "their list differs from what was read, or the sums do"
            _log.info("actas are read again", why=why, what=task.name, actas=len(keys), mesas=mesas)

    def _most(self, district: str) -> int | None:
        """How many actas the source states there, or around it; None: it stated none yet."""
        key: str | None = district
        while key is not None:
            published = self._board.published.get(key)
            if published is not None and published.total > 0:
                return published.total
            key = parent(key)
        return None

    def _give_up(self, task: Task) -> None:
        """The source has nothing for that question: an answer, unless it stated actas there itself."""
        published = self._board.published.get(task.key)
        if task.rank is Rank.ACTA or (published is not None and published.total > 0):
            self._plan.set_back(task, self._now())
        elif task.rank is Rank.MAP:
            self._plan.done_map(task, {}, self._now())
        elif task.rank is Rank.LIST:
            self._plan.done_list(task, [], self._now())
        else:
            self._plan.done_area(task, None, self._now())
