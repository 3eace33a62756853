"""What is failing right now: each failure is logged once when it starts and once when it ends."""

import structlog

from tally.errors import FeedEmpty, FeedMalformed, Unforeseen

_log = structlog.get_logger()


class Failures:
    """Open failures by name (an area, a mesa, or "feed" for the whole source)."""

    def __init__(self) -> None:
        self._open: dict[str, Exception] = {}

    def begin(self, name: str, error: Exception) -> None:
        """It failed; the log says so unless it already did."""
        if name not in self._open:
            trace = error.__cause__ if isinstance(error, Unforeseen) else None
            _log.warning("reading failed", what=name, error=type(error).__name__, detail=str(error), exc_info=trace)
        self._open[name] = error

    def end(self, name: str) -> None:
        """It worked."""
        if self._open.pop(name, None) is not None:
            _log.info("reading works again", what=name)

    @property
    def current(self) -> dict[str, str]:
        """What is failing, with the last reason."""
        return {name: str(error) for name, error in self._open.items()}

    @property
    def unread(self) -> int:
        """How many things we were told cannot be read; to have nothing to say is no failure to be told of."""
        unread = (FeedMalformed, Unforeseen)
        return sum(isinstance(one, unread) and not isinstance(one, FeedEmpty) for one in self._open.values())
