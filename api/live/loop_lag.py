"""How late the event loop is: everything that one process serves waits for whatever holds it up."""

import asyncio

from prometheus_client import CollectorRegistry, Histogram

from api.live.tasks import end_tasks

_EVERY_S = 0.25
_LAGS_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class LoopLag:
    """Looks four times a second."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lag = Histogram(
            "escrutinio_loop_lag_seconds", "How late a timer of the loop is.", buckets=_LAGS_S, registry=registry
        )
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look. On the loop."""
        self._task = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """Look no more."""
        await end_tasks(self._task)

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + _EVERY_S
            await asyncio.sleep(_EVERY_S)
            self._lag.observe(max(0.0, clock() - due))
