"""All about alerts in one server: who looks for them, who tells the sockets, who sends them on."""

from collections.abc import Sequence

from sqlalchemy import Engine

from api.alerts.listeners import AlertListeners
from api.alerts.sending import AlertSender
from api.alerts.watching import AlertWatcher
from api.live.counts import Counts
from mission.deliveries import Channel


class AlertService:
    """`listeners` take the sockets over; the rest works by itself between `start` and `stop`."""

    def __init__(self, engine: Engine, counts: Counts, channels: Sequence[Channel], heartbeat_s: float) -> None:
        self.listeners = AlertListeners(engine, heartbeat_s)
        self._alerting, self._courier = AlertWatcher(engine, counts), AlertSender(engine, channels)

    def start(self) -> None:
        """Begin, on the running loop."""
        self._alerting.start()
        self._courier.start()

    async def stop(self) -> None:
        """End."""
        await self._courier.stop()
        await self._alerting.stop()
        await self.listeners.stop()
