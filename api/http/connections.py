"""A connection whose client gets on with it: heads and bodies have deadlines and sizes, and answers are read.

Whoever sends half of something, or does not read what they asked for, is let go; nobody else waits for them, also where
no proxy stands before us. What of uvicorn's insides this relies on is pinned by a contract test.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A head of ours, cookies and all, has less than 2 KB.
_MOST_HEAD_BYTES = 32 * 1024


class BoundedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol with an end to waiting, in seconds.

    head_s: from the connection, or the first byte of a request, to the end of its head. stall_s: between two pieces of
    a body. body_s: for a whole body. unread_s: until a client takes what it was sent.
    """

    head_s = 10.0
    stall_s = 15.0
    body_s = 180.0
    unread_s = 60.0

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        # The request that is coming in, by its scope, and the last one that is whole.
        self._coming: HTTPScope | None = None
        self._whole: object = self
        self._head_bytes, self._body_ends = 0, 0.0
        self._is_upgraded = False
        self._waiting: TimerHandle | None = None
        self._unread: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # theirs takes one, too
        """Somebody connected, and is to ask for something."""
        super().connection_made(transport)
        self._wait(self.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._wait(None)
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A piece of a request. Most come in one: whatever is whole costs no timer."""
        super().data_received(data)
        if self._is_upgraded:
            return
        if self._whole is self.scope:
            if self._waiting is not None:
                self._wait(None)
            if self.cycle is not None and self.cycle.response_complete:
                self._wait(self.head_s)  # blank lines after an answer: uvicorn has taken its own timer away
        else:
            self._expect_more(len(data))

    def on_message_complete(self) -> None:
        """All is here."""
        self._whole = self.scope
        super().on_message_complete()

    def _expect_more(self, size: int) -> None:
        """Half of a request is here; a head that does not end is refused before it is held."""
        if self._coming is not self.scope:
            self._coming, self._head_bytes, self._body_ends = self.scope, 0, 0.0
            self._wait(self.head_s)
        if self._is_in_head():
            self._head_bytes += size
            if self._head_bytes > _MOST_HEAD_BYTES and not self.transport.is_closing():
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        now = self.loop.time()
        self._body_ends = self._body_ends or now + self.body_s
        self._wait(min(self.stall_s, self._body_ends - now))

    def _is_in_head(self) -> bool:
        return self.scope is None or "method" not in self.scope

    def handle_websocket_upgrade(self) -> None:
        """From here on the hub looks after the connection, which may have carried requests before."""
        self._is_upgraded = True
        self._wait(None)
        self.resume_writing()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.unread_s, self._abandon)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _wait(self, seconds: float | None) -> None:
        """Let go of the client after so long; None: not at all."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None if seconds is None else self.loop.call_later(max(0.0, seconds), self._let_go)

    def _let_go(self) -> None:
        self._waiting = None
        if self.flow.read_paused and self.loop.time() < self._body_ends:
            self._wait(self.stall_s)  # it is us who do not read
            return
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _abandon(self) -> None:
        """Let go of who does not read; whoever answers them hears of it before writing on."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.abort()

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, where no answer has begun, and close."""
        self._wait(None)
        if not self.transport.is_closing() and self._may_answer():
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head.encode())
        self.transport.close()

    def _may_answer(self) -> bool:
        """Whether nothing else is being written: of the request before, or as an answer to half of this one."""
        if self.cycle is None:
            return True
        return self.cycle.response_complete if self._is_in_head() else not self.cycle.response_started
