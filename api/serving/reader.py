"""Reading our own API from a worker thread: what server-rendered pages are made from."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp

from api.http.asking import Asked, ask, make_scope
from api.http.visitors import visitor_address
from dashboard.reading import Refused

# Shorter than whoever asked for the page is let wait.
_TIMEOUT_S = 8.0


class OwnReader:
    """`read(path)` for pages: the request runs on the application's loop, the page's thread waits for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Answer from now on, on the running loop."""
        self._loop = asyncio.get_running_loop()

    def stop(self) -> None:
        """Answer no more."""
        self._loop = None

    def __call__(self, path: str) -> Any:
        """Decoded JSON of a GET on our API.

        Raises: LookupError: it answers 404. Refused: it answers 422. ConnectionError: it cannot answer now.
        """
        loop = self._loop
        if loop is None:
            raise ConnectionError("the server is not running")
        if _running_loop() is loop:
            raise RuntimeError(f"{path} is read on the server's own loop, which would wait for itself")
        try:
            answer = asyncio.run_coroutine_threadsafe(self._get(path), loop).result(_TIMEOUT_S)
        except TimeoutError as error:
            raise ConnectionError(f"{path} took longer than {_TIMEOUT_S:.0f} s") from error
        if answer.status == HTTPStatus.NOT_FOUND:
            raise LookupError(answer.body.decode())
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Refused(answer.body.decode())
        if answer.status != HTTPStatus.OK:
            raise ConnectionError(f"{path} answers {answer.status}")
        return json.loads(answer.body)

    async def _get(self, path: str) -> Asked:
        # Whoever asked for the page asks for this.
        return await ask(self._app, make_scope(path, visitor_address()))


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
