"""Serving the application with uvicorn until it is told to stop."""

import socket
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext, suppress
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.commands.garbage_collection import tidying
from api.http.connections import BoundedProtocol
from api.http.deadlines import Deadlines
from api.http.listening import open_to_all
from api.http.measuring import MeasuredRequests
from api.live.sockets import HubProtocol
from api.serving.access import Services
from api.serving.ready_answers import ReadyAnswersFront
from tally.ending import end_soon
from tally.settings import Network

_STOP_S = 8
# A client's message has at most 1 KB; what is far larger is refused before it is held in memory.
_MESSAGE_BYTES = 16 * 1024


class Server(uvicorn.Server):
    """A server that says goodbye to streams first: an answer without an end would hold up its stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, *, is_alone: bool) -> None:
        super().__init__(config)
        self._app, self._is_alone = app, is_alone
        self.on_told: Callable[[], object] = lambda: None
        self.on_open: Callable[[], object] = lambda: None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to end came: `on_told` hears of it at once, and the process has 10 s."""
        end_soon()
        self.on_told()
        super().handle_exit(sig, frame)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until it is told to stop, from when the counts are loaded on; `on_open` hears when that is.

        Raises: PortTaken.
        """
        app = self._app
        with self.capture_signals():
            async with tidying() if self._is_alone else nullcontext(), app.router.lifespan_context(app):
                for listener in sockets or ():
                    open_to_all(listener)
                self.on_open()
                await self._serve(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called once, when it is told to stop."""
        self._app.state.services.hub.stopping.set()
        await super().shutdown(sockets)


def make_server(
    app: FastAPI, trusted_proxies: Sequence[Network] = (), *, is_alone: bool = False, **settings: Any
) -> Server:
    """A server for a bound listener: `make_server(app).serve(sockets=[listener])`.

    A client's address is what a trusted proxy says it is; from anybody else X-Forwarded-For is only a claim.
    `is_alone`: the process is there for nothing else, so that its memory may be looked after.
    """
    services: Services = app.state.services
    config = uvicorn.Config(
        MeasuredRequests(ReadyAnswersFront(Deadlines(app), services.ready_answers), services.requests),
        http=BoundedProtocol,
        ws=HubProtocol,
        ws_per_message_deflate=False,
        ws_max_size=_MESSAGE_BYTES,
        lifespan="off",  # it is begun before anybody may connect: see Server
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_STOP_S,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=[str(network) for network in trusted_proxies],
        **settings,
    )
    return Server(config, app, is_alone=is_alone)


def serve(
    app: FastAPI, listener: socket.socket, trusted_proxies: Sequence[Network], on_open: Callable[[], object]
) -> None:
    """Serve on a bound address until a signal; open requests get 8 s to end.

    Raises: PortTaken: another program that had bound it as well was first to open it.
    """
    server = make_server(app, trusted_proxies, is_alone=True)
    server.on_open = on_open
    with closing(listener), suppress(KeyboardInterrupt):  # raised once more after everything was closed
        server.run(sockets=[listener])
