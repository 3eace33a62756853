"""The queue before the hashing of passwords: two lanes, so that strangers never wait before those who are known."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from api.http.errors import AtCapacity
from mission.thresholds import THRESHOLDS

_LIMITS = THRESHOLDS.hashing
_LATER = "too many sign in just now; try again in a moment"

_CHECKING = 4

T = TypeVar("T")


class Door:
    """How much hashing goes on, 64 MiB and a fifth of a second each, and who waits for it. Made once, on any loop.

    checking: how many are asked at a time whether they are shut out, which comes first.
    """

    def __init__(self) -> None:
        self._known, self._strangers = CapacityLimiter(_LIMITS.at_once), CapacityLimiter(_LIMITS.at_once)
        # Asking the database costs little, but a flood of it must leave threads to everybody else.
        self.checking = CapacityLimiter(_CHECKING)
        self._waiting: Counter[str] = Counter()

    async def hash(self, work: Callable[[], T]) -> T:
        """Hash for who is known.

        Raises: AtCapacity.
        """
        if self._known.statistics().tasks_waiting >= _LIMITS.most_waiting:
            raise AtCapacity(_LATER)
        return await to_thread.run_sync(work, limiter=self._known)

    async def hash_for_stranger(self, address: str, work: Callable[[], T]) -> T:
        """Hash for who is not, of an address (its hash).

        Raises: AtCapacity: too many wait, or too many of that address.
        """
        async with self._place(address):
            return await to_thread.run_sync(work, limiter=self._strangers)

    @asynccontextmanager
    async def _place(self, address: str) -> AsyncIterator[None]:
        is_full = self._waiting.total() >= _LIMITS.most_waiting
        if is_full or self._waiting[address] >= _LIMITS.waiting_per_address:
            raise AtCapacity(_LATER)
        self._waiting[address] += 1
        try:
            yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]
