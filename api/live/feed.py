"""How the source is doing, as everybody is told: state, times, and the id of the sentence that explains them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.live.count import LiveCount
from api.live.outlook import area_state
from tally import moments
from tally.feednotes import FeedNote, Note
from tally.keys import NATION
from tally.model import FeedState
from tally.view import View

_AWAY = "away"
_NOTES = [FeedState.STARTING.value, FeedState.STALE.value, FeedState.DOWN.value, _AWAY, *Note]
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


def describe_feed(live: LiveCount, now: datetime) -> FeedStanding:
    """The feed of a count at a moment. A count whose database is away is down, whatever it last said."""
    status = live.info.feed
    state = status.state
    if live.is_away:
        state = FeedState.DOWN
    elif state is FeedState.OK and _is_old(status.checked_at, now, live.election.polling.stale_s):
        state = FeedState.STALE
    told = FeedNote(_AWAY) if live.is_away else status.note if state is status.state else None
    figures = {} if told is None else msgspec.to_builtins(told)
    note = figures.pop("id", None if state is FeedState.OK else state.value)
    return FeedStanding(state, status.checked_at, status.changed_at, status.source_at, note, figures)


def recall_feed(view: View, at: str) -> FeedStanding:
    """The feed of a version published at an earlier moment; when we had last asked by then, the log does not say."""
    nation = area_state(view, NATION)
    stamp = None if nation is None or nation.published is None else nation.published.source_at
    return FeedStanding(FeedState.PAST, None, at, stamp, None)


def _is_old(checked_at: str | None, now: datetime, limit_s: float) -> bool:
    return checked_at is None or (now - moments.read(checked_at)).total_seconds() > limit_s
