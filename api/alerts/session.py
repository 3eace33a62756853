"""A socket of somebody of the mission: it came with a ticket, and is told the alerts its holder's role may read."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from api.live.count import LiveCount
from api.live.feed import describe_feed
from api.live.frames import Frame
from api.live.session import INVALID, write_bye
from api.live.sockets import HubProtocol
from api.live.subscription import VERSION, Subscribe, read_message
from mission.alerts import Alert
from mission.people.tickets import Listener
from tally import moments
from tally.changes import digest, encode
from tally.errors import EscrutinioError


class Listeners(Protocol):
    """Whoever tells the sockets."""

    def wake(self) -> None:
        """A socket asked for something."""

    def leave(self, session: "AlertSession") -> None:
        """A socket is gone."""


class AlertSession:
    """From the moment the topic was asked for. `listener` is None until the ticket was found good.

    It speaks rt/1 over the log of the alerts that its holder's role may read: `told`, its position, is the number in
    that of the newest it heard of; None until the subscription has begun.
    """

    def __init__(self, listeners: Listeners, live: LiveCount, wire: HubProtocol, leave: Callable[[], None]) -> None:
        self._listeners, self._leave, self._live, self.wire = listeners, leave, live, wire
        self.request: Subscribe | None = None
        self.listener: Listener | None = None
        self.told: int | None = None
        self.is_slow = False

    def on_message(self, data: bytes) -> None:
        """Take a subscription. A socket that was let in needs no other ticket, and gets no other topic."""
        try:
            request = read_message(data)
        except EscrutinioError as error:
            self.part(INVALID, str(error))
            return
        if request is not None and request.ticket is None:
            self.part(INVALID, "other topics need a socket of their own")
        elif request is not None:
            self.ask(request)

    def ask(self, request: Subscribe) -> None:
        """Have a subscription begun."""
        self.request = request
        self._listeners.wake()

    def on_paused(self) -> None:
        """A client that does not read is told nothing until it reads again."""

    def on_resumed(self) -> None:
        """What was raised meanwhile is told now."""
        self.is_slow = False
        self._listeners.wake()

    def on_lost(self) -> None:
        """The client is gone, or was let go."""
        self._listeners.leave(self)
        self._leave()

    def part(self, code: int, reason: str) -> None:
        """Let the client go."""
        self.wire.part(write_bye(code, reason), code)

    def begin(self, epoch: str, alerts: Sequence[Alert], *, is_whole: bool) -> None:
        """Say hello and what there is: the newest alerts, oldest first, or what came after the place the client named.

        `is_whole`: there are no earlier ones than these.
        """
        newest = alerts[-1].id if alerts else 0
        head = {"v": VERSION, "epoch": epoch, "seq": newest, "hb": self._live.options.heartbeat_s}
        self._write({"t": "hello", **head, "is_test": self._live.info.is_test})
        request, self.request = self.request, None
        since = None if request is None or request.epoch != epoch else request.from_seq
        if since is not None and since <= newest and (is_whole or since >= alerts[0].id):
            self.told = since
            self.tell(alerts)
            return
        state = encode({_key(alert): _shown(alert) for alert in alerts})
        as_of = alerts[-1].at if alerts else moments.write(moments.utc_now().replace(microsecond=0))
        snap = {"t": "snap", "seq": newest, "hash": digest(state), "as_of": as_of, "why": "start"}
        self._write({**snap, "state": msgspec.Raw(state)})
        self.told = newest

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Tell those of the alerts, oldest first, that are new here."""
        fresh = [alert for alert in alerts if self.told is not None and alert.id > self.told]
        if fresh:
            changes = [{"k": _key(alert), "kind": "update", "d": _shown(alert), "src": None} for alert in fresh]
            head = {"t": "delta", "seq": fresh[-1].id, "prev": self.told, "at": fresh[-1].at}
            self._write({**head, "changes": changes})
            self.told = fresh[-1].id

    def beat(self) -> None:
        """Give the sign of life."""
        now = moments.utc_now().replace(microsecond=0)
        feed = describe_feed(self._live, now)
        times = {"state": feed.state, "checked_at": feed.checked_at, "changed_at": feed.changed_at}
        self._write({"t": "hb", "seq": self.told, "now": moments.write(now), "feed": times})

    def _write(self, message: dict[str, Any]) -> None:
        frame = Frame(msgspec.json.encode(message))
        self.wire.transport.write(frame.packed if self.wire.is_packed else frame.plain)


def _key(alert: Alert) -> str:
    return f"alert/{alert.id}"


def _shown(alert: Alert) -> dict[str, Any]:
    return {"at": alert.at, "figures": alert.figures, "href": alert.href, "kind": alert.kind.value}
