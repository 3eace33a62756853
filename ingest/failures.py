"""What is failing right now: each reason of a failure is logged once when it starts, and once that it is over."""

import structlog
from msgspec import Struct

from tally.errors import FeedEmpty, FeedMalformed, Unforeseen

_log = structlog.get_logger()

# A source may find a new way to be wrong at every reading: so many ways of one failure are told.
_MOST_REASONS = 5


class _Failure(Struct):
    error: Exception
    reasons: set[str]


class Failures:
    """Open failures by name (an area, a mesa, or "feed" for the whole source). `where`: the contest, of several."""

    def __init__(self, where: str = "") -> None:
        self._open: dict[str, _Failure] = {}
        self._where = {"contest": where} if where else {}

    def begin(self, name: str, error: Exception) -> None:
        """It failed; the log says so unless it said that reason already."""
        failure = self._open.setdefault(name, _Failure(error, set()))
        failure.error, reason = error, _reason(error)
        if reason not in failure.reasons and len(failure.reasons) < _MOST_REASONS:
            failure.reasons.add(reason)
            trace = error.__cause__ if isinstance(error, Unforeseen) else None
            said = {"what": name, **self._where, "error": type(error).__name__, "detail": str(error)}
            _log.warning("reading failed", **said, exc_info=trace)

    def end(self, name: str) -> None:
        """It worked."""
        if self._open.pop(name, None) is not None:
            _log.info("reading works again", what=name, **self._where)

    @property
    def current(self) -> dict[str, str]:
        """What is failing, with the last reason."""
        return {name: str(failure.error) for name, failure in self._open.items()}

    @property
    def unread(self) -> int:
        """How many things we were told cannot be read; to have nothing to say is no failure to be told of."""
        errors = [failure.error for failure in self._open.values()]
        return sum(isinstance(one, FeedMalformed | Unforeseen) and not isinstance(one, FeedEmpty) for one in errors)


def _reason(error: Exception) -> str:
    """The error's sentence without the address before it and the pause behind it, which differ from time to time."""
    if isinstance(error, Unforeseen):  # its sentence names the bytes, which differ, too
        return repr(error.__cause__)
    text = str(error)
    if text.startswith(("http://", "https://")):
        text = text.partition(": ")[2]
    return f"{type(error).__name__}: {text.partition(';')[0]}"
