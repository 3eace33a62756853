"""/metrics and /healthz of a poller, on an address of their own. Nothing of it holds the poller up, or ends it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import msgspec
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.commands.watching.poller_metrics import PollerMetrics, StoredFigures, read_stored
from api.http.families import MEDIA_TYPE
from api.http.listening import bind
from tally.errors import EscrutinioError

_log = structlog.get_logger()

_UNCACHED = {"Cache-Control": "no-store"}
# A database that does not answer is told, and not waited for.
_DATABASE_S = 3.0
_MOST_AT_ONCE = 8


def make_application(metrics: PollerMetrics, database_url: str, election_id: str) -> Starlette:
    """The application; one question to the database at a time, which several who ask together share."""
    asking: asyncio.Task[StoredFigures | None] | None = None

    async def ask() -> StoredFigures | None:
        try:
            return await asyncio.to_thread(read_stored, database_url, election_id)
        except EscrutinioError:
            return None

    async def read_metrics(_request: Request) -> Response:
        nonlocal asking
        if asking is None or asking.done():
            asking = asyncio.create_task(ask())
        await asyncio.wait({asking}, timeout=_DATABASE_S)
        stored = asking.result() if asking.done() else None
        return Response(metrics.write(stored), media_type=MEDIA_TYPE, headers=_UNCACHED)

    async def read_health(_request: Request) -> Response:
        return Response(msgspec.json.encode(metrics.health()), media_type="application/json", headers=_UNCACHED)

    return Starlette(routes=[Route("/metrics", read_metrics), Route("/healthz", read_health)])


class _Server(uvicorn.Server):
    """Signals are the poller's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn."""
        yield


@asynccontextmanager
async def told(application: Starlette, host: str, port: int) -> AsyncIterator[None]:
    """While the block lasts that application answers there; where it cannot, that is said and all goes on."""
    try:
        listener = bind(host, port)
    except EscrutinioError as error:
        _log.warning("the poller's figures are told nowhere", detail=str(error))
        yield
        return
    _log.info("the poller's figures are told", host=host, port=listener.getsockname()[1])
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_level="warning",
        access_log=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    serving.add_done_callback(_say)
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(Exception):  # said by then
            await serving
        listener.close()


def _say(serving: "asyncio.Task[None]") -> None:
    if not serving.cancelled() and (error := serving.exception()) is not None:
        _log.error("the poller's figures are told no more", exc_info=error)
