"""Alerts on their way out (webhook, e-mail): each leaves once, by whichever server takes it, and is tried again."""

from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, insert, select, update

from mission.alert_tables import alerts, deliveries, select_alerts, watches
from mission.alerts import Alert, alert_of
from mission.people.accounts import stamp
from mission.thresholds import THRESHOLDS
from mission.transactions import exclusive
from tally.errors import EscrutinioError
from tally.storage.database import transaction

LIMITS = THRESHOLDS.deliveries
_FIRST, _LONGEST = timedelta(seconds=LIMITS.first_pause_s), timedelta(seconds=LIMITS.longest_pause_s)
_LEASE = timedelta(minutes=LIMITS.lease_minutes)


class Unsent(EscrutinioError):
    """An alert could not be handed over; it is tried again."""


class Channel(Protocol):
    """One way out."""

    @property
    def name(self) -> str:
        """What its deliveries are kept under."""

    async def send(self, alert: Alert) -> None:
        """Hand an alert over.

        Raises: Unsent.
        """


class Outgoing(Struct, frozen=True):
    """An alert to be sent now, for the `tries`-th time."""

    alert: Alert
    tries: int


def take_outgoing(engine: Engine, channel: str, now: datetime) -> list[Outgoing]:
    """Alerts that are due on a channel; they are this caller's for a lease. What is older than the channel is not.

    Raises: StoreUnavailable.
    """
    with transaction(engine) as connection:
        if not _has_something(connection, channel, now):
            return []
    with exclusive(engine) as connection:
        _line_up(connection, channel, now)
        due = (deliveries.c.channel == channel) & deliveries.c.done_at.is_(None)
        first = select(deliveries.c.alert_id).where(due, deliveries.c.due <= now.timestamp())
        ids = connection.execute(first.order_by(deliveries.c.alert_id).limit(LIMITS.at_once)).scalars().all()
        taken = update(deliveries).where(due, deliveries.c.alert_id.in_(ids))
        values = {"tries": deliveries.c.tries + 1, "due": (now + _LEASE).timestamp()}
        claimed = taken.values(**values).returning(deliveries.c.alert_id, deliveries.c.tries)
        tries = {row.alert_id: row.tries for row in connection.execute(claimed)}
        rows = connection.execute(select_alerts(connection).where(alerts.c.id.in_(tries)).order_by(alerts.c.id))
        return [Outgoing(alert_of(row), tries[row.id]) for row in rows]


def settle(engine: Engine, channel: str, sent: Outgoing, now: datetime, *, is_good: bool) -> None:
    """Say how it went: it is done with, or due again after a pause that doubles."""
    if is_good or sent.tries >= LIMITS.most_tries:
        values: dict[str, object] = {"done_at": stamp(now), "is_sent": is_good}
    else:
        values = {"due": (now + pause_after(sent.tries)).timestamp()}
    same = (deliveries.c.alert_id == sent.alert.id) & (deliveries.c.channel == channel)
    with exclusive(engine) as connection:
        connection.execute(update(deliveries).where(same).values(**values))


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed."""
    return min(_LONGEST, _FIRST * (1 << tries - 1))


def _has_something(connection: Connection, channel: str, now: datetime) -> bool:
    place = connection.execute(select(watches.c.place).where(watches.c.name == _name(channel))).scalar()
    if place is None or place < _newest(connection):
        return True
    due = (deliveries.c.channel == channel) & deliveries.c.done_at.is_(None) & (deliveries.c.due <= now.timestamp())
    return connection.execute(select(deliveries.c.alert_id).where(due).limit(1)).first() is not None


def _line_up(connection: Connection, channel: str, now: datetime) -> None:
    """Enter what was raised since the last time; of a new channel nothing: it begins now. The oldest make room."""
    name, newest = _name(channel), _newest(connection)
    place = connection.execute(select(watches.c.place).where(watches.c.name == name)).scalar()
    if place is None:
        connection.execute(insert(watches).values(name=name, value="", place=newest))
        return
    for row in connection.execute(select(alerts.c.id).where(alerts.c.id > place)).all():
        connection.execute(insert(deliveries).values(alert_id=row.id, channel=channel, tries=0, due=0.0))
    connection.execute(update(watches).where(watches.c.name == name).values(place=newest))
    waiting = (deliveries.c.channel == channel) & deliveries.c.done_at.is_(None)
    newer = select(deliveries.c.alert_id).where(waiting).order_by(deliveries.c.alert_id.desc())
    last = connection.execute(newer.offset(LIMITS.most_waiting).limit(1)).scalar()
    if last is not None:
        old = update(deliveries).where(waiting, deliveries.c.alert_id <= last)
        connection.execute(old.values(done_at=stamp(now), is_sent=False))


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(alerts.c.id), 0))).scalar_one())


def _name(channel: str) -> str:
    return f"channel/{channel}"
