"""One open socket: what its client asks for, what it is owed, and when it is let go. No task waits for it."""

import asyncio
from collections.abc import Callable

import msgspec
from msgspec import Struct

from api.live.audience import Audience
from api.live.following import Position, Wish
from api.live.frames import Frame
from api.live.ranks import FollowerRank
from api.live.sockets import HubProtocol
from tally.errors import EscrutinioError

INVALID, TOO_SLOW, TOO_LARGE, SILENT, TOO_MANY = 4000, 4008, 4009, 4010, 4029
RETRY_MS = (500, 30000)
MESSAGE_BYTES = 1024
MESSAGES, MESSAGES_S = 5, 10.0
SILENT_S = 20.0


class _Bye(Struct, tag_field="t", tag="bye"):
    code: int
    retry_ms: tuple[int, int]
    reason: str


def write_bye(code: int, reason: str) -> bytes:
    """The last message to a client: why it is let go, and when it may come back."""
    return msgspec.json.encode(_Bye(code, RETRY_MS, reason))


class LiveSession:
    """A client from the moment its socket is accepted. While it reads, the rank it is in knows where it stands.

    A client that does not read is sent nothing; when it reads again it is brought from where it stood to the newest
    state, each key once. `leave` is called when it is gone.
    """

    __slots__ = (
        "_audience",
        "_leave",
        "_loop",
        "_position",
        "_request",
        "_timer",
        "_times",
        "rank",
        "wire",
    )

    def __init__(self, wire: HubProtocol, audience: Audience, leave: Callable[[], None]) -> None:
        self.wire, self._audience, self._leave = wire, audience, leave
        self.rank: FollowerRank | None = None
        self._position: Position | None = None
        self._loop = asyncio.get_running_loop()
        self._request: Wish | None = None
        self._times: tuple[float, ...] = ()
        self._timer: asyncio.TimerHandle | None = None
        self._expect(SILENT_S, SILENT, "the client never subscribed")
        audience.join(self)

    def on_message(self, data: bytes) -> None:
        """Take what the client asks for; one that asks too often, too much or nonsense is let go."""
        now = self._loop.time()
        if len(self._times) == MESSAGES and now - self._times[0] < MESSAGES_S:
            self._part(TOO_MANY, f"more than {MESSAGES} messages in {MESSAGES_S:.0f} s")
            return
        self._times = (*self._times[1 - MESSAGES :], now)
        if len(data) > MESSAGE_BYTES:
            self._part(TOO_LARGE, f"a message has at most {MESSAGE_BYTES} bytes")
            return
        try:
            request = self._audience.followed.read(data)
        except EscrutinioError as error:
            self._part(INVALID, str(error))
            return
        if request is not None and request.ticket is not None:
            self._hand_over(request)
        elif request is not None:
            self._request = request
            if not self.wire.is_paused:
                self._expect(None)
                self._catch_up()

    def on_paused(self) -> None:
        """From now on this client has one slot a key, and some seconds to read again."""
        self._position = self._audience.take_out(self) or self._position
        blocked_s = self._audience.followed.options.blocked_s
        self._expect(blocked_s, TOO_SLOW, f"nothing could be sent for {blocked_s:g} s")

    def on_resumed(self) -> None:
        """Send the newest of what was held back."""
        self._expect(None)
        self._catch_up()

    def on_lost(self) -> None:
        """The client is gone, or was let go."""
        self._expect(None)
        self._position = self._request = None
        self._audience.leave(self)
        self._leave()

    def write(self, frame: Frame) -> None:
        """Give a frame to the transport, in the form this client reads."""
        self.wire.transport.write(frame.packed if self.wire.is_packed else frame.plain)
        self._audience.followed.delivered(1)

    def _hand_over(self, request: Wish) -> None:
        """What comes from now on is none of this audience's business."""
        if self._audience.ticketed is None:
            self._part(INVALID, "there is no topic that needs a ticket")
            return
        self._expect(None)
        self._position = self._request = None
        self._audience.leave(self)
        self._audience.ticketed(self.wire, request, self._leave)

    def _catch_up(self) -> None:
        self._position = self._audience.take_out(self) or self._position
        request = self._request
        if request is not None:
            self._request = None
            step = self._audience.followed.begin(request)
        elif self._position is not None:
            step = self._audience.step(self._position)
        else:
            return
        self._position = step.position
        for frame in step.frames:
            self.write(frame)
        if not self.wire.is_paused:
            self._audience.enter(self, step.position)

    def _expect(self, limit_s: float | None, code: int = 0, reason: str = "") -> None:
        """Let the client go after that time unless something else is expected of it by then."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if limit_s is None else self._loop.call_later(limit_s, self._part, code, reason)

    def _part(self, code: int, reason: str) -> None:
        self.wire.part(write_bye(code, reason), code)
