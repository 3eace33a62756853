"""Uvicorn's sans-I/O websocket with one thing more: a way to part from a client that has stopped reading."""

from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "escrutinio.part"


class PartingProtocol(WebSocketsSansIOProtocol):
    """Puts `part` into the ASGI scope. `send` waits until a client reads, so it cannot let go of one that does not."""

    grace_s = 5.0

    def handle_connect(self, event: Request) -> None:
        """Called when a client asks for a socket."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = {**(self.scope["extensions"] or {}), EXTENSION: self.part}
            self.scope["extensions"] = extensions

    async def send(self, message: ASGISendEvent) -> None:
        """Called by the application. A socket that was closed under it (no pong, parted) is a client gone."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected()
        await super().send(message)

    def part(self, text: str, code: int) -> None:
        """Say goodbye without waiting: a last message and the close; the connection is cut if it stays blocked."""
        if self.disconnected:
            return
        if not self.close_sent:
            self.conn.send_text(text.encode())
            self.conn.send_close(code)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.close_timer = self.loop.call_later(self.grace_s, self.transport.abort)
        if self.read_paused:  # so that the client's own close can arrive
            self.read_paused = False
            self.transport.resume_reading()
