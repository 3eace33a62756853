"""How the source is doing, as everybody is told: state, times, and the id of the sentence that explains them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.live.count import LiveCount
from api.live.outlook import COMPLETE, area_state, status_of
from tally import moments
from tally.election import Election
from tally.feednotes import FeedNote, Note
from tally.keys import NATION, Level, level_of
from tally.model import FeedState
from tally.storage.readings import UnitTimes, latest
from tally.storage.store import CountInfo, FeedStatus
from tally.view import View

_AWAY = "away"
_NOTES = [*(state.value for state in FeedState if state not in (FeedState.OK, FeedState.PAST)), _AWAY, *Note]
# Of a final count these are no trouble: that there is nothing more to ask, and nobody who answers.
_SETTLED = (Note.LATE, Note.UNREACHABLE, Note.REFUSED, Note.ASKED_TO_WAIT)
NoteId = Annotated[str, Meta(extra_json_schema={"enum": _NOTES})]


class FeedStanding(Struct, frozen=True):
    """Its state; when we last asked, when it last changed, the stamp it gives itself.

    `note` says why the figures may not be the newest: a state, "away", which is our own database, or a
    `tally.feednotes.Note`, whose sentence asks for `figures`.
    """

    state: FeedState
    checked_at: str | None
    changed_at: str | None
    source_at: str | None
    note: NoteId | None
    figures: dict[str, int | str] = {}


class SourceReading(StrEnum):
    """Whether some poller reads the source of a count; one that is final needs none. The gravest stands last."""

    FINAL = "final"
    FOLLOWED = "followed"
    ENDED = "ended"


GRAVITY = tuple(SourceReading)


def reading_of(info: CountInfo, view: View) -> SourceReading:
    """Whether somebody reads the source of that count; `view` has its whole at least."""
    if info.is_followed:
        return SourceReading.FOLLOWED
    return SourceReading.FINAL if status_of(view) == COMPLETE else SourceReading.ENDED


def describe_feed(live: LiveCount, now: datetime) -> FeedStanding:
    """The feed of a count in service at a moment."""
    return describe_source(live.info, live.view, live.election, now, is_away=live.is_away)


def describe_source(
    info: CountInfo, view: View, election: Election, now: datetime, *, is_away: bool = False
) -> FeedStanding:
    """The feed of a count at a moment. One whose database is away, or that nobody reads, is down, whatever it said.

    `view` has its whole at least.
    """
    state, told = (FeedState.DOWN, FeedNote(_AWAY)) if is_away else _judge(info, view, election, now)
    figures = {} if told is None else msgspec.to_builtins(told)
    note = figures.pop("id", None if state is FeedState.OK else state.value)
    status = info.feed
    return FeedStanding(state, _checked_at(status, now), status.changed_at, status.source_at, note, figures)


def _checked_at(status: FeedStatus, now: datetime) -> str | None:
    """When the source was last asked: no earlier than it changed, though a check is counted a moment after that."""
    checked, changed = status.checked_at, status.changed_at
    if checked is None or changed is None or not moments.read(checked) < moments.read(changed) <= now:
        return checked
    return changed


def times_of(live: LiveCount, key: str, now: datetime) -> UnitTimes | None:
    """When the answer that gives a unit was last read, and last said something new; None: there is no such unit.

    Of the whole the feed says so, of the areas around a smaller contest's whole too: they are the same answer.
    """
    view = live.view
    if key not in view.entries:
        return None
    if live.contest.is_whole(key):
        feed = describe_feed(live, now)
        changed = feed.changed_at or view.entries[key].at
        return UnitTimes(latest(changed, feed.checked_at or changed), changed)
    # A polling place is also what its mesas say.
    own = view.keys([key]) if level_of(key) is Level.POLLING_PLACE else (key,)
    return live.readings.of(key, max((view.entries[one] for one in own), key=lambda entry: entry.seq).at)


def _judge(info: CountInfo, view: View, election: Election, now: datetime) -> tuple[FeedState, FeedNote | None]:
    """The state, and what explains it better than the state itself."""
    state, note = info.feed.state, info.feed.note
    is_old = state is FeedState.OK and _is_old(info.feed.checked_at, now, election.polling.stale_s)
    is_troubled = is_old or state in (FeedState.STALE, FeedState.DOWN) or not info.is_followed
    if not is_troubled:
        return state, note
    is_settled = not info.is_followed or is_old or (note is not None and note.id in _SETTLED)
    if is_settled and status_of(view) == COMPLETE:
        return FeedState.FINAL, None
    if not info.is_followed:
        return FeedState.DOWN, FeedNote(Note.ENDED)
    return (FeedState.STALE, None) if is_old else (state, note)


def recall_feed(view: View, at: str) -> FeedStanding:
    """The feed of a version published at an earlier moment; when we had last asked by then, the log does not say."""
    nation = area_state(view, NATION)
    stamp = None if nation is None or nation.published is None else nation.published.source_at
    return FeedStanding(FeedState.PAST, None, at, stamp, None)


def _is_old(checked_at: str | None, now: datetime, limit_s: float) -> bool:
    return checked_at is None or (now - moments.read(checked_at)).total_seconds() > limit_s
