"""One open socket: one task that reads what the client asks for, one that writes what it is owed."""

import asyncio
from collections import deque
from contextlib import suppress

import msgspec
from msgspec import Struct
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.live import LiveCount
from api.sockets import EXTENSION
from api.subscription import Subscribe, Subscription, read_message
from tally import moments
from tally.errors import EscrutinioError

INVALID, TOO_SLOW, TOO_LARGE, SILENT, TOO_MANY = 4000, 4008, 4009, 4010, 4029
RETRY_MS = (500, 30000)
MESSAGE_BYTES = 1024
MESSAGES, MESSAGES_S = 5, 10.0
_SILENT_S = 20.0


class _Bye(Struct, tag_field="t", tag="bye"):
    code: int
    retry_ms: tuple[int, int]
    reason: str


class _Parting(Exception):
    """This client is let go."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Session:
    """A client from its first message to the end of its socket."""

    def __init__(self, socket: WebSocket, live: LiveCount) -> None:
        self._socket, self._live, self._options = socket, live, live.options
        self._wake = asyncio.Event()
        self._request: Subscribe | None = None
        self._subscription: Subscription | None = None
        self._now = asyncio.get_running_loop().time

    async def run(self) -> None:
        """Serve until the client goes or has to go."""
        tasks = [asyncio.create_task(work) for work in (self._read(), self._write())]
        self._live.listeners.add(self._wake)
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _Parting as parting:
            await self._part(parting)
        except WebSocketDisconnect:
            pass
        finally:
            self._live.listeners.discard(self._wake)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        times: deque[float] = deque(maxlen=MESSAGES)
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if len(times) == MESSAGES and self._now() - times[0] < MESSAGES_S:
                raise _Parting(TOO_MANY, f"more than {MESSAGES} messages in {MESSAGES_S:.0f} s")
            times.append(self._now())
            text: str | bytes = message.get("text") or message.get("bytes") or b""
            if len(text if isinstance(text, bytes) else text.encode()) > MESSAGE_BYTES:
                raise _Parting(TOO_LARGE, f"a message has at most {MESSAGE_BYTES} bytes")
            try:
                request = read_message(text)
            except EscrutinioError as error:
                raise _Parting(INVALID, str(error)) from error
            if request is not None:
                self._request = request
                self._wake.set()

    async def _write(self) -> None:
        opened = self._now()
        due, beats = opened + self._options.heartbeat_s, 0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), max(0.0, due - self._now()))
            self._wake.clear()
            for frame in self._take():
                await self._send(frame)
            if self._now() < due:
                continue
            due = self._now() + self._options.heartbeat_s
            if self._subscription is not None:
                beats += 1
                await self._beat(self._subscription, with_hash=beats % self._options.hash_every == 0)
            elif self._now() - opened > _SILENT_S:
                raise _Parting(SILENT, "the client never subscribed")

    def _take(self) -> list[str]:
        """What is owed now: the start of a new subscription, or news of the present one."""
        if self._request is not None:
            self._subscription, self._request = Subscription(self._live, self._request), None
            return self._subscription.start()
        return [] if self._subscription is None else self._subscription.news()

    async def _beat(self, subscription: Subscription, *, with_hash: bool) -> None:
        # The hash is of the newest state: whatever leads there goes first.
        for frame in subscription.news():
            await self._send(frame)
        if subscription.is_current:
            await self._send(subscription.heartbeat(moments.utc_now(), with_hash=with_hash))

    async def _send(self, frame: str) -> None:
        try:
            async with asyncio.timeout(self._options.blocked_s):
                await self._socket.send_text(frame)
        except TimeoutError as error:
            raise _Parting(TOO_SLOW, f"nothing could be sent for {self._options.blocked_s:g} s") from error

    async def _part(self, parting: _Parting) -> None:
        text = msgspec.json.encode(_Bye(parting.code, RETRY_MS, parting.reason)).decode()
        part = self._socket.scope.get("extensions", {}).get(EXTENSION)
        if part is not None:
            part(text, parting.code)
        elif parting.code != TOO_SLOW:  # without the extension a blocked socket can only be dropped
            with suppress(WebSocketDisconnect):
                await self._socket.send_text(text)
                await self._socket.close(parting.code)
