"""What is failing right now: each failure is logged once when it starts and once when it ends."""

import structlog

_log = structlog.get_logger()


class Failures:
    """Open failures by name (an area, a mesa, or "feed" for the whole source)."""

    def __init__(self) -> None:
        self._open: dict[str, str] = {}

    def begin(self, name: str, error: Exception) -> None:
        """It failed; the log says so unless it already did."""
        if name not in self._open:
            _log.warning("reading failed", what=name, error=type(error).__name__, detail=str(error))
        self._open[name] = str(error)

    def end(self, name: str) -> None:
        """It worked."""
        if self._open.pop(name, None) is not None:
            _log.info("reading works again", what=name)

    @property
    def current(self) -> dict[str, str]:
        """What is failing, with the last reason."""
        return dict(self._open)
