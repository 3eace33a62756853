"""The sound feed behind the faults, asked now or as of an earlier moment."""

from datetime import datetime
from urllib.parse import urlencode

from ingest.rehearsal.clock import Clock
from ingest.rehearsal.faults.exchange import Application, FaultReply, FaultRequest, Message
from ingest.rehearsal.faults.shapes import Shapes

_SET_ON_SENDING = (b"content-length",)


class SoundSource:
    """The sound feed, and how its answers are built."""

    def __init__(self, app: Application, clock: Clock, shapes: Shapes) -> None:
        self._app, self.clock, self.shapes = app, clock, shapes

    async def ask(self, question: FaultRequest, at: datetime | None = None) -> FaultReply:
        """Its answer now, or as it was at a moment."""
        if at is None:
            return await self._ask(question)
        with self.clock.standing_at(at):
            return await self._ask(question)

    async def _ask(self, question: FaultRequest) -> FaultReply:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        query = urlencode(question.params).encode()
        scope = {"type": "http", "method": "GET", "path": question.path, "query_string": query, "headers": []}
        await self._app(scope, receive, send)
        headers = tuple(header for header in sent[0]["headers"] if header[0] not in _SET_ON_SENDING)
        return FaultReply(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))
