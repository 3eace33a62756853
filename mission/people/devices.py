"""Devices of observers: a code that is typed once becomes a token the device keeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select, update

from mission.people.accounts import (
    Account,
    Newcomer,
    account_of,
    add_account,
    draw_name,
    end_numbers,
    find_account,
    find_pseudonym,
    normal_name,
    stamp,
)
from mission.people.attempts import CODES, Origin, Standing, judge, note_failure
from mission.people.auditlog import Action, Actor, record, record_all
from mission.people.roles import Role
from mission.people.suspensions import check_suspension, is_suspended, refuse_suspended
from mission.people.tables import accounts, devices, invitations
from mission.people.tokens import hash_of, new_code, new_token, normal_code
from mission.thresholds import THRESHOLDS
from mission.transactions import exclusive
from tally.errors import Conflict, NotFound, Unidentified
from tally.storage.database import transaction

INVITED = timedelta(days=THRESHOLDS.devices.invited_days)


class Device(Struct, frozen=True):
    """A device that came in: whose it is, and until when (ISO UTC)."""

    account: Account
    hash: str
    expires_at: str


class Invitation(Struct, frozen=True):
    """A code, told once, for whom it is and until when it may be used (ISO UTC)."""

    code: str
    name: str
    pseudonym: str
    expires_at: str


def invite(engine: Engine, name: str | None, by: Actor, now: datetime) -> Invitation:
    """A code for an observer's device; the observer is made if there is nobody of that name. Earlier open codes end.

    Without a name a new observer is made, under a name that says nothing.

    Raises: InvalidInput: not a name. Conflict: the account was revoked, or is no observer's: what is on a device
    must not be worth more.
    """
    kept = normal_name(name or draw_name(Role.OBSERVER))
    try:
        account = find_account(engine, kept)
    except NotFound:
        account = add_account(engine, Newcomer(kept, Role.OBSERVER), by, now)
    if account.role is not Role.OBSERVER:
        raise Conflict(f"{kept!r} is {account.role.value}; only an observer comes in with a device")
    code, ends_at = new_code(), stamp(now + INVITED)
    with exclusive(engine) as connection:
        active = (accounts.c.id == account.id) & accounts.c.revoked_at.is_(None)
        if connection.execute(select(accounts.c.id).where(active)).first() is None:
            raise Conflict(f"the account {kept!r} was revoked")
        still_open = (invitations.c.account_id == account.id) & invitations.c.used_at.is_(None)
        connection.execute(update(invitations).where(still_open).values(used_at=stamp(now)))
        values = {"hash": hash_of(code), "account_id": account.id, "made_at": stamp(now), "ends_at": ends_at}
        connection.execute(insert(invitations).values(**values))
        record(connection, stamp(now), by, Action.DEVICE_INVITED, kept)
    return Invitation(code, kept, account.pseudonym, ends_at)


def invite_many(
    engine: Engine, pseudonyms: Sequence[str], by: Actor, now: datetime, *, ends_devices: bool = False
) -> list[Invitation]:
    """Codes for those observers, in their order. Earlier open codes end.

    ends_devices: so do their devices and their numbers: whoever has the phone has its SIM card too.

    Raises: NotFound. Conflict: one was revoked, or is no observer; then nobody is invited.
    """
    at, ends_at = stamp(now), stamp(now + INVITED)
    with exclusive(engine) as connection:
        people = [find_pseudonym(connection, each) for each in dict.fromkeys(pseudonyms)]
        for one in people:
            if one.role is not Role.OBSERVER or one.revoked_at is not None:
                raise Conflict(f"{one.pseudonym!r} is no observer who may come in with a device")
        made = [Invitation(new_code(), one.name, one.pseudonym, ends_at) for one in people]
        theirs = [one.id for one in people]
        still_open = invitations.c.account_id.in_(theirs) & invitations.c.used_at.is_(None)
        connection.execute(update(invitations).where(still_open).values(used_at=at))
        if ends_devices:
            connection.execute(delete(devices).where(devices.c.account_id.in_(theirs)))
            end_numbers(connection, theirs)
            record_all(connection, at, by, Action.DEVICES_ENDED, [(one.name, "") for one in people])
        rows = [
            {"hash": hash_of(one.code), "account_id": account, "made_at": at, "ends_at": ends_at}
            for one, account in zip(made, theirs, strict=True)
        ]
        if rows:
            connection.execute(insert(invitations), rows)
        record_all(connection, at, by, Action.DEVICE_INVITED, [(one.name, "") for one in people])
    return made


def redeem(engine: Engine, typed: str, origin: Origin, now: datetime, ends: datetime) -> tuple[str, Device]:
    """The device's token, told once, for a code that was not used yet; it lasts until `ends`.

    A right code is taken whatever was counted against its address: only wrong ones are.
    Raises: TooMany: of this address. Unidentified: no such code, or it was used, or too late. Suspended.
    """
    token, ends_at = new_token(), stamp(ends)
    valid = (invitations.c.hash == hash_of(normal_code(typed))) & invitations.c.used_at.is_(None)
    valid &= invitations.c.ends_at > stamp(now)
    with transaction(engine) as connection:  # anybody may ask: who sends a wrong one holds up nobody
        if connection.execute(select(invitations.c.hash).where(valid)).first() is None:
            judge(connection, CODES, origin, now)
    with exclusive(engine) as connection:
        used = update(invitations).where(valid).values(used_at=stamp(now)).returning(invitations.c.account_id)
        account_id = connection.execute(used).scalar()
        if account_id is not None:
            check_suspension(connection, account_id)
            account = account_of(connection.execute(select(accounts).where(accounts.c.id == account_id)).one())
            values = {"hash": hash_of(token), "account_id": account.id, "made_at": stamp(now), "ends_at": ends_at}
            connection.execute(insert(devices).values(**values))
            record(connection, stamp(now), Actor(account.id, account.name), Action.DEVICE_ADDED, account.name)
            return token, Device(account, hash_of(token), ends_at)
        note_failure(connection, Standing(CODES, origin.address, is_known=False), now)
    raise Unidentified("this code was never given, was used already, or is too old; ask for another one")


def find_device(engine: Engine, token: str, now: datetime) -> Device:
    """The device with that token.

    Raises: Unidentified: there is none, it was revoked, or the mission is over. Suspended.
    """
    valid = (devices.c.hash == hash_of(token)) & (devices.c.ends_at > stamp(now)) & accounts.c.revoked_at.is_(None)
    with transaction(engine) as connection:
        chosen = select(accounts, devices.c.ends_at, is_suspended(connection))
        joined = chosen.join(devices, devices.c.account_id == accounts.c.id)
        row = connection.execute(joined.where(valid)).first()
    if row is None:
        raise Unidentified("this device's token is not known, was revoked, or the mission is over")
    refuse_suspended(row)
    return Device(account_of(row), hash_of(token), row.ends_at)
