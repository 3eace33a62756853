"""Text messages on their way out: lined up with the message itself, each taken by one server, tried again.

Nothing is lost: what is lined up is committed with the message. Nothing is sent twice: a try that was not settled is
repeated under the same id, and the gateway drops what it has.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update

from mission.deliveries import pause_after
from mission.messages.limits import load_limits
from mission.messages.tables import text_deliveries
from mission.people.accounts import stamp
from mission.people.contacts import numbers_of
from mission.people.suspensions import suspended_ids
from mission.people.tables import accounts, contacts
from mission.transactions import exclusive
from tally.storage.database import has_table, transaction

LIMITS = load_limits().sending
_LEASE = timedelta(minutes=LIMITS.lease_minutes)
_MINUTE_S = 60.0


class TextDelivery(Struct, frozen=True):
    """A message to be sent to an account now, for the `tries`-th time; `phone` is None where it is sent no more."""

    election_id: str
    message: int
    account_id: int
    tries: int
    phone: str | None

    @property
    def id(self) -> str:
        """The same in every try; it names nobody."""
        return str(uuid5(NAMESPACE_OID, f"{self.election_id}/{self.message}/{self.account_id}"))

    def __repr__(self) -> str:
        """Without the number: whatever is logged has none."""
        return f"TextDelivery({self.id})"


class TextProgress(Struct, frozen=True):
    """How many of a message's texts were lined up, went out, and were given up."""

    lined_up: int
    sent: int
    given_up: int


def line_up(connection: Connection, election_id: str, message: int, receivers: Collection[str], now: datetime) -> None:
    """Enter a message for those of its receivers who have a number, in the transaction that sends it."""
    chosen = select(accounts.c.id, accounts.c.pseudonym).join(contacts, contacts.c.account_id == accounts.c.id)
    found = connection.execute(chosen.where(contacts.c.phone.is_not(None)).order_by(accounts.c.id))
    of = {"election_id": election_id, "message": message, "tries": 0, "due": now.timestamp()}
    rows = [{**of, "account_id": row.id} for row in found if row.pseudonym in receivers]
    if rows:
        connection.execute(insert(text_deliveries), rows)


def take_texts(engine: Engine, now: datetime, per_minute: int = LIMITS.per_minute) -> list[TextDelivery]:
    """Texts that are due, as many as this minute has room for; they are this caller's until the lease is over.

    Raises: StoreUnavailable.
    """
    waiting = text_deliveries.c.done_at.is_(None) & (text_deliveries.c.due <= now.timestamp())
    with transaction(engine) as connection:
        if not has_table(connection, text_deliveries.name):
            return []
        if connection.execute(select(text_deliveries.c.message).where(waiting).limit(1)).first() is None:
            return []
    with exclusive(engine) as connection:
        tried = select(func.count()).where(text_deliveries.c.tried_at > now.timestamp() - _MINUTE_S)
        room = per_minute - connection.execute(tried).scalar_one()
        if room <= 0:
            return []
        columns = (text_deliveries.c.election_id, text_deliveries.c.message, text_deliveries.c.account_id)
        first = select(*columns, text_deliveries.c.tries).where(waiting).order_by(text_deliveries.c.due, *columns[1:])
        taken = connection.execute(first.limit(min(room, LIMITS.at_once))).all()
        values = {
            "tries": text_deliveries.c.tries + 1,
            "due": (now + _LEASE).timestamp(),
            "tried_at": now.timestamp(),
        }
        for row in taken:
            connection.execute(update(text_deliveries).where(_is(*row[:3])).values(**values))
    phones = _phones(engine, [row.account_id for row in taken])
    return [
        TextDelivery(row.election_id, row.message, row.account_id, row.tries + 1, phones.get(row.account_id))
        for row in taken
    ]


def settle_text(engine: Engine, delivery: TextDelivery, now: datetime, *, is_good: bool) -> None:
    """Say how it went: it is done with, or due again after a pause that doubles."""
    if is_good or delivery.phone is None or delivery.tries >= LIMITS.most_tries:
        values: dict[str, object] = {"done_at": stamp(now), "is_sent": is_good}
    else:
        values = {"due": (now + pause_after(delivery.tries)).timestamp()}
    one = _is(delivery.election_id, delivery.message, delivery.account_id)
    with exclusive(engine) as connection:
        connection.execute(update(text_deliveries).where(one).values(**values))


def read_progress(engine: Engine, election_id: str) -> dict[int, TextProgress]:
    """How far the texts of each message are, by its number."""
    sent, message = text_deliveries.c.is_sent, text_deliveries.c.message
    counted = select(message, sent, func.count()).where(text_deliveries.c.election_id == election_id)
    found: dict[int, dict[bool | None, int]] = {}
    with transaction(engine) as connection:
        for number, is_sent, n in connection.execute(counted.group_by(message, sent)):
            found.setdefault(number, {})[is_sent] = n
    return {n: TextProgress(sum(by.values()), by.get(True, 0), by.get(False, 0)) for n, by in found.items()}


def _phones(engine: Engine, account_ids: Collection[int]) -> dict[int, str]:
    """Numbers of those who may still be written to: read when a text leaves, and at no other time."""
    with transaction(engine) as connection:
        standing = select(accounts.c.id).where(accounts.c.id.in_(account_ids), accounts.c.revoked_at.is_(None))
        may = set(connection.execute(standing).scalars()) - suspended_ids(connection)
    return numbers_of(engine, may)


def _is(election_id: str, message: int, account_id: int) -> ColumnElement[bool]:
    of = text_deliveries.c
    return (of.election_id == election_id) & (of.message == message) & (of.account_id == account_id)
