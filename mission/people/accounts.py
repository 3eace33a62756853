"""Accounts of the mission's people. Names are for the mission's own admin; everybody else reads pseudonyms."""

import re
import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct, convert
from sqlalchemy import Column, Connection, Engine, Row, delete, insert, select, update

from mission.people.auditlog import Action, Actor, record, record_all
from mission.people.pseudonyms import draw_pseudonym
from mission.people.roles import Role
from mission.people.tables import accounts, contacts, devices, invitations, sessions
from mission.transactions import exclusive
from tally import moments
from tally.errors import Conflict, InvalidInput, NotFound
from tally.storage.database import has_table, transaction

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class Account(Struct, frozen=True):
    """One person. Without a password only a device comes in for them."""

    id: int
    name: str
    role: Role
    pseudonym: str
    has_password: bool
    created_at: str
    revoked_at: str | None


class Newcomer(Struct, frozen=True):
    """Who is to get an account; `password` is the hash of one, or None."""

    name: str
    role: Role
    password: str | None = None


def normal_name(name: str) -> str:
    """A name as it is kept: small letters.

    Raises: InvalidInput: not a name.
    """
    kept = name.strip().lower()
    if not _NAME.fullmatch(kept):
        raise InvalidInput(
            f"name {name[:40]!r}: 2 to 40 small letters a-z, digits, dots, hyphens and underscores, "
            "beginning with a letter or digit"
        )
    return kept


def draw_name(role: Role) -> str:
    """A name that says nothing but the role."""
    return f"{role.value}-{secrets.token_hex(4)}"


def stamp(now: datetime) -> str:
    """A moment as the mission's tables keep it: whole seconds, so that texts compare like times."""
    return moments.write(now.replace(microsecond=0))


def add_account(engine: Engine, newcomer: Newcomer, by: Actor, now: datetime) -> Account:
    """A new account with a pseudonym of its own.

    Raises: InvalidInput: not a name. Conflict: the name is taken, also by somebody who was revoked.
    """
    name = normal_name(newcomer.name)
    with exclusive(engine) as connection:
        if connection.execute(select(accounts.c.id).where(accounts.c.name == name)).first() is not None:
            raise Conflict(f"there is an account {name!r} already; names are never given twice")
        pseudonym = _draw_free(draw_pseudonym, _taken(connection, accounts.c.pseudonym))
        values = {"name": name, "role": newcomer.role.value, "password": newcomer.password, "created_at": stamp(now)}
        made = insert(accounts).values(**values, pseudonym=pseudonym).returning(accounts)
        account = account_of(connection.execute(made).one())
        record(connection, stamp(now), by, Action.ACCOUNT_ADDED, name, newcomer.role.value)
    return account


def add_accounts_within(connection: Connection, roles: Sequence[Role], by: Actor, now: datetime) -> list[Account]:
    """New accounts of those roles, without passwords, in the caller's exclusive transaction."""
    names, pseudonyms = _taken(connection, accounts.c.name), _taken(connection, accounts.c.pseudonym)
    rows = []
    for role in roles:
        name = _draw_free(partial(draw_name, role), names)
        pseudonym = _draw_free(draw_pseudonym, pseudonyms)
        rows.append({"name": name, "role": role.value, "pseudonym": pseudonym, "created_at": stamp(now)})
    if not rows:
        return []
    made = insert(accounts).returning(accounts, sort_by_parameter_order=True)
    added = [account_of(row) for row in connection.execute(made, rows)]
    record_all(connection, stamp(now), by, Action.ACCOUNT_ADDED, [(one.name, one.role.value) for one in added])
    return added


def find_account(engine: Engine, name: str) -> Account:
    """The account of that name.

    Raises: NotFound.
    """
    with transaction(engine) as connection:
        return _named(connection, name)


def find_pseudonym(connection: Connection, pseudonym: str) -> Account:
    """The account that others read that of.

    Raises: NotFound.
    """
    row = connection.execute(select(accounts).where(accounts.c.pseudonym == pseudonym)).first()
    if row is None:
        raise NotFound(f"nobody of the mission is called {pseudonym[:40]!r}")
    return account_of(row)


