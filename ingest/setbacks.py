"""Readings that gave nothing usable: each is left alone for a while, twice as long each time in a row."""

import math
from collections.abc import Hashable

from msgspec import Struct


class _Setback(Struct):
    times: int
    until: float


class Setbacks:
    """The first pause is `shortest` seconds, the last ones `longest`. Times are seconds of any one clock."""

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest, self._longest = shortest, longest
        self._open: dict[Hashable, _Setback] = {}
        self._next = math.inf

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, reading: Hashable, now: float) -> None:
        """It was made in vain."""
        setback = self._open.setdefault(reading, _Setback(0, now))
        setback.until = now + min(self._shortest * 2.0**setback.times, self._longest)
        setback.times = min(setback.times + 1, 30)
        self._next = min(self._next, setback.until)

    def end(self, reading: Hashable) -> None:
        """It was made."""
        self._open.pop(reading, None)

    def end_pauses(self) -> None:
        """All may be tried again."""
        for setback in self._open.values():
            setback.until = -math.inf

    def holds(self, reading: Hashable, now: float) -> bool:
        """Whether it is to be left alone."""
        setback = self._open.get(reading)
        return setback is not None and setback.until > now

    def is_over(self, now: float) -> bool:
        """Whether a pause ended since `looked`."""
        return now >= self._next

    def looked(self, now: float) -> None:
        """Whatever may be tried again by now is known to whoever asks."""
        self._next = min((one.until for one in self._open.values() if one.until > now), default=math.inf)
