"""What is made once for all who ask for the same: by a worker, kept a while, and given up when nobody waits for it."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

from cachetools import LRUCache
from msgspec import Struct

from api.http import keeping
from api.http.answers import Representation
from api.http.errors import Departed
from api.http.visitors import has_left, visitor_address
from api.http.workers import Workers

_LOOK_S = 0.25

T = TypeVar("T")


class _Making(Struct, Generic[T], eq=False):
    task: asyncio.Task[T]
    waiting: int = 0


class Makings(Generic[T]):
    """Things by key, least recently used out first. `limit` bounds the sum of their sizes; a larger one is not kept."""

    def __init__(self, workers: Workers, limit: float, size_of: Callable[[T], float] = lambda _: 1) -> None:
        self.workers = workers
        self.hits = self.misses = 0
        self._made: LRUCache[Hashable, T] = LRUCache(limit, getsizeof=size_of)
        self._makings: dict[Hashable, _Making[T]] = {}

    def has(self, key: Hashable) -> bool:
        """Whether that is there, or on its way."""
        return key in self._made or key in self._makings

    async def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is under that key; `make` runs in a worker thread if there is nothing yet.

        Raises: AtCapacity: the workers have too much to do. Departed: who asked has left.
        """
        return await self._get(key, make, self.workers)

    async def _get(self, key: Hashable, make: Callable[[], T], workers: Workers) -> T:
        known = self._made.get(key)
        self.hits += known is not None
        self.misses += known is None
        return await self.share(key, partial(self._work, key, make, workers)) if known is None else known

    async def share(self, key: Hashable, make: Callable[[str], Coroutine[Any, Any, T]]) -> T:
        """What `make` gives for an address, once for all who ask for that key meanwhile; it is not kept.

        Raises: Departed: who asked has left.
        """
        making = self._makings.get(key)
        if making is None:
            task = asyncio.get_running_loop().create_task(make(visitor_address()))
            making = self._makings[key] = _Making(task)
            task.add_done_callback(lambda _: self._forget(key, making))
        return await self._wait(key, making)

    async def _work(self, key: Hashable, make: Callable[[], T], workers: Workers, address: str) -> T:
        made = await workers.run(make, address)
        with suppress(ValueError):  # larger than all that may be kept
            self._made[key] = made
        return made

    async def _wait(self, key: Hashable, making: _Making[T]) -> T:
        making.waiting += 1
        try:
            while not (await asyncio.wait([making.task], timeout=_LOOK_S))[0]:
                if await has_left():
                    raise Departed("whoever asked has left")
            return making.task.result()
        finally:
            making.waiting -= 1
            if not making.waiting:
                self._forget(key, making)
                making.task.cancel()

    def _forget(self, key: Hashable, making: _Making[T]) -> None:
        if self._makings.get(key) is making:
            del self._makings[key]


class AnswerCache(Makings[Representation]):
    """Answers by key; `limit_bytes` bounds the sum of all bodies.

    What is made of memory alone has workers of its own: it never waits for whoever asks the store, which may be slow,
    or silent. `readers` are those.
    """

    def __init__(self, limit_bytes: int = keeping.ANSWERS) -> None:
        # One: a second thread would only take the interpreter from the loop, and a core from whoever listens.
        super().__init__(Workers(1), limit_bytes, size_of)
        self.readers = Workers(2)

    async def read(self, key: Hashable, make: Callable[[], Representation]) -> Representation:
        """As `get`, of what `make` asks the store for.

        Raises: AtCapacity, StoreUnavailable. Departed.
        """
        return await self._get(key, make, self.readers)


def size_of(answer: Representation) -> int:
    """The bytes of an answer in all its forms."""
    return len(answer.body) + len(answer.packed or b"") + len(answer.brotli or b"")
