"""Uvicorn's sans-I/O websocket with one thing more: once accepted, a socket can be taken over by the hub.

From then on no task of the application waits for it: messages are handed to a receiver, and whoever has the transport
writes finished frames to it. What of uvicorn's insides this relies on is pinned by a contract test.
"""

from typing import Any, Protocol

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import Frame
from websockets.http11 import Request

EXTENSION = "escrutinio.wire"
# The shared frame is compressed with the whole window and without context: only who can read that gets it.
_DEFLATE = ServerPerMessageDeflateFactory(server_no_context_takeover=True, client_no_context_takeover=True)
_WHOLE_WINDOW = 15


class Receiver(Protocol):
    """Whoever a socket was handed to. Called on the loop, never after `on_lost`."""

    def on_message(self, data: bytes) -> None:
        """The client sent a message."""

    def on_paused(self) -> None:
        """The client does not read: what is written now only piles up."""

    def on_resumed(self) -> None:
        """The client reads again."""

    def on_lost(self) -> None:
        """The client is gone."""


class HubProtocol(WebSocketsSansIOProtocol):
    """Puts itself into the ASGI scope, so that an endpoint that has accepted a socket can hand it to the hub."""

    grace_s = 5.0
    stop_s = 1.0

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.conn.available_extensions = [_DEFLATE]
        self.receiver: Receiver | None = None
        self.is_paused = False
        self.is_packed = False

    def handle_connect(self, event: Request) -> None:
        """Called when a client asks for a socket."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = {**(self.scope["extensions"] or {}), EXTENSION: self}
            self.scope["extensions"] = extensions

    def take_over(self, receiver: Receiver) -> None:
        """Hand the accepted socket on; the endpoint's task may end. What has already arrived is handed on first."""
        self.receiver = receiver
        deflate = [one for one in self.conn.extensions if isinstance(one, PerMessageDeflate)]
        self.is_packed = bool(deflate) and deflate[0].local_max_window_bits == _WHOLE_WINDOW
        self.scope = self.request = self.response = None  # type: ignore[assignment] # a third of an idle client's memory
        while not self.queue.empty():
            message: Any = self.queue.get_nowait()
            if message["type"] == "websocket.disconnect":
                self._lose()
                return
            text = message.get("text")
            self._hand_on(message["bytes"] if text is None else text.encode())
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    async def run_asgi(self) -> None:
        """Called once for each socket. The end of the application is that of the socket unless it was taken over."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if self.receiver is None and self.close_timer is None:
            self.transport.close()

    async def send(self, message: ASGISendEvent) -> None:
        """Called by the application. A socket that was closed under it (no pong) is a client gone."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected()
        await super().send(message)

    def send_receive_event_to_app(self) -> None:
        """Called when a message is complete."""
        if self.receiver is None:
            super().send_receive_event_to_app()
            return
        data, self.frames = b"".join(self.frames), []
        self._hand_on(data)

    def handle_close(self, event: Frame) -> None:
        """Called when the client says goodbye."""
        super().handle_close(event)
        self._lose()

    def keepalive_timeout(self) -> None:
        """Called when a ping was not answered."""
        super().keepalive_timeout()
        self._lose()
        self.loop.call_later(self.grace_s, self.transport.abort)  # what is still buffered will not be read

    def connection_lost(self, exc: Exception | None) -> None:
        """Called when the connection is gone."""
        super().connection_lost(exc)
        self._lose()

    def pause_writing(self) -> None:
        """Called when more than the high-water mark waits to be read by the client."""
        super().pause_writing()
        self.is_paused = True
        if self.receiver is not None:
            self.receiver.on_paused()

    def resume_writing(self) -> None:
        """Called when the client has read nearly all of it."""
        super().resume_writing()
        self.is_paused = False
        if self.receiver is not None:
            self.receiver.on_resumed()

    def shutdown(self) -> None:
        """Called when the server stops. Who does not read cannot hold it up."""
        self._lose()
        super().shutdown()
        self.loop.call_later(self.stop_s, self.transport.abort)

    def part(self, text: bytes, code: int) -> None:
        """Say goodbye without waiting: a last message and the close; the connection is cut if it stays blocked."""
        self._lose()
        if self.disconnected or self.close_sent:
            return
        self.conn.send_text(text)
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(self.grace_s, self.transport.abort)

    def _hand_on(self, data: bytes) -> None:
        if self.receiver is not None and not self.close_sent:
            self.receiver.on_message(data)

    def _lose(self) -> None:
        """Tell the receiver once that there is nobody to write to; later calls of this socket find a deaf one."""
        receiver, self.receiver = self.receiver, _GONE
        if receiver is not None:
            receiver.on_lost()


class _Gone:
    """Receives for a socket that was given up."""

    def on_message(self, data: bytes) -> None: ...
    def on_paused(self) -> None: ...
    def on_resumed(self) -> None: ...
    def on_lost(self) -> None: ...


_GONE = _Gone()
