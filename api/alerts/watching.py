"""Looks at the counts in service for what the mission should hear of; one task, which nobody waits for."""

import asyncio

import structlog
from anyio import to_thread
from msgspec import structs
from sqlalchemy import Engine

from api.live.count import LiveCount
from api.live.counts import Counts
from api.live.feed import describe_feed
from api.live.outlook import assess
from api.live.tasks import end_tasks, tell_end
from mission.countwatch import Facts, raise_from_count
from mission.people.accounts import has_admin
from tally import moments
from tally.errors import StoreUnavailable
from tally.keys import NATION
from tally.model import FeedState

_log = structlog.get_logger(__name__)
# How long something may have happened before it is looked at.
_LOOK_S = 1.0


def take_facts(live: LiveCount) -> Facts:
    """What this server knows of a count now."""
    outlook, feed = assess(live.view, live.election), describe_feed(live, moments.utc_now())
    nation = live.view.entries.get(NATION)
    checked = feed.checked_at
    return Facts(
        count_id=live.info.id,
        epoch=live.epoch,
        seq=live.seq,
        is_decided=outlook.decided,
        decided_seq=0 if nation is None else nation.seq,
        margin=outlook.margin,
        is_stale=feed.state in (FeedState.STALE, FeedState.DOWN),
        checked=0 if checked is None else int(moments.read(checked).timestamp() * 1000),
    )


class AlertWatcher:
    """Follows all counts from `start` until `stop`, as long as there is a mission."""

    def __init__(self, engine: Engine, counts: Counts) -> None:
        self._engine, self._counts = engine, counts
        self._known: dict[int, Facts] = {}
        self._has_mission = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="alerting")
        self._task.add_done_callback(tell_end)

    async def stop(self) -> None:
        """End; what is being written is written."""
        task, self._task = self._task, None
        await end_tasks(task)

    async def look(self) -> None:
        """Raise what there is to raise now."""
        for live in self._counts.all():
            facts = take_facts(live)
            # That the source was asked once more and is well is nothing to look at.
            known = facts if facts.is_stale else structs.replace(facts, checked=0)
            if live.is_away or known == self._known.get(facts.count_id):
                continue
            await to_thread.run_sync(raise_from_count, self._engine, facts, moments.utc_now(), live.names.names.get)
            self._known[facts.count_id] = known

    async def _run(self) -> None:
        is_away = False
        while True:
            try:
                self._has_mission = self._has_mission or await to_thread.run_sync(has_admin, self._engine)
                if self._has_mission:
                    await self.look()
                is_away = False
            except StoreUnavailable as error:
                if not is_away:
                    _log.warning("alerts cannot be raised; trying again", reason=str(error))
                is_away = True
            await asyncio.sleep(_LOOK_S)
