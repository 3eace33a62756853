"""Answers that several contests ask for in the same words: the names of areas, and a race's map of all departments."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable

from ingest.fetch import Answer, Ask, Question


class SharedAnswers:
    """Keeps the last answer to each of those questions; whoever asks says from when on it must be."""

    def __init__(self, ask: Ask, now: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._now = ask, now
        self._kept: dict[Question, tuple[float, Answer]] = {}
        self._one_at_a_time: defaultdict[Question, asyncio.Lock] = defaultdict(asyncio.Lock)

    def since(self, moment: float) -> Ask:
        """Asks on, unless somebody's question that left at that moment or later was answered."""

        async def ask(question: Question) -> Answer:
            async with self._one_at_a_time[question]:
                kept = self._kept.get(question)
                if kept is None or kept[0] < moment:
                    kept = self._now(), await self._ask(question)
                    self._kept[question] = kept
                return kept[1]

        return ask
