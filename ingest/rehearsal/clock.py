"""Simulated time: how fast a rehearsal runs, where it starts and where it stops."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def milliseconds(at: datetime) -> int:
    """Epoch milliseconds of a time-zone-aware moment."""
    return round(at.timestamp() * 1000)


def moment(ms: int) -> datetime:
    """The moment of epoch milliseconds, in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def iso(at: datetime) -> str:
    """ISO 8601 with Z, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """Simulated time. `speed` None: it stands at `until`. `now` is the real clock, given so that tests own it."""

    def __init__(self, starts: datetime, until: datetime, speed: float | None, now: Callable[[], datetime]) -> None:
        self.until = until
        self.speed = speed
        self.starts = starts
        self._now = now
        self._began = now()
        self._held: datetime | None = None

    def at(self) -> datetime:
        """Simulated now, never past `until`."""
        if self._held is not None:
            return self._held
        if self.speed is None:
            return self.until
        return min(self.until, self.starts + (self._now() - self._began) * self.speed)

    def step_to(self, at: datetime) -> None:
        """Stand still at that moment from now on."""
        self._held = at

    def let_go(self) -> None:
        """Run again, as if it had never stood still."""
        self._held = None

    @contextmanager
    def standing_at(self, at: datetime) -> Iterator[None]:
        """Stand still at that moment for a while."""
        held, self._held = self._held, at
        try:
            yield
        finally:
            self._held = held
