"""The feed's application with faults around it: the same questions, and answers as an unwell source gives them."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from ingest.rehearsal.faults.catalogue import FAULTS
from ingest.rehearsal.faults.exchange import FaultReply, Message, Receive, Send, question_of
from ingest.rehearsal.faults.fault import Fault
from ingest.rehearsal.faults.order import Order
from ingest.rehearsal.faults.source import SoundSource
from ingest.rehearsal.server import DRILL, FeedApp


class _Placed(Struct):
    """An order, the fault that carries it out, and whether it is active."""

    order: Order
    fault: Fault
    is_active: bool = False


class FaultyFeed:
    """ASGI application. `now` gives seconds of any one clock; the first question starts the drill.

    `kinds`: what the orders' names stand for.
    """

    def __init__(
        self,
        app: FeedApp,
        orders: Sequence[Order],
        seed: int = 1,
        now: Callable[[], float] = time.monotonic,
        kinds: Mapping[str, type[Fault]] = FAULTS,
    ) -> None:
        self.feed = app.feed
        self._app, self._now = app, now
        self._source = SoundSource(app, app.feed.clock, app.generation.shapes)
        placed = sorted(orders, key=lambda order: list(kinds).index(order.name))
        self._placed = [
            _Placed(order, kinds[order.name](self._source, order.share, f"{seed}/{order.name}")) for order in placed
        ]
        self._began: float | None = None

    def step_to(self, at: datetime) -> None:
        """Stand still at that moment."""
        self._app.step_to(at)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; a drill's own questions are always answered well."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] == DRILL:
            await self._app(scope, receive, send)
            return
        await self._turn()
        question = question_of(scope)
        reply = await self._source.ask(question)
        for placed in self._placed:
            placed.fault.see(question, reply)
        for placed in self._placed:
            if placed.is_active and placed.fault.strikes(question):
                reply = await placed.fault.spoil(question, reply)
        await _deliver(reply, receive, send)

    async def _turn(self) -> None:
        """Begin what is due and end what is over."""
        now = self._now()
        if self._began is None:
            self._began = now
        for placed in self._placed:
            is_due = placed.order.is_due(now - self._began)
            if is_due and not placed.is_active:
                await placed.fault.begin()
            elif placed.is_active and not is_due:
                await placed.fault.end()
            placed.is_active = is_due


async def _deliver(reply: FaultReply, receive: Receive, send: Send) -> None:
    headers = [*reply.headers, (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.drip_s is not None:
        await _drip(reply, reply.drip_s, receive, send)
    else:
        await send({"type": "http.response.body", "body": reply.body})


async def _drip(reply: FaultReply, pause_s: float, receive: Receive, send: Send) -> None:
    """Byte by byte, until the client has gone."""
    gone = asyncio.ensure_future(_departure(receive))
    try:
        for byte in reply.body:
            await send({"type": "http.response.body", "body": bytes((byte,)), "more_body": True})
            if (await asyncio.wait({gone}, timeout=pause_s))[0]:
                return
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
