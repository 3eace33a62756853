"""Hands alerts over to the channels that are set, one task a channel, which nobody waits for."""

import asyncio
from collections.abc import Sequence

import structlog
from anyio import to_thread
from sqlalchemy import Engine

from api.live.tasks import end_tasks, tell_end
from mission.deliveries import Channel, Outgoing, Unsent, settle, take_outgoing
from tally import moments
from tally.errors import StoreUnavailable

_log = structlog.get_logger(__name__)
_LOOK_S = 2.0


class AlertSender:
    """Sends from `start` until `stop`. Any number of servers may have one: each alert is sent by one of them."""

    def __init__(self, engine: Engine, channels: Sequence[Channel], look_s: float = _LOOK_S) -> None:
        self._engine, self._channels, self._look_s = engine, channels, look_s
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, on the running loop."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._run(channel), name=channel.name) for channel in self._channels]
        for task in self._tasks:
            task.add_done_callback(tell_end)

    async def stop(self) -> None:
        """End; what was not handed over is tried by whoever comes next."""
        tasks, self._tasks = self._tasks, []
        await end_tasks(*tasks)

    async def _run(self, channel: Channel) -> None:
        while True:
            try:
                for sent in await to_thread.run_sync(take_outgoing, self._engine, channel.name, moments.utc_now()):
                    await self._send(channel, sent)
            except StoreUnavailable as error:
                _log.warning("alerts cannot be sent on; trying again", channel=channel.name, reason=str(error))
            await asyncio.sleep(self._look_s)

    async def _send(self, channel: Channel, sent: Outgoing) -> None:
        is_good = True
        try:
            await channel.send(sent.alert)
        except Unsent as error:
            is_good = False
            _log.warning(
                "alert not sent", channel=channel.name, alert=sent.alert.id, tries=sent.tries, reason=str(error)
            )

        def note() -> None:
            settle(self._engine, channel.name, sent, moments.utc_now(), is_good=is_good)

        await to_thread.run_sync(note)
