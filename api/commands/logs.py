"""Logs: one readable line per event on stderr, and no more of one kind than somebody would read."""

import logging
import sys
import time
from collections.abc import Callable

import structlog
from structlog.types import EventDict

# Lines of one event within a minute; a flood of requests that fail alike must not fill a disk.
_MOST, _SECONDS = 20, 60.0
# Events whose lines are counted; whoever invents more of them begins the count anew.
_KINDS = 1000


class Restraint(logging.Filter):
    """Lets so many lines of one event pass in a minute; the first one after that says how many did not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._passed: dict[str, tuple[float, int]] = {}

    def held_back(self, event: str) -> int | None:
        """Count a line. Returns: how many lines of its kind were held back before it, None if it is itself."""
        now = self._clock()
        since, seen = self._passed.get(event, (now, 0))
        held = 0
        if now - since >= _SECONDS:
            since, seen, held = now, 0, max(seen - _MOST, 0)
        if len(self._passed) >= _KINDS:
            self._passed.clear()
        self._passed[event] = (since, seen + 1)
        return held if seen < _MOST else None

    def filter(self, record: logging.LogRecord) -> bool:
        """The same for what libraries log."""
        held = self.held_back(str(record.msg))
        if held:
            record.msg = f"{record.msg} ({held} more like it were not written)"
        return held is not None

    def __call__(self, _logger: object, method: str, event: EventDict) -> EventDict:
        """As a processor of structlog; what is no trouble comes at our own pace."""
        if method in ("debug", "info"):
            return event
        held = self.held_back(str(event.get("event")))
        if held is None:
            raise structlog.DropEvent
        return {**event, "not_written": held} if held else event


def configure_logs(level: int = logging.INFO) -> None:
    """Set structlog up once for a program."""
    restraint = Restraint()
    logging.getLogger("uvicorn.error").addFilter(restraint)
    structlog.configure(
        processors=[
            restraint,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of variables: they may be an answer of megabytes, or a password.
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
