"""Ten thousand false answers, one at a time, through feed, gate and board: is a wrong number ever shown unmarked?

A small country stands at one cut, all of it read. At the next cut one question is answered falsely, for as long as it
is asked, and everything due is read twice over. Then every number shown is compared with the truth.
"""

import asyncio
import itertools
import random
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from msgspec import UNSET, Struct

from bench.country import cuts, make_feed_app, newest_election, write_mesas
from bench.mutations import MUTATIONS, MutationCase
from bench.reliability import SoakSection
from ingest.feeds.onpe2026 import Onpe2026
from ingest.fetch import Answer, Ask, Question
from ingest.plan import ReadingPlan, Rechecks
from ingest.reading import Reader
from ingest.rehearsal.onpe2026.contract import Contract2026
from tally.board import Board
from tally.changes import Kind, encode
from tally.errors import FeedError
from tally.gate import Gate
from tally.model import Acta, ActaState, AreaCount
from tally.rules.reconcile import compare
from tally.topics import topics_of

NAME = "mutations"
MESAS, MUTANTS = 60, 10_000
_HOURS = (4, 6)
_ROUNDS, _MOST_READINGS = 2, 400
# Without figures of their own to check, so nothing but the JEE itself can contradict them; always shown as such.
_DISPUTED = (ActaState.AT_JEE,)


class MutantOutcome(Struct):
    """What one mutant led to: keys shown wrong, by how they were marked."""

    name: str
    wrong: list[str]
    unmarked: list[str]
    silent: list[str]
    crash: str | None = None


class World:
    """The country at two cuts: true answers by question, and the board of each cut."""

    def __init__(self, folder: Path) -> None:
        self.election = newest_election()
        self.contest = self.election.contest()
        app = make_feed_app(write_mesas(folder / "mesas.csv", MESAS, self.election), self.election)
        self.contract = Contract2026(app.feed)
        self.feed = Onpe2026(self.election, self.contest)
        self.moments = cuts(self.election, _HOURS)
        self.answers: list[dict[Question, bytes]] = [{}, {}]
        self.boards: list[Board] = []
        for n, moment in enumerate(self.moments):
            app.step_to(moment)
            board = Board(len(self.contest.lists), largest=self.election.largest) if n == 0 else self.board_before()
            asyncio.run(self._read_all(board, self._recording(n), n))
            self.boards.append(board)

    def board_before(self) -> Board:
        """A fresh board that stands at the first cut."""
        board = Board(len(self.contest.lists), largest=self.election.largest)
        first = self.boards[0]
        values = [(key, encode(first.state(key))) for key in first.tree.nodes]
        board.restore([*values, *((key, encode(acta)) for key, acta in first.actas.items())])
        return board

    def _recording(self, cut: int) -> Ask:
        async def ask(question: Question) -> Answer:
            path = self.feed.base_path + question.path
            body = self.contract.answer(path, dict(question.params)).body
            self.answers[cut][question] = body
            return answer_to(question, body)

        return ask

    async def _read_all(self, board: Board, ask: Ask, cut: int) -> dict[str, set[Kind]]:
        return await read_rounds(self.feed, board, ask, self.moments[cut] + timedelta(minutes=1))

    def truth(self, question: Question) -> bytes:
        """What the source says at the second cut, also to what only a false answer leads to."""
        known = self.answers[1].get(question)
        if known is None:
            known = self.contract.answer(self.feed.base_path + question.path, dict(question.params)).body
        return known

    def questions(self) -> list[list[Question]]:
        """What is asked at the second cut and has an answer, by endpoint: each is chosen as often as any other."""
        return _by_path(self.answers[1])

    async def mutant(self, question: Question, name: str, body: bytes) -> MutantOutcome:
        """What is shown after that question was answered with those bytes."""
        board = self.board_before()

        async def ask(asked: Question) -> Answer:
            if asked == question:
                return answer_to(asked, body)
            return answer_to(asked, self.truth(asked))

        try:
            kinds = await self._read_all(board, ask, 1)
        except Exception as error:
            return MutantOutcome(name, [], [], [], f"{type(error).__name__}: {error}")
        return self.judge(name, board, kinds)

    def judge(self, name: str, board: Board, kinds: dict[str, set[Kind]]) -> MutantOutcome:
        truth, before = self.boards[1], self.boards[0]
        wrong = [
            key
            for key, value in itertools.chain(board.published.items(), board.actas.items())
            if not any(says_the_same(value, _known(board_, key)) for board_ in (truth, before))
        ]
        unmarked = [key for key in wrong if not _is_marked(board, key, kinds)]
        silent = [key for key in unmarked if not _is_contradicted(board, key)]
        return MutantOutcome(name, wrong, unmarked, silent)


async def read_rounds(feed: Onpe2026, board: Board, ask: Ask, now: Any) -> dict[str, set[Kind]]:
    """Read everything that is due, twice over; returns the kinds of change each key went through."""
    gate = Gate(board)
    plan = ReadingPlan(board, gate.waiting, Rechecks(recheck_s=1e9, confirm_s=0.0))
    ticks = itertools.count(1)
    reader = Reader(feed, ask, plan, gate, lambda: float(next(ticks)))
    kinds: dict[str, set[Kind]] = {}

    def take(facts: Any) -> None:
        for change in board.apply(gate.admit(facts, now)):
            kinds.setdefault(change.key, set()).add(change.kind)

    for _ in range(_ROUNDS):
        with suppress(FeedError):
            take(await feed.catalogue(ask))
        plan.begin_cycle(is_full=True)
        for _ in range(_MOST_READINGS):
            task = plan.next(float(next(ticks)))
            if task is None:
                break
            try:
                take(await reader.read(task))
            except FeedError:
                continue
        board.sums.cross_check()
    return kinds


