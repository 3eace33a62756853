"""Removes in the background what is kept of people no longer than it serves."""

import time
from datetime import datetime

from anyio import to_thread
from sqlalchemy import Engine

from api.live.tasks import MissionTask
from mission.people.retention import purge
from mission.thresholds import THRESHOLDS
from tally import moments

_EVERY_S = 60.0 * THRESHOLDS.retention.purge_minutes


class Purging(MissionTask):
    """Purges at the start, and again and again. Of several servers each does it, at no cost."""

    failing = "what has served its time cannot be removed; trying again"
    _due = 0.0

    def __init__(self, engine: Engine, mission_ends: datetime | None) -> None:
        super().__init__(engine)
        self._mission_ends = mission_ends

    async def look(self) -> None:
        """Purge if it is time."""
        if time.monotonic() >= self._due:
            await to_thread.run_sync(purge, self._engine, moments.utc_now(), self._mission_ends)
            self._due = time.monotonic() + _EVERY_S
