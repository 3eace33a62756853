"""A small memory of results that are dear to make and often asked for again."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The newest `size` results by key, the least recently used out first. For one thread."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[Hashable, T] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._known

    def get(self, key: Hashable) -> T | None:
        """The result of that key, or None."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, key: Hashable, value: T) -> T:
        """Remember a result and give it back."""
        self._known[key] = value
        while len(self._known) > self._size:
            self._known.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
