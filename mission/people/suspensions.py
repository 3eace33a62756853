"""Who may not come in for now. What they came in with stays theirs, and works again when the suspension is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, exists, false, insert, select

from mission.people.accounts import Account, find_pseudonym, stamp
from mission.people.auditlog import Action, Actor, record
from mission.people.roles import Role
from mission.people.tables import accounts, suspensions
from mission.transactions import exclusive
from tally.errors import Conflict, Forbidden, Suspended
from tally.storage.database import has_table

_MARK = "is_suspended"


def is_suspended(connection: Connection) -> ColumnElement[bool]:
    """Of the accounts, which are suspended: a column `refuse_suspended` reads. Before the upgrade none is."""
    if not has_table(connection, suspensions.name):
        return false().label(_MARK)
    return exists(select(suspensions.c.account_id).where(suspensions.c.account_id == accounts.c.id)).label(_MARK)


def refuse_suspended(row: Row[Any]) -> None:
    """Return if whoever the row is about may come in.

    Raises: Suspended.
    """
    if row._mapping[_MARK]:
        raise Suspended("suspended: this account may not come in for now; ask whoever runs the mission")


def check_suspension(connection: Connection, account_id: int) -> None:
    """The same of an account.

    Raises: Suspended.
    """
    found = select(accounts.c.id, is_suspended(connection)).where(accounts.c.id == account_id)
    refuse_suspended(connection.execute(found).one())


def suspended_ids(connection: Connection) -> set[int]:
    """Everybody's id who is suspended."""
    return set(connection.execute(select(accounts.c.id).where(is_suspended(connection))).scalars())


def suspend(engine: Engine, pseudonym: str, reason: str, by: Account, now: datetime) -> None:
    """From now on nothing they came in with lets them in, and nothing new does.

    Raises: NotFound. Forbidden: oneself, or only an admin may. Conflict: suspended already, or revoked.
    """
    with exclusive(engine) as connection:
        account = _may(connection, pseudonym, by)
        if account.revoked_at is not None or account.id in suspended_ids(connection):
            raise Conflict(f"{pseudonym!r} may not come in already")
        connection.execute(insert(suspensions).values(account_id=account.id, at=stamp(now), reason=reason))
        record(connection, stamp(now), Actor(by.id, by.name), Action.ACCOUNT_SUSPENDED, account.name)


def end_suspension(engine: Engine, pseudonym: str, by: Account, now: datetime) -> None:
    """They come in again with what they came in with before.

    Raises: NotFound. Forbidden: oneself, or only an admin may. Conflict: not suspended.
    """
    with exclusive(engine) as connection:
        account = _may(connection, pseudonym, by)
        if not connection.execute(delete(suspensions).where(suspensions.c.account_id == account.id)).rowcount:
            raise Conflict(f"{pseudonym!r} is not suspended")
        record(connection, stamp(now), Actor(by.id, by.name), Action.SUSPENSION_ENDED, account.name)


def _may(connection: Connection, pseudonym: str, by: Account) -> Account:
    account = find_pseudonym(connection, pseudonym)
    if account.id == by.id:
        raise Forbidden("nobody suspends themselves")
    if account.role is not Role.OBSERVER and by.role is not Role.ADMIN:
        raise Forbidden(f"only an admin suspends a {account.role.value}")
    return account