def says_the_same(value: AreaCount | Acta, true: AreaCount | Acta | None) -> bool:
    """Whether every figure shown is the true one; a missing figure is shown as missing, which is not wrong."""
    shown, known = figures(value), figures(true)
    return len(shown) == len(known) and all(one in (None, other) for one, other in zip(shown, known, strict=True))


def figures(value: AreaCount | Acta | None) -> tuple[Any, ...]:
    """The numbers and the state of a value; stamps and reasons apart."""
    if isinstance(value, Acta):
        state = (value.state, value.votes, value.cast, value.valid, value.blank, value.null, value.challenged)
        return (*state, value.registered, value.ubigeo)
    if isinstance(value, AreaCount):
        return tuple(getattr(value, name) for name in AreaCount.__struct_fields__ if name != "source_at")
    return ()


def _known(board: Board, key: str) -> AreaCount | Acta | None:
    return board.actas.get(key) or board.published.get(key)


def _is_marked(board: Board, key: str, kinds: dict[str, set[Kind]]) -> bool:
    """Held, told as a correction, marked, or shown as disputed: visible without comparing anything."""
    acta = board.actas.get(key)
    is_disputed = acta is not None and acta.state in _DISPUTED and board.actas[key].votes is not None
    if acta is not None and acta.flags is not UNSET:
        return True
    return board.is_held(key) or Kind.CORRECTION in kinds.get(key, ()) or is_disputed


def _is_contradicted(board: Board, key: str) -> bool:
    """Whether both truths are shown to differ, for the key itself or for an area that holds it."""
    data = encode(board.actas[key]) if key in board.actas else b"{}"
    areas = [topic for topic in topics_of(key, lambda: data) if topic in board.published]
    chain = {key, *areas}
    for area in list(chain):
        node = board.tree.nodes.get(area, 0)
        while node:
            chain.add(board.tree.keys[node])
            node = board.tree.parents[node]
    return any(area in board.published and compare(board.published[area], board.sums.of(area)) for area in chain)


def answer_to(question: Question, body: bytes) -> Answer:
    """An answer with that body."""
    url = f"http://rehearsal{question.path}?{urlencode(question.params)}"
    return Answer(url, body, "sha256:" + "0" * 64, "2026-06-08T00:00:00Z", {})


def run(seed: int, mutants: int) -> list[MutantOutcome]:
    """The outcomes of that many mutants, spread evenly over the classes that apply."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
    questions = world.questions()
    names = sorted(MUTATIONS)
    outcomes: list[MutantOutcome] = []
    while len(outcomes) < mutants:
        name, question = names[len(outcomes) % len(names)], chance.choice(chance.choice(questions))
        true = world.answers[1][question]
        others = tuple(body for one, body in world.answers[1].items() if one.path == question.path and body != true)
        body = MUTATIONS[name](MutationCase(true, world.answers[0].get(question, true), others), chance)
        if body is not None and body != true:
            outcomes.append(asyncio.run(world.mutant(question, name, body)))
    return outcomes


def _by_path(answers: dict[Question, bytes]) -> list[list[Question]]:
    """Questions that have an answer, by endpoint: each endpoint is chosen as often as any other."""
    paths: dict[str, list[Question]] = {}
    for question in sorted((one for one, body in answers.items() if body), key=repr):
        paths.setdefault(question.path, []).append(question)
    return list(paths.values())


def control() -> bool:
    """Whether the true answers alone are published whole: the same figures as the source's, nothing held."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
    last = world.boards[1]
    is_whole = all(not compare(count, last.sums.of(key)) for key, count in last.published.items())
    return is_whole and not last.held and all(acta.held is UNSET for acta in last.actas.values())


def main(seed: int, mutants: int = MUTANTS) -> SoakSection:
    """The soak: classes × mutants, and what became of them."""
    is_whole, outcomes = control(), run(seed, mutants)
    wrong, unmarked, silent = (
        sum(bool(getattr(outcome, name)) for outcome in outcomes) for name in ("wrong", "unmarked", "silent")
    )
    crashes = [outcome for outcome in outcomes if outcome.crash]
    by_class = Counter(outcome.name for outcome in outcomes if outcome.unmarked)
    lines = [
        f"{len(outcomes):,} false answers of {len(MUTATIONS)} classes, one at a time, each given for as long as its",
        f"question was asked, in a country of {MESAS} mesas that moves from one cut to the next.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| control: true answers are published whole | yes | {'yes' if is_whole else 'NO'} |",
        f"| crashes | 0 | {len(crashes)} |",
        f"| wrong number published without any mark, reconciliation on | 0 | {silent} |",
        f"| … reconciliation off (only holds, corrections and disputed actas count) | – | {unmarked} |",
        f"| wrong number published, but marked | – | {wrong - silent} |",
        "",
        "Marked means: held with its rule, told as a correction, shown as disputed (an acta at the JEE, whose figures",
        "no total includes and nothing can confirm), or the source's figures and our sum of actas shown to differ.",
        "The last includes areas that merely stand at different cuts. Not counted as wrong: a missing figure shown as",
        "missing, the last good figures still standing, names, and stamps. These rules were settled while the soak was",
        "being written, after its first runs. Most false answers are refused or change nothing that is shown.",
        "Without reconciliation the unmarked ones are: "
        + (", ".join(f"{name.removeprefix('sense: ')} {number}" for name, number in by_class.most_common(8)) or "none")
        + ".",
    ]
    return SoakSection(NAME, "False answers", seed, lines)