def list_accounts(engine: Engine) -> list[Account]:
    """Everybody, also who was revoked, by name."""
    with transaction(engine) as connection:
        return [account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.name))]


def has_admin(engine: Engine) -> bool:
    """Whether there is a mission at all: somebody must be able to answer for it."""
    with transaction(engine) as connection:
        return connection.execute(select(accounts.c.id).where(_is_active_admin).limit(1)).first() is not None


def revoke_account(engine: Engine, name: str, by: Actor, now: datetime) -> Account:
    """End an account: its sessions, devices and open invitations with it, and its number, which others may have now.

    Raises: NotFound. Conflict: it is the last admin's, or ended already.
    """
    with exclusive(engine) as connection:
        account = _standing(connection, name)
        others = select(accounts.c.id).where(_is_active_admin, accounts.c.id != account.id).limit(1)
        if account.role is Role.ADMIN and connection.execute(others).first() is None:
            raise Conflict(f"{account.name!r} is the last admin; add another one first")
        changed = update(accounts).where(accounts.c.id == account.id).values(revoked_at=stamp(now))
        row = connection.execute(changed.returning(accounts)).one()
        for table in (sessions, devices, invitations):
            connection.execute(delete(table).where(table.c.account_id == account.id))
        end_numbers(connection, [account.id])
        record(connection, stamp(now), by, Action.ACCOUNT_REVOKED, account.name)
        return account_of(row)


def end_numbers(connection: Connection, account_ids: Collection[int] | None = None) -> int:
    """Take from those accounts (None: all) their numbers: what is sent from one is nobody's, and nothing goes to it.

    A SIM card is a way in of its own: it ends where devices end. Returns: how many had one.
    """
    if not has_table(connection, contacts.name):
        return 0
    theirs = contacts.c.phone.is_not(None) | contacts.c.sender.is_not(None)
    if account_ids is not None:
        theirs &= contacts.c.account_id.in_(account_ids)
    return connection.execute(update(contacts).where(theirs).values(phone=None, sender=None)).rowcount


def set_password(engine: Engine, name: str, password: str, by: Actor, now: datetime) -> Account:
    """Give an account another password (its hash); whoever is signed in with the old one is signed out.

    Raises: NotFound. Conflict: the account was revoked.
    """
    with exclusive(engine) as connection:
        account = _standing(connection, name)
        changed = update(accounts).where(accounts.c.id == account.id).values(password=password)
        row = connection.execute(changed.returning(accounts)).one()
        connection.execute(delete(sessions).where(sessions.c.account_id == account.id))
        record(connection, stamp(now), by, Action.PASSWORD_SET, account.name)
        return account_of(row)


def account_of(row: Row[tuple[object, ...]]) -> Account:
    """The account in a row that has all columns of the table."""
    named = row._mapping
    return convert({**named, "has_password": named["password"] is not None}, Account)


def _named(connection: Connection, name: str) -> Account:
    row = connection.execute(select(accounts).where(accounts.c.name == name.strip().lower())).first()
    if row is None:
        raise NotFound(f"there is no account {name[:40]!r}")
    return account_of(row)


def _standing(connection: Connection, name: str) -> Account:
    account = _named(connection, name)
    if account.revoked_at is not None:
        raise Conflict(f"the account {account.name!r} was revoked at {account.revoked_at}")
    return account


def _taken(connection: Connection, column: Column[str]) -> set[str]:
    return set(connection.execute(select(column)).scalars())


def _draw_free(draw: Callable[[], str], taken: set[str]) -> str:
    """Something drawn that is not taken; it is from now on."""
    while (drawn := draw()) in taken:
        pass
    taken.add(drawn)
    return drawn


_is_active_admin = (accounts.c.role == Role.ADMIN.value) & accounts.c.revoked_at.is_(None)
