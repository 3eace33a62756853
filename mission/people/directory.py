"""Everybody of the mission as who runs it sees them: whether they can come in, whether they did, when they last did."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, FromClause, func, select

from mission.incidents.log_tables import mission_events
from mission.journal_tables import journal
from mission.people.accounts import Account, account_of, stamp
from mission.people.contacts import Contact, read_contacts
from mission.people.suspensions import suspended_ids
from mission.people.tables import accounts, devices, invitations, sessions
from tally.storage.database import has_table, transaction


class Person(Struct, frozen=True):
    """One of them. `last_seen`: when they last asked or did anything (ISO UTC), as far as that is kept."""

    account: Account
    contact: Contact
    is_suspended: bool
    has_device: bool
    is_invited: bool
    last_seen: str | None


def read_directory(engine: Engine, election_id: str, now: datetime) -> list[Person]:
    """Everybody whose account has not ended, in the order in which they came.

    Raises: StoreUnavailable.
    """
    at = stamp(now)
    with transaction(engine) as connection:
        kept, suspended = read_contacts(connection), suspended_ids(connection)
        standing = select(accounts).where(accounts.c.revoked_at.is_(None)).order_by(accounts.c.id)
        found = [account_of(row) for row in connection.execute(standing)]
        has_device = _ids(connection, devices, devices.c.ends_at > at)
        is_invited = _ids(connection, invitations, (invitations.c.ends_at > at) & invitations.c.used_at.is_(None))
        seen = _last_seen(connection, election_id)
    return [
        Person(
            one,
            kept.get(one.id, Contact(one.id)),
            one.id in suspended,
            one.id in has_device,
            one.id in is_invited,
            max(filter(None, (seen.get(one.id), seen.get(one.pseudonym))), default=None),
        )
        for one in found
    ]


def _ids(connection: Connection, table: FromClause, fits: ColumnElement[bool]) -> set[int]:
    return set(connection.execute(select(table.c.account_id).where(fits).distinct()).scalars())


def _last_seen(connection: Connection, election_id: str) -> dict[int | str, str]:
    """By an account's id and by its pseudonym: of sessions, and of what was written in the mission's logs."""
    asked = select(sessions.c.account_id, func.max(sessions.c.seen_at)).group_by(sessions.c.account_id)
    found: dict[int | str, str] = {key: at for key, at in connection.execute(asked)}  # noqa: C416 - rows are no pairs to a type checker
    for log in (mission_events, journal):
        if has_table(connection, log.name):
            done = select(log.c.actor, func.max(log.c.at)).where(log.c.election_id == election_id).group_by(log.c.actor)
            for actor, at in connection.execute(done):
                found[actor] = max(at, found.get(actor, ""))
    return found
