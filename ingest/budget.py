"""How often the source may be asked: so many requests a second, and a pause after it failed or refused."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable

_FIRST_FAILURE_S, _LONGEST_FAILURE_S = 1.0, 120.0
_FIRST_REFUSAL_S, _LONGEST_REFUSAL_S = 60.0, 2400.0
_MOST = 17  # doublings: the pause is at its longest long before


class Budget:
    """Spaces requests to one host evenly and doubles a jittered pause while it fails or refuses, each counted apart.

    `now` is a monotonic clock, `sleep` what passes time on it. `longest_wish_s`: a source that asks to be left alone
    for longer than that is asked again all the same; a slip of its clock would silence us for years.
    """

    def __init__(
        self,
        requests_per_s: float | None,
        now: Callable[[], float],
        seed: int | None = None,
        sleep: Callable[[float], Awaitable[object]] | None = None,
        longest_wish_s: float = math.inf,
    ) -> None:
        self._longest_wish_s = longest_wish_s
        self._gap = 0.0 if requests_per_s is None else 1.0 / requests_per_s
        self._now, self._sleep = now, sleep or asyncio.sleep
        self._next = 0.0
        self._failures, self._refusals = 0, 0
        self._paused_at = -math.inf
        self._random = random.Random(seed)  # noqa: S311 - jitter, not a secret

    async def wait(self) -> float:
        """Return when the next request may leave: the moment, on the clock given."""
        start = max(self._next, self._now())
        self._next = start + self._gap
        while (left := start - self._now()) > 0:
            await self._sleep(left)
            if self._next > start + self._gap:  # a pause was called while we waited
                start = max(start, self._next - self._gap)
        return self._now()

    @property
    def pause_s(self) -> float:
        """Seconds until the next request may leave."""
        return max(0.0, self._next - self._now())

    def apart(self) -> "Budget":
        """The pauses of questions that are refused apart from others; these count within the whole budget too."""
        return Budget(None, self._now, sleep=self._sleep, longest_wish_s=self._longest_wish_s)

    def succeeded(self) -> None:
        """The source answered: the next failure starts from the shortest pause again."""
        self._failures = self._refusals = 0

    def failed(self, left_at: float) -> float:
        """The source was away for the request that left then; returns the pause in seconds."""
        if self._is_news(left_at):
            self._failures = min(self._failures + 1, _MOST)
        return self._pause(self._failures, _FIRST_FAILURE_S, _LONGEST_FAILURE_S, 0.0)

    def refused(self, left_at: float, retry_after_s: float | None) -> float:
        """The source wants less of us; returns the pause in seconds, not less than it asked for within reason."""
        if self._is_news(left_at):
            self._refusals = min(self._refusals + 1, _MOST)
        wish = min(retry_after_s or 0.0, self._longest_wish_s)
        return self._pause(self._refusals, _FIRST_REFUSAL_S, _LONGEST_REFUSAL_S, wish)

    def _is_news(self, left_at: float) -> bool:
        """Requests are under way side by side: those that left before the last pause began met the same trouble."""
        is_news = left_at > self._paused_at
        if is_news:
            self._paused_at = self._now()
        return is_news

    def _pause(self, times: int, first: float, longest: float, least: float) -> float:
        full = min(longest, first * 2.0 ** max(0, times - 1))
        pause = max(least, full * self._random.uniform(0.5, 1.0))
        self._next = max(self._next, self._now() + pause)
        return pause
