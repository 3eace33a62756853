"""Everything that is not API: the pages of the dashboard, a WSGI application that runs in worker threads."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from anyio import Lock, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.bodies import MOST_JSON, read_bytes
from api.http.headers import API_PREFIX
from api.http.visitors import receive_visitor
from api.live.counts import Counts
from api.options import ServeOptions
from api.serving.page_shelf import PageShelf, Shown
from api.serving.reader import OwnReader
from api.serving.ready_answers import ReadyAnswers
from tally.errors import StoreUnavailable

_WORKERS = 10

Build = Callable[..., Any]


class Front:
    """The application of last resort: pages, and 404 for every other path.

    `build(read, election_id=…)` makes the pages of one election; its WSGI application is `.server`. Which election
    that is is known when a count is loaded, unless the operator chose one.
    """

    def __init__(
        self, build: Build | None, reader: OwnReader, counts: Counts, options: ServeOptions, ready: ReadyAnswers
    ) -> None:
        self._build, self._reader, self._counts = build, reader, counts
        self._election_id, self.shelf = options.election_id, PageShelf(options, ready)
        self._pages: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        if self._build is None or scope["path"].startswith(API_PREFIX):
            raise HTTPException(404)
        pages = await self._find_pages(self._build)
        asking = Request(scope, receive)
        receive_visitor(asking)
        # A worker never waits for a client: the body of a page's question is small, and is here before one is taken.
        try:
            body = await read_bytes(asking, MOST_JSON)
        except ClientDisconnect:
            return
        election_id = self._find_election()
        shown = self._find_shown(election_id, scope["path"])
        if shown is None:  # the pages say what is here instead
            await pages(scope, _once(body), send)
        else:
            await self.shelf.give(pages, shown, scope, _once(body), send)

    async def prepare(self) -> None:
        """Make the pages, if it is known of which election: else whoever asks for the first one waits for that."""
        if self._build is not None:
            with suppress(StoreUnavailable):
                await self._find_pages(self._build)

    def _find_shown(self, election_id: str, path: str) -> Shown | None:
        """What the page of a path shows: of an election with many contests one of them, or all."""
        lives = self._counts.contests(election_id)
        first = next((one for one in self._counts.firsts() if one.election.id == election_id), None)
        if first is None or first.is_only:
            return None if first is None else Shown(first)
        own = lives.get(path.removeprefix("/contests/").partition("/")[0])
        return Shown(own) if own is not None and path.startswith(own.page) else Shown(first, self._counts)

    async def _find_pages(self, build: Build) -> ASGIApp:
        async with self._lock:
            if self._pages is None:
                election_id = self._find_election()
                pages = await to_thread.run_sync(lambda: build(self._reader, election_id=election_id))
                # a2wsgi gives the same callables types of its own.
                self._pages = cast(ASGIApp, WSGIMiddleware(pages.server, workers=_WORKERS))
            return self._pages

    def _find_election(self) -> str:
        if self._election_id is not None:
            return self._election_id
        lives = self._counts.firsts()
        if not lives:
            raise StoreUnavailable("no count is loaded yet; try again in a moment")
        return lives[0].election.id


def _once(body: bytes) -> Receive:
    """A body that is here already."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
