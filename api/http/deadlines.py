"""An answer begins within seconds, or somebody is told to come again: never is nothing said at all.

A proxy that hears nothing takes that for the silence of a dead replica: it leaves it alone, and with it all that others
ask of it. So each limit here is shorter than the one of deploy/nginx.conf for the same address.
"""

import asyncio
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import problem
from api.http.policy import is_private

# From the last byte of a question to the first of its answer. A picture is drawn anew before it is kept, in a line.
ANSWER_S, MISSION_S, PICTURE_S = 12.0, 25.0, 55.0
_LATE = "this takes too long just now; try again in a moment"


def most_seconds(path: str) -> float:
    """How long whoever asks for that path waits."""
    if not is_private(path):
        return ANSWER_S
    return PICTURE_S if path.endswith("/photos") else MISSION_S


class Deadlines:
    """ASGI: 503 for whoever would wait longer; what is being made for them alone is given up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, in time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop, most_s = asyncio.get_running_loop(), most_seconds(scope["path"])
        due: float | None = loop.time() + most_s
        is_late = False

        async def hear() -> Message:
            nonlocal due
            message = await receive()
            if due is not None and message.get("more_body"):
                due = loop.time() + most_s  # it is they who take their time
            return message

        async def tell(message: Message) -> None:
            nonlocal due
            if not is_late:
                due = None
                await send(message)

        answering = asyncio.ensure_future(self._app(scope, hear, tell))
        try:
            while not answering.done() and due is not None and due > loop.time():
                await asyncio.wait([answering], timeout=due - loop.time())
            if answering.done() or due is None:
                await answering
                return
            is_late = True
        except asyncio.CancelledError:
            answering.cancel()
            raise
        answering.cancel()
        answering.add_done_callback(_hear_of)
        await problem(HTTPStatus.SERVICE_UNAVAILABLE, _LATE, scope["path"])(scope, receive, send)


def _hear_of(task: asyncio.Future[None]) -> None:
    if not task.cancelled():
        task.exception()  # nobody else asks
