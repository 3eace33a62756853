"""Tells the sockets of the mission's people what was raised, and lets go of those who may not listen any more."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

import structlog
from anyio import to_thread
from sqlalchemy import Engine

from api.alerts.session import AlertSession
from api.live.count import LiveCount
from api.live.session import TOO_SLOW
from api.live.sockets import HubProtocol
from api.live.subscription import Subscribe
from api.live.tasks import end_tasks, tell_end
from mission.alerts import alert_epoch, newest_alerts, read_alerts
from mission.people.roles import Role
from mission.people.tickets import still_valid, use_ticket
from tally import moments
from tally.errors import EscrutinioError, StoreUnavailable

_log = structlog.get_logger(__name__)
# The client has no right to this topic, or has it no more.
REFUSED = 4003
_SNAPSHOT = 100
# An alert is told at the latest so long after its commit, wherever it was raised.
_LOOK_S = 0.5


class AlertListeners:
    """All such sockets of this server. Lives on the loop; its task runs while anybody listens."""

    def __init__(self, engine: Engine, heartbeat_s: float) -> None:
        self._engine, self._heartbeat_s = engine, heartbeat_s
        self._sessions: dict[AlertSession, None] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def admit(self, live: LiveCount, wire: HubProtocol, request: Subscribe, leave: Callable[[], None]) -> None:
        """Take a socket over that asks for the topic; if its ticket is no good it is let go."""
        session = AlertSession(self, live, wire, leave)
        wire.receiver = session
        self._sessions[session] = None
        session.ask(request)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="alert listeners")
            self._task.add_done_callback(tell_end)

    def wake(self) -> None:
        """There is something to do."""
        self._news.set()

    def leave(self, session: AlertSession) -> None:
        """Tell this one no more."""
        self._sessions.pop(session, None)

    async def stop(self) -> None:
        """Tell nobody any more."""
        task, self._task = self._task, None
        await end_tasks(task)

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        due = clock() + self._heartbeat_s
        while True:
            self._news.clear()
            try:
                await self._look()
                if clock() >= due:
                    due = clock() + self._heartbeat_s
                    await self._beat()
            except StoreUnavailable as error:
                # Whoever listens cannot be checked now, and is told nothing meanwhile.
                _log.warning("alerts cannot be read; trying again", reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LOOK_S if self._sessions else None)

    async def _look(self) -> None:
        for session in [one for one in self._sessions if one.request is not None]:
            await self._begin(session)
        waiting = defaultdict[Role, list[tuple[int, AlertSession]]](list)
        for session in self._sessions:
            if session.listener is not None and session.told is not None and not session.wire.is_paused:
                waiting[session.listener.role].append((session.told, session))
        for role, sessions in waiting.items():
            behind = min(told for told, _ in sessions)
            if alerts := await to_thread.run_sync(read_alerts, self._engine, role, behind):
                for _, session in sessions:
                    if session in self._sessions and not session.wire.is_paused:
                        session.tell(alerts)

    async def _begin(self, session: AlertSession) -> None:
        request = session.request
        if request is None:
            return
        try:
            if session.listener is None:
                ticket = request.ticket or ""
                session.listener = await to_thread.run_sync(use_ticket, self._engine, ticket, moments.utc_now())
        except StoreUnavailable:
            raise
        except EscrutinioError as error:
            session.part(REFUSED, str(error))
            return
        role = session.listener.role
        epoch = await to_thread.run_sync(alert_epoch, self._engine, role)
        found = await to_thread.run_sync(newest_alerts, self._engine, role, None, _SNAPSHOT)
        if session in self._sessions:
            session.begin(epoch, found[::-1], is_whole=len(found) < _SNAPSHOT)

    async def _beat(self) -> None:
        credentials = {one.listener.credential for one in self._sessions if one.listener is not None}
        if not credentials:
            return
        valid = await to_thread.run_sync(still_valid, self._engine, credentials, moments.utc_now())
        for session in list(self._sessions):
            if session.listener is None or session.told is None:
                continue
            if session.listener.credential not in valid:
                session.part(REFUSED, "signed out, revoked, or over")
            elif session.wire.is_paused:
                if session.is_slow:
                    session.part(TOO_SLOW, "nothing could be sent from one heartbeat to the next")
                session.is_slow = True
            else:
                session.beat()
