"""What to ask next: pure decisions over what is known. Nothing is asked here, and no clock is read.

The nation is asked every cycle, whatever else is due. When it moved: the scopes, all departments and continents, and
the heat map. Then what the map says moved, then the actas of the districts whose own sum differs from the published
one, then children whose sum differs from their parent's. Within one rank whoever is stalest comes first. While areas
keep moving, one reading in four is for actas all the same, and no district is listed while actas of another are due:
on a busy night nobody would otherwise see a mesa until it is over.

A source without a heat map is descended by those differing sums alone: its children come before the actas.
"""

from collections.abc import Collection, Container, Iterator

import msgspec

from ingest.feeds import ActaHead
from ingest.lines import TaskLines
from ingest.listed import is_known, says_as_much, went_back
from ingest.setbacks import Setbacks
from ingest.tasks import EVERY, Rank, Rechecks, Task
from tally.board import Board
from tally.keys import NATION, Level, area_key, code_of, level_of, mesa_key
from tally.model import ActaState, AreaCount
from tally.rules.reconcile import adds_up, compare


class ReadingPlan:
    """What is due. `board` is read, never changed. Times are seconds of any one clock; −1 is never.

    `waiting`: keys whose last value the gate wants to see again; they are due `confirm_s` after they were asked.
    `unpublished`: keys whose last value is on its way to the board. An area is not asked again before it is there: it
    would seem to have moved once more. The nation is: what it said then takes the place of what waits.
    """

    def __init__(
        self,
        board: Board,
        waiting: Collection[str] = (),
        pace: Rechecks | None = None,
        unpublished: Container[str] = (),
    ) -> None:
        self._board, self._waiting, self._unpublished = board, waiting, unpublished
        self._pace = pace or Rechecks()
        self._asked_at: dict[str, float] = {}
        self._asked: set[str] = set()  # areas, where `_asked_at` has lists too
        self._read_at: dict[str, float] = {}
        self._moved_at: dict[str, float] = {}
        self._listed_at: dict[str, float] = {}
        self._areas: dict[str, Rank] = {}
        self._unusable: set[str] = set()
        self._heads: dict[str, ActaHead] = {}
        self._were_read: dict[str, ActaHead] = {}
        self._read_in_at: dict[str, float] = {}
        self._setbacks = Setbacks(self._pace.retry_s, self._pace.recheck_s)
        self._is_map_due, self._map_at = False, -1.0
        self._child_rank = Rank.CHILD
        self._running: dict[tuple[str, bool], float] = {}
        self._lines = TaskLines(self._pace.acta_turn)
        self._is_stale = True

    def begin_cycle(self, *, is_full: bool) -> None:
        """Ask the nation again; in a full cycle also the scopes, all departments and the map, moved or not."""
        self._areas[NATION] = Rank.NATION
        self._unusable.clear()
        self._is_stale = True
        if is_full:
            self._ask_top()
            self._setbacks.end_pauses()

    def next(self, now: float, ranks: Collection[Rank] = EVERY) -> Task | None:
        """The most urgent task of those ranks, running from now on; None: none is due that is not running already."""
        is_fresh = self._is_stale or self._setbacks.is_over(now) or self._lines.are_empty
        if is_fresh:
            self._sort(now)
        task = self._take(ranks, now)
        if task is None and not is_fresh and ranks is EVERY:  # what was left of the queue had been dealt with meanwhile
            self._sort(now)
            task = self._take(ranks, now)
        return task

    def _sort(self, now: float) -> None:
        due = sorted(self._due(now))
        if self._setbacks:
            due = [task for task in due if not self._is_set_back(task, now)]
        self._lines.fill(due)
        self._is_stale = False
        self._setbacks.looked(now)

    def _take(self, ranks: Collection[Rank], now: float) -> Task | None:
        task = self._lines.take(ranks, self._is_still_due)
        if task is not None:
            self._running[task.identity] = now
        return task

    @property
    def is_idle(self) -> bool:
        """Whether no task is running."""
        return not self._running

    @property
    def has_setbacks(self) -> bool:
        """Whether some reading was made in vain, and is left alone for a while."""
        return len(self._setbacks) > 0

    @property
    def map_since(self) -> float:
        """From when on an answer of the map tells what moved: it must not be older than the whole, nor read before."""
        return max(self._read_at.get(NATION, -1.0), self._map_at)

    @property
    def actas_due(self) -> int:
        """Actas known to have changed that are still to be read."""
        return len(self._heads)

    def head(self, key: str) -> ActaHead:
        """The head of the acta that a task is to read."""
        head = self._heads.get(key)
        if head is None:  # a doubtful acta is asked for again without a list
            acta = self._board.actas[key]
            mesa = code_of(key)
            head = ActaHead(mesa, acta.ubigeo, acta.code, acta.state, None, None, (), acta.place)
        return head

    def done_area(self, task: Task, count: AreaCount | None, now: float) -> None:
        """An area was read; `count` is None if the source had nothing usable."""
        self._finish(task, now)
        self._asked.add(task.key)
        self._areas.pop(task.key, None)
        if count is None:
            self._unusable.add(task.key)
        else:
            self._setbacks.end(task.identity)
            self._read_at[task.key] = now
        if count is not None and count != self._board.published.get(task.key):
            self._moved_at[task.key] = now
            if task.key == NATION:
                self._moved_at |= dict.fromkeys(self._board.wholes, now)
                self._ask_top()

    def done_map(self, task: Task, counted: dict[str, int] | None, now: float) -> None:
        """The heat map was read: provinces and districts whose counted actas differ from what we know are due.

        None: the source has no map; {}: it says nothing this time.
        """
        self._finish(task, now)
        if counted != {}:
            self._setbacks.end(task.identity)
        if counted is None:
            self._child_rank, counted = Rank.MOVED, {}
        self._is_map_due, self._map_at = False, now
        self._is_stale = True
        for key, published in self._below_top():
            if key in counted and (published is None or published.counted != counted[key]):
                self._areas[key] = Rank.MOVED
            elif published is None and key not in self._asked:
                self._areas[key] = self._child_rank

    def done_list(self, task: Task, heads: list[ActaHead], now: float) -> list[str]:
        """A district's list was read: actas that changed are due; all of them if an earlier reading did not help.

        Returns: keys of those that were read before, and are due again.
        """
        begun = self._running.get(task.identity, now)
        self._finish(task, now)
        self._setbacks.end(task.identity)
        is_second = self._listed_at.get(task.key, -1.0) >= self._moved_at.get(task.key, 0.0)
        # A list with states shows by itself which acta changed; without them, any of the district's may have.
        is_every = is_second or (any(head.state is None for head in heads) and went_back(self._board, task.key))
        # Its first page is as old as that, and a large district has many: what moved meanwhile may not be in it.
        self._listed_at[task.key] = begun
        due = {
            mesa_key(head.mesa): head
            for head in heads
            if head.state is not ActaState.PENDING and (is_every or not is_known(self._board, head))
            if not self._is_arriving(head)
        }
        self._heads |= due
        return [key for key in due if key in self._were_read]

    def _is_arriving(self, head: ActaHead) -> bool:
        """Whether what the row says was read, and waits to be published."""
        key = mesa_key(head.mesa)
        before = self._were_read.get(key) if key in self._unpublished else None
        return before is not None and says_as_much(before, head)

    def done_acta(self, task: Task, now: float) -> None:
        """An acta was read, or the source had nothing usable."""
        self._finish(task, now)
        self._setbacks.end(task.identity)
        head = self._heads.pop(task.key, None)
        if head is not None:
            # Without what its row said in full, which is a place's name and address for each of 280,000 actas.
            self._were_read[task.key] = msgspec.structs.replace(head, facts=())
            self._read_in_at[area_key(head.ubigeo)] = now

    def failed(self, task: Task, now: float) -> None:
        """The source did not answer: the task stays due, behind the others of its rank."""
        self._finish(task, now)

    def set_back(self, task: Task, now: float) -> None:
        """It answered, but with nothing usable: the task stays due, but is left alone for a while.

        The nation is not: it is asked again in the next cycle.
        """
        if task.rank is Rank.MAP:
            self.done_map(task, {}, now)
            self._is_map_due = True
        elif task.rank in (Rank.LIST, Rank.ACTA):
            self._finish(task, now)
        else:
            self.done_area(task, None, now)
            if task.rank is not Rank.NATION:
                self._areas[task.key] = task.rank
        self._setbacks.begin(task.identity, now)

    def _is_set_back(self, task: Task, now: float) -> bool:
        return task.rank is not Rank.NATION and self._setbacks.holds(task.identity, now)

    def _is_still_due(self, task: Task) -> bool:
        return task.identity not in self._running and self._last(task) == task.asked_at

    def _last(self, task: Task) -> float:
        """When that reading was last made: later than the task says if it was made since the queue was sorted."""
        if task.rank is Rank.MAP:
            return self._map_at
        return (self._listed_at if task.rank is Rank.LIST else self._asked_at).get(task.key, -1.0)

    def _finish(self, task: Task, now: float) -> None:
        self._running.pop(task.identity, None)
        self._asked_at[task.key] = now

    def _ask_top(self) -> None:
        self._is_stale = self._is_map_due = True
        for key in self._board.tree.nodes:
            if level_of(key) in (Level.SCOPE, Level.DEPARTMENT) and key not in self._board.wholes:
                self._areas[key] = Rank.TOP

    def _due(self, now: float) -> Iterator[Task]:
        if self._is_map_due:
            yield Task(Rank.MAP, self._map_at, "")
        ranks = self._areas | {key: self._child_rank for key in self._mismatched_children() if key not in self._areas}
        for key, rank in ranks.items():
            if key in self._unpublished and rank is not Rank.NATION:
                continue
            yield Task(rank, self._asked_at.get(key, -1.0), key)
        for key in self._lists(now):
            yield Task(Rank.LIST, self._listed_at.get(key, -1.0), key)
        for key in self._doubtful(now):
            rank = Rank.ACTA if level_of(key) is Level.MESA else Rank.TOP
            yield Task(rank, self._asked_at.get(key, -1.0), key)
        for key in self._heads:
            yield Task(Rank.ACTA, self._asked_at.get(key, -1.0), key)

    def _doubtful(self, now: float) -> Iterator[str]:
        for key in self._waiting:
            if self._asked_at.get(key, -1.0) <= now - self._pace.confirm_s and not self._is_on_its_way(key):
                yield key

    def _is_on_its_way(self, key: str) -> bool:
        return key in self._heads or key in self._unpublished

    def _lists(self, now: float) -> Iterator[str]:
        """Districts whose actas should be listed: never seen, or their sum is not what the source publishes."""
        being_read = {
            area_key(head.ubigeo) for key, head in self._heads.items() if not self._setbacks.holds((key, False), now)
        }
        for key, published in self._below_top():
            if level_of(key) is not Level.DISTRICT:
                continue
            listed, moved = self._listed_at.get(key), self._moved_at.get(key, -1.0)
            # Its sum cannot be right before all that its list named is read: a large district takes longer than that.
            since = max(listed or 0.0, self._read_in_at.get(key, 0.0))
            if listed is not None and moved <= listed and since < now - self._pace.recheck_s and key not in being_read:
                listed = None
            if (listed is None or listed < moved) and (
                published is None or compare(published, self._board.sums.of(key))
            ):
                yield key

    def _mismatched_children(self) -> Iterator[str]:
        """Children not read since their parent moved, of parents whose figures their children do not add up to.

        One that had nothing usable to say waits for the next cycle.
        """
        published, tree = self._board.published, self._board.tree
        children: dict[str, list[str]] = {}
        for key in published:
            if key != NATION:
                children.setdefault(tree.keys[tree.parents[tree.nodes[key]]], []).append(key)
        for parent, keys in children.items():
            moved = self._moved_at.get(parent, -1.0)
            # A child never read is late even for a parent that has not moved: both may be older than this process.
            late = [key for key in keys if self._read_at.get(key, -2.0) < moved and key not in self._unusable]
            if late and parent in published and not adds_up(published[parent], (published[key] for key in keys)):
                yield from late

    def _below_top(self) -> Iterator[tuple[str, AreaCount | None]]:
        for key in self._board.tree.nodes:
            if level_of(key) in (Level.PROVINCE, Level.DISTRICT):
                yield key, self._board.published.get(key)
