"""Tasks in the background of a server: said when they fail, ended together."""

import asyncio

import structlog
from anyio import to_thread
from sqlalchemy import Engine

from mission.people.accounts import has_admin
from tally.errors import StoreUnavailable

_log = structlog.get_logger(__name__)
# How long something may have happened before it is looked at.
_LOOK_S = 1.0


def tell_end(task: asyncio.Task[None]) -> None:
    """For `add_done_callback` of a task that should never end by itself: say so when it does, once."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.critical("a task ended; restart the server", task=task.get_name(), exc_info=error)


async def end_tasks(*tasks: asyncio.Task[None] | None) -> None:
    """Cancel those that there are, and wait until they are gone; a failure was told when it happened."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)


class MissionTask:
    """Looks again and again from `start` until `stop`, once there is a mission; nobody waits for it.

    `failing` is logged once when the store goes away. needs_mission: it does nothing while there is no mission.
    """

    failing = ""
    needs_mission = True

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._has_mission = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name=type(self).__name__)
        self._task.add_done_callback(tell_end)

    async def stop(self) -> None:
        """End; what is being written is written."""
        task, self._task = self._task, None
        await end_tasks(task)

    async def look(self) -> None:
        """Do now what there is to do."""
        raise NotImplementedError

    async def _is_wanted(self) -> bool:
        if self.needs_mission and not self._has_mission:
            self._has_mission = await to_thread.run_sync(has_admin, self._engine)
        return self._has_mission or not self.needs_mission

    async def _run(self) -> None:
        is_away = False
        while True:
            try:
                if await self._is_wanted():
                    await self.look()
                is_away = False
            except StoreUnavailable as error:
                if not is_away:
                    _log.warning(self.failing, reason=str(error))
                is_away = True
            await asyncio.sleep(_LOOK_S)
