"""What the first round over a whole country costs, at the pace at which a real source may be asked.

Every question takes the time that the budget gives it, on a clock of the soak's own: a first round is half a day then,
and what is looked into again after a while is looked into here.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from bench.country import newest_election
from bench.reliability import SoakSection
from bench.soaks.mutations import answer_to
from geo.ubigeo import load_catalogue
from ingest.feeds.onpe2026 import Onpe2026
from ingest.fetch import Answer, Question
from ingest.plan import ReadingPlan
from ingest.reading import Reader
from ingest.rehearsal.feed import FeedPlan
from ingest.rehearsal.onpe2026.contract import Contract2026
from ingest.rehearsal.server import build_feed
from tally import moments
from tally.board import Board, Fact
from tally.errors import FeedError
from tally.gate import Gate

NAME = "reading"
MOST_AN_ACTA = 1.02
_ACTA, _LIST = "/actas/buscar/mesa", "/actas"


class FirstRound:
    """One round over a country that is counted to its end. `asked`: every question, and how often."""

    def __init__(self, seed: int) -> None:
        self.election = newest_election()
        polling = self.election.polling
        self._question_s, self._cycle_s = 1.0 / polling.requests_per_s, polling.cycle_s
        app = build_feed(self.election, load_catalogue(self.election.date.year), FeedPlan(speed=None, seed=seed))
        self._contract, self.feed = Contract2026(app.feed), Onpe2026(self.election, self.election.contest())
        self.board = Board(len(self.election.contest().lists))
        self.asked: Counter[Question] = Counter()
        self._gate = Gate(self.board)
        self._plan = ReadingPlan(self.board, self._gate.waiting)
        self._reader = Reader(self.feed, self._ask, self._plan, self._gate, self._now)

    def _now(self) -> float:
        return 1.0 + self.asked.total() * self._question_s

    async def _ask(self, question: Question) -> Answer:
        self.asked[question] += 1
        return answer_to(
            question, self._contract.answer(self.feed.base_path + question.path, dict(question.params)).body
        )

    async def run(self) -> None:
        """Read until nothing is due; the contest's totals are asked in every cycle."""
        self._board_takes(await self.feed.catalogue(self._ask))
        self._plan.begin_cycle(is_full=True)
        due = self._now() + self._cycle_s
        while (task := self._plan.next(self._now())) is not None:
            with suppress(FeedError):
                self._board_takes(await self._reader.read(task))
            if self._now() >= due:
                due += self._cycle_s
                self._plan.begin_cycle(is_full=False)

    def _board_takes(self, facts: Sequence[Fact]) -> None:
        self.board.apply(self._gate.admit(facts, moments.utc_now()))

    def number(self, *paths: str) -> int:
        """How many questions of those kinds were asked."""
        return sum(times for question, times in self.asked.items() if question.path in paths)


def main(seed: int) -> SoakSection:
    """The soak."""
    began, first = time.perf_counter(), FirstRound(seed)
    asyncio.run(first.run())
    actas = len(first.board.actas)
    again = sum(times - 1 for question, times in first.asked.items() if question.path in (_ACTA, _LIST))
    lists, others = first.number(_LIST), first.asked.total() - first.number(_ACTA, _LIST)
    lines = [
        f"The whole country, {actas:,} actas, counted to its end and read for the first time by one process, at",
        f"{first.election.polling.requests_per_s:.0f} questions a second on a clock of the soak's own.",
        "",
        "| what | bar | measured |",
        "|---|---|---|",
        f"| questions about actas, an acta | {MOST_AN_ACTA} | {first.number(_ACTA) / actas:.4f} |",
        f"| actas and pages of lists asked for twice | 0 | {again} |",
        f"| pages of lists, of up to 100 rows, 2,100 districts | – | {lists:,} |",
        f"| areas, maps and the totals of every cycle | – | {others:,} |",
        f"| all questions, an acta | – | {first.asked.total() / actas:.4f} |",
        "",
        f"Computed in {time.perf_counter() - began:.0f} s.",
    ]
    return SoakSection(NAME, "A first round", seed, lines)
