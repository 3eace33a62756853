"""Whether there is a mission: while nobody answers for a mission there is none, whatever is asked for."""

from http import HTTPStatus

from anyio import to_thread
from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.errors import domain_problem, problem
from api.http.policy import is_private
from mission.people.accounts import has_admin
from tally.errors import EscrutinioError

PAGES = "/mission"
# A page that never exists: the dashboard says so in its own words.
_NOWHERE = "/404"


class MissionPresence:
    """ASGI middleware: 404 for the mission's API and pages until an admin's account exists."""

    def __init__(self, app: ASGIApp, engine: Engine) -> None:
        self._app, self._engine = app, engine
        # The last admin cannot be revoked: once there is a mission, there is one.
        self._is_open = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what has nothing to do with the mission, and everything once there is one."""
        path = scope.get("path", "")
        is_page = path == PAGES or path.startswith(f"{PAGES}/")
        if scope["type"] != "http" or not (is_page or is_private(path)):
            await self._app(scope, receive, send)
            return
        try:
            self._is_open = self._is_open or await to_thread.run_sync(has_admin, self._engine)
        except EscrutinioError as error:
            await domain_problem(error, path)(scope, receive, send)
            return
        if self._is_open:
            await self._app(scope, receive, send)
        elif is_page:
            await self._app({**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}, receive, send)
        else:
            await problem(HTTPStatus.NOT_FOUND, f"there is nothing at {path}", path)(scope, receive, send)
