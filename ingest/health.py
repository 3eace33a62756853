"""How the reading of the source is doing, as screens are told. A check counts once what it said is committed."""

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tally import moments
from tally.errors import FeedError, FeedRefused, FeedUnavailable, Unforeseen, WrongElection
from tally.feednotes import FeedNote, Note
from tally.model import FeedState
from tally.storage.store import FeedStatus

# What stands over a restart, until the totals are read again.
_LASTING = (Note.STOPPED, Note.ANOTHER_SOURCE)
# Cycles without the contest's totals that nobody is told of.
_PATIENCE = 2


class FeedHealth:
    """`clock` is the monotonic one of `cycle_s`. `before`: what was told last: that reading stopped, or that the source
    is another one, stands until the totals are read again.
    """

    def __init__(
        self, cycle_s: float = 60.0, before: FeedNote | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._limit_s = clock, _PATIENCE * cycle_s
        self._note = before if before is not None and before.id in _LASTING else None
        self._state = FeedState.STARTING
        self._checked_at: str | None = None
        self._heard = clock()
        # Answers other than the totals that cannot be read just now, and values that cannot be stored.
        self.unread = self.set_aside = 0

    def heard(self) -> None:
        """The contest's totals were answered and could be read."""
        self._heard, self._note = self._clock(), None
        if self._state is FeedState.DOWN:
            self._state = FeedState.STARTING if self._checked_at is None else FeedState.OK

    def checked(self, at: str) -> None:
        """What they were at that moment (ISO UTC) stands in the log."""
        self._checked_at = at
        if self._state is FeedState.STARTING:
            self._state = FeedState.OK

    def failed(self, error: FeedError | Unforeseen, now: datetime) -> None:
        """They could not be had."""
        self._state, self._note = FeedState.DOWN, FeedNote(Note.UNREAD)
        if isinstance(error, FeedRefused):
            self.refused(error, now)
        elif isinstance(error, FeedUnavailable):
            self._note = FeedNote(Note.UNREACHABLE, at=_after(now, error.pause_s))

    def paused(self, error: FeedUnavailable, now: datetime) -> None:
        """Another question failed: if the source is down, it is asked again later than was said."""
        if self._note is not None and self._note.id == Note.UNREACHABLE:
            self.failed(error, now)

    def refused(self, error: FeedRefused, now: datetime) -> None:
        """Some question was refused, so that none is asked for a while."""
        at = _after(now, error.pause_s)
        note = FeedNote(Note.REFUSED, at=at)
        if error.retry_after_s:
            note = FeedNote(Note.ASKED_TO_WAIT, at=at, minutes=math.ceil(error.retry_after_s / 60))
        self._state, self._note = FeedState.DOWN, note

    def stopped(self, now: datetime, error: Exception | None = None) -> None:
        """Reading ended by a fault of ours, or as the source is another one. The first time of a reason stands."""
        note = Note.ANOTHER_SOURCE if isinstance(error, WrongElection) else Note.STOPPED
        if self._note is None or self._note.id != note:
            self._note = FeedNote(note, at=_after(now, 0.0))
        self._state = FeedState.DOWN

    def not_begun(self, error: Exception, now: datetime) -> None:
        """Reading could not be begun again."""
        if isinstance(error, FeedUnavailable | FeedRefused):
            self.failed(error, now)
        else:
            self.stopped(now, error)

    def status(self, source_at: str | None) -> FeedStatus:
        """What to tell now; `source_at` is the stamp of what is published."""
        state, note = self._state, self._note
        if note is None and state is FeedState.OK:
            if self._clock() - self._heard > self._limit_s:
                state, note = FeedState.STALE, FeedNote(Note.LATE)
            elif self.unread + self.set_aside:
                note = FeedNote(Note.SOME_UNREAD, answers=self.unread + self.set_aside)
        return FeedStatus(state=state, note=note, checked_at=self._checked_at, source_at=source_at)


def _after(now: datetime, pause_s: float) -> str:
    """That moment to the second (ISO UTC)."""
    return moments.write((now + timedelta(seconds=pause_s)).replace(microsecond=0))
