"""Tickets: a socket carries no cookie's authority, so whoever may listen fetches a ticket, good once, for 30 s."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select, update

from mission.alert_tables import tickets
from mission.people.accounts import stamp
from mission.people.roles import Role
from mission.people.sessions import IDLE
from mission.people.suspensions import is_suspended
from mission.people.tables import accounts, devices, sessions
from mission.people.tokens import hash_of, new_token
from mission.transactions import exclusive
from tally import moments
from tally.errors import Unidentified
from tally.storage.database import transaction

LASTS = timedelta(seconds=30)
_REFUSED = "this ticket was never given, was used already, or is older than 30 s; ask for another one"


class Listener(Struct, frozen=True):
    """Who listens: an account's id, its role, and the hash of the session or device it came in with."""

    account_id: int
    role: Role
    credential: str


def give_ticket(engine: Engine, listener: Listener, now: datetime) -> str:
    """A ticket, told once."""
    ticket = new_token()
    values = {"hash": hash_of(ticket), "account_id": listener.account_id, "credential": listener.credential}
    with exclusive(engine) as connection:
        connection.execute(delete(tickets).where(tickets.c.ends_at < stamp(now - LASTS)))
        connection.execute(insert(tickets).values(**values, ends_at=stamp(now + LASTS)))
    return ticket


def use_ticket(engine: Engine, ticket: str, now: datetime) -> Listener:
    """Who may listen with that ticket, which is used up.

    Raises: Unidentified: there is none, it was used, it is too old, or its holder may come in no more.
    """
    open_one = (tickets.c.hash == hash_of(ticket)) & tickets.c.used_at.is_(None) & (tickets.c.ends_at > stamp(now))
    with transaction(engine) as connection:  # anybody may ask: nothing is written, and nobody waits, for a wrong one
        if connection.execute(select(tickets.c.hash).where(open_one)).first() is None:
            raise Unidentified(_REFUSED)
    with exclusive(engine) as connection:
        used = update(tickets).where(open_one).values(used_at=stamp(now))
        row = connection.execute(used.returning(tickets.c.account_id, tickets.c.credential)).first()
        role = None
        if row is not None:
            active = (accounts.c.id == row.account_id) & accounts.c.revoked_at.is_(None)
            role = connection.execute(select(accounts.c.role).where(active)).scalar()
    if row is None or role is None or row.credential not in still_valid(engine, [row.credential], now):
        raise Unidentified(_REFUSED)
    return Listener(row.account_id, Role(role), row.credential)


def still_valid(engine: Engine, credentials: Collection[str], now: datetime) -> set[str]:
    """Those of the credentials that still let their holder in: not signed out, revoked, suspended or over."""
    valid: set[str] = set()
    with transaction(engine) as connection:
        for table in (sessions, devices):
            chosen = select(table).join(accounts, accounts.c.id == table.c.account_id)
            standing = accounts.c.revoked_at.is_(None) & ~is_suspended(connection)
            theirs = table.c.hash.in_(credentials) & (table.c.ends_at > stamp(now))
            rows = connection.execute(chosen.where(theirs, standing))
            valid |= {row.hash for row in rows if not _is_idle(row, now)}
    return valid


def _is_idle(row: object, now: datetime) -> bool:
    seen_at = getattr(row, "seen_at", None)
    return seen_at is not None and moments.read(seen_at) + IDLE <= now
