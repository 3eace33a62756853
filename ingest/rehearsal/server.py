"""The feed as an ASGI application, and the loop that serves it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import uvicorn

from ingest.rehearsal.answers import PAGE, Response
from ingest.rehearsal.clock import iso, moment
from ingest.rehearsal.feed import FeedPlan, MakingProgress, RehearsalFeed, make_clock, make_counts
from ingest.rehearsal.generations import generation_of
from tally.catalogue import Catalogue
from tally.election import Election
from tally.errors import PortTaken

DRILL = "/__rehearsal"

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]


class FeedApp:
    """ASGI application of one feed. Its headers say that it is not ONPE: ONPE never sends them."""

    def __init__(self, feed: RehearsalFeed, generation: str | None = None) -> None:
        """`generation`: the contract to speak; the election's own where None is named."""
        self.feed = feed
        self.generation = generation_of(generation or feed.election.generation)
        self._contract = self.generation.contract(feed)
        mark = b"x-escrutinio-rehearsal" if feed.is_test else b"x-escrutinio-replay"
        self._json = [(b"content-type", b"application/json"), (mark, b"1")]
        self._page = [(b"content-type", b"text/html; charset=utf-8"), (mark, b"1")]

    def step_to(self, at: datetime) -> None:
        """Stand still at that moment."""
        self.feed.step_to(at)

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Response one request."""
        if scope["type"] != "http":
            return
        answer = self._answer(scope)
        length = (b"content-length", str(len(answer.body)).encode())
        headers = [*(self._page if answer.is_page else self._json), length]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, scope: _Message) -> Response:
        if scope["method"] != "GET":
            # The real edge sends anything but GET to the application page.
            return PAGE
        if scope["path"] == DRILL:
            return self._drill()
        question = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        return self._contract.answer(scope["path"], question)

    def _drill(self) -> Response:
        feed = self.feed
        state = {
            "election": feed.election.id,
            "now": iso(feed.clock.at()),
            "speed": feed.clock.speed if feed.clock.speed is not None else "max",
            "cut": iso(moment(feed.cut().at_ms)),
            "is_test": feed.is_test,
        }
        return Response(200, msgspec.json.encode(state))


def build_feed(
    election: Election,
    catalogue: Catalogue,
    plan: FeedPlan,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: MakingProgress | None = None,
) -> FeedApp:
    """Read or draw what the plan asks for and make it an ASGI application.

    Raises: InvalidInput: a file or option cannot be used.
    """
    cadence = generation_of(plan.generation or election.generation).cadence
    counts = make_counts(election, catalogue, plan, cadence, progress or MakingProgress())
    clock = make_clock(election, plan, counts, cadence, now)
    make = partial(RehearsalFeed, election, catalogue, is_test=plan.mesas is None and plan.timeline is None)
    others = [
        make(count, clock, contest=contest) for count, contest in zip(counts[1:], election.contests[1:], strict=False)
    ]
    return FeedApp(make(counts[0], clock, others=others), plan.generation)


def serve(app: Application, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until interrupted; `ready` hears the port once it accepts connections (port 0: any free one).

    Raises: PortTaken: the address is in use.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port} cannot be used: {error.strerror}; choose another with --port") from error
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", server_header=False)
    server = _FeedServer(config, lambda: ready(int(listener.getsockname()[1])))
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(server.serve(sockets=[listener]))
    finally:
        listener.close()


class _FeedServer(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()
