"""How the reading of the source is doing, as screens are told. A check counts once what it said is committed."""

import math
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tally import moments
from tally.errors import FeedError, FeedMalformed, FeedRefused, Unforeseen
from tally.feednotes import FeedNote, Note
from tally.model import FeedState
from tally.storage.store import FeedStatus

# Cycles without the contest's totals that nobody is told of.
_PATIENCE = 2


class FeedHealth:
    """`clock` is the monotonic one of `cycle_s`. `before`: what was told last: that reading stopped stands until the
    totals are read again.
    """

    def __init__(
        self, cycle_s: float = 60.0, before: FeedNote | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._limit_s = clock, _PATIENCE * cycle_s
        self._note = before if before is not None and before.id == Note.STOPPED else None
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

    def failed(self, error: FeedError | Unforeseen) -> None:
        """They could not be had."""
        is_answer = isinstance(error, FeedMalformed | Unforeseen)
        self._state, self._note = FeedState.DOWN, FeedNote(Note.UNREAD) if is_answer else None

    def refused(self, error: FeedRefused, now: datetime) -> None:
        """Some question was refused, so that none is asked for a while."""
        at = moments.write((now + timedelta(seconds=error.pause_s)).replace(microsecond=0))
        note = FeedNote(Note.REFUSED, at=at)
        if error.retry_after_s:
            note = FeedNote(Note.ASKED_TO_WAIT, at=at, minutes=math.ceil(error.retry_after_s / 60))
        self._state, self._note = FeedState.DOWN, note

    def stopped(self, now: datetime) -> None:
        """Reading ended by a fault of ours."""
        self._state, self._note = FeedState.DOWN, FeedNote(Note.STOPPED, at=moments.write(now.replace(microsecond=0)))

    def status(self, source_at: str | None) -> FeedStatus:
        """What to tell now; `source_at` is the stamp of what is published."""
        state, note = self._state, self._note
        if note is None and state is FeedState.OK:
            if self._clock() - self._heard > self._limit_s:
                state, note = FeedState.STALE, FeedNote(Note.LATE)
            elif self.unread + self.set_aside:
                note = FeedNote(Note.SOME_UNREAD, answers=self.unread + self.set_aside)
        return FeedStatus(state=state, note=note, checked_at=self._checked_at, source_at=source_at)
