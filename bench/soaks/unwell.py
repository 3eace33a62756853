"""Ten thousand false answers of a second suite, at first sight and in mid-count.

The first suite (bench.soaks.mutations) gives one false answer in mid-count. Here two answers may be false together,
and nothing may be known yet when they come. What a line does on the way is in bench.soaks.line.
"""

import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct

from api.live.outlook import assess
from bench.mutations.unwell import CLASSES, WireScene
from bench.reliability import SoakSection
from bench.soaks.mutations import MutantOutcome, World, answer_to
from ingest.fetch import Answer, Question
from ingest.plan import ReadingPlan, Rechecks
from ingest.reading import Reader
from tally.board import Board
from tally.changes import LOG_FORMAT, Change, ChangeSet, Kind, encode
from tally.errors import EscrutinioError, FeedError
from tally.gate import Gate
from tally.keys import ABROAD, NATION
from tally.model import ActaState
from tally.storage.store import CountInfo, FeedStatus
from tally.view import View

NAME = "unwell"
MUTANTS = 10_000
_ROUNDS, _MOST_READINGS = 2, 400
_AT = "2026-06-08T12:00:00Z"


class Result(Struct):
    """What one mutant led to. `is_first`: nothing was known before it came. `invented`: pending mesas nobody has."""

    outcome: MutantOutcome
    is_first: bool
    is_stalled: bool = False
    is_decided: bool = False
    invented: int = 0


class Course:
    """The readings of one mutant: everything due, over two cycles."""

    def __init__(self, world: World, board: Board, false: Mapping[Question, bytes]) -> None:
        self._world, self._board, self._false = world, board, false
        self.kinds: dict[str, set[Kind]] = {}
        self.is_stalled = False
        self._gate = Gate(board)
        self._ticks = itertools.count(1)
        rechecks = Rechecks(recheck_s=1e9, confirm_s=0.0)
        self._plan = ReadingPlan(board, self._gate.waiting, rechecks)
        self._reader = Reader(world.feed, self._ask, self._plan, self._gate, lambda: float(next(self._ticks)))

    async def _ask(self, question: Question) -> Answer:
        body = self._false.get(question)
        return answer_to(question, self._world.truth(question) if body is None else body)

    async def run(self) -> None:
        """Read; an error that is none of the source's is the caller's to judge."""
        for _ in range(_ROUNDS):
            with suppress(FeedError):
                self._take(await self._world.feed.catalogue(self._ask))
            self._plan.begin_cycle(is_full=True)
            self.is_stalled |= not await self._round()
            self._board.sums.cross_check()

    async def _round(self) -> bool:
        """Whether the contest's totals were asked, and the readings came to an end."""
        has_asked = False
        for _ in range(_MOST_READINGS):
            task = self._plan.next(float(next(self._ticks)))
            if task is None:
                return has_asked
            has_asked |= task.key == NATION
            with suppress(FeedError):
                self._take(await self._reader.read(task))
        return False

    def _take(self, facts: Any) -> None:
        for change in self._board.apply(self._gate.admit(facts, self._world.moments[1] + timedelta(minutes=1))):
            self.kinds.setdefault(change.key, set()).add(change.kind)


def try_one(world: World, name: str, false: Mapping[Question, bytes], *, is_first: bool) -> Result:
    """What is shown after those false answers."""
    board = Board(len(world.contest.lists)) if is_first else world.board_before()
    course = Course(world, board, false)
    try:
        asyncio.run(course.run())
    except Exception as error:
        return Result(MutantOutcome(name, [], [], [], f"{type(error).__name__}: {error}"), is_first)
    outcome = world.judge(name, board, course.kinds)
    # A mesa that is only said to be pending has no number: without a roll of mesas nobody can tell that there is none.
    invented = [key for key in outcome.silent if key not in world.boards[1].actas and _is_pending(board, key)]
    outcome.silent = [key for key in outcome.silent if key not in invented]
    is_decided = bool({NATION, ABROAD} & set(outcome.wrong)) and _is_decided(world, board)
    return Result(outcome, is_first, course.is_stalled, is_decided, len(invented))


def _is_pending(board: Board, key: str) -> bool:
    acta = board.actas.get(key)
    return acta is not None and acta.state is ActaState.PENDING


def _is_decided(world: World, board: Board) -> bool:
    info = CountInfo(1, world.election.id, world.contest.id, "soak", 1, True, _AT, FeedStatus())
    view = View(info)
    areas = [Change(key, Kind.UPDATE, encode(board.state(key)), None, None) for key in board.tree.nodes]
    view.apply(ChangeSet(1, _AT, tuple(areas), LOG_FORMAT))
    try:
        return bool(assess(view, world.election).decided)
    except EscrutinioError:
        return False


def run(seed: int, mutants: int) -> list[Result]:
    """The results of that many mutants, spread evenly over the classes; every second one at first sight."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
    questions = world.questions()
    names = sorted(CLASSES)
    results: list[Result] = []
    tries = 0
    while len(results) < mutants:
        name = names[len(results) % len(names)]
        scene = WireScene(chance.choice(chance.choice(questions)), world.answers[1], world.answers[0])
        false = CLASSES[name](scene, chance)
        tries += 1
        if false and any(world.answers[1][question] != body for question, body in false.items()):
            results.append(try_one(world, name, false, is_first=len(results) // len(names) % 2 == 0))
            tries = 0
        elif tries > 5000:
            raise ValueError(f"the class {name!r} applies to nothing")
    return results


def main(seed: int, mutants: int = MUTANTS) -> SoakSection:
    """The soak: classes × mutants, and what became of them."""
    return SoakSection(NAME, "A source that is unwell", seed, _describe(run(seed, mutants)))


def _describe(results: list[Result]) -> list[str]:
    first = sum(result.is_first for result in results)
    outcomes = [result.outcome for result in results]
    ends = [outcome for outcome in outcomes if outcome.crash]
    silent = Counter(outcome.name for outcome in outcomes if outcome.silent)
    unmarked = Counter(outcome.name for outcome in outcomes if outcome.unmarked)
    decided, stalled = sum(result.is_decided for result in results), sum(result.is_stalled for result in results)
    return [
        f"{len(results):,} false answers of {len(CLASSES)} classes that the first suite has not: {first:,} at first",
        f"sight, when nothing is known yet, and {len(results) - first:,} in mid-count. Some are several answers:",
        "two areas exchanged, one acta for all mesas, every list empty.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| ends: an error that is none of the source's | 0 | {len(ends)} |",
        f"| stalls: a cycle without the contest's totals, or without an end | 0 | {stalled} |",
        f"| wrong number published without any mark, reconciliation on | 0 | {silent.total()} |",
        f'| "decided" over a wrong total | 0 | {decided} |',
        f"| mesas shown as pending that nobody has | – | {sum(result.invented for result in results)} |",
        f"| wrong number without a mark, reconciliation off | – | {unmarked.total()} |",
        f"| wrong number published, but marked | – | {sum(bool(one.wrong) for one in outcomes) - silent.total()} |",
        "",
        "Marks, and what counts as wrong, are those of the first suite.",
        f"Without a mark, reconciliation on: {_most(silent)}. Off: {_most(unmarked)}.",
    ]


def _most(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common(8)) or "none"
