"""Names and phone numbers of the mission's people: kept apart from all else, and gone after the mission.

A name is for coordinators; a number is for the gateway that sends messages, and for nobody else. Who sends one is known
by a keyed hash of the number, whose key is derived from ADDRESS_KEY.
"""

import hmac
import re
from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec import Struct, convert
from sqlalchemy import Connection, Engine, delete, select

from mission.people.accounts import Account, account_of, stamp
from mission.people.auditlog import Action, Actor, record
from mission.people.tables import accounts, contacts
from mission.people.tokens import keyed_hash
from mission.transactions import exclusive
from tally.errors import InvalidInput
from tally.storage.database import has_table, transaction

_PURPOSE = b"escrutinio senders of text messages"
_COUNTRY = "51"
_MOBILE = re.compile(r"9[0-9]{8}")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")
_BETWEEN = re.compile(r"[\s().\u00a0-]")


class Contact(Struct, frozen=True):
    """What is kept of one person."""

    account_id: int
    name: str | None = None
    phone: str | None = None
    sender: str | None = None
    reference: str | None = None


def sender_key(address_key: str | None) -> bytes | None:
    """The key of senders' hashes, from which ADDRESS_KEY cannot be found; None where that is not set."""
    return None if address_key is None else hmac.digest(address_key.encode(), _PURPOSE, "sha256")


def check_key(key: bytes | None) -> bytes:
    """The key of senders' hashes itself.

    Raises: InvalidInput: there is none.
    """
    if key is None:
        raise InvalidInput("setting address_key: without it nobody who sends a text message can be known")
    return key


def normal_phone(typed: str) -> str | None:
    """A number as it is kept, "+51987654321"; None if it is none. Nine digits that begin with 9 are Peru's."""
    plain = _BETWEEN.sub("", typed)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    if _MOBILE.fullmatch(plain):
        return f"+{_COUNTRY}{plain}"
    if re.fullmatch(_COUNTRY + _MOBILE.pattern, plain):
        return f"+{plain}"
    return plain if _ABROAD.fullmatch(plain) else None


def sender_hash(key: bytes | None, phone: str) -> str:
    """What is kept of whoever sends a text message from that number.

    Raises: InvalidInput: it is no number, or there is no key.
    """
    known, kept = check_key(key), normal_phone(phone)
    if kept is None:
        raise InvalidInput("what sends this text message is no telephone number")
    return keyed_hash(known, kept)


def find_sender(engine: Engine, sender: str) -> Account | None:
    """Whose phone has that hash; None: nobody's who may still come in."""
    own = select(accounts).join(contacts, contacts.c.account_id == accounts.c.id)
    with transaction(engine) as connection:
        if not has_table(connection, contacts.name):
            return None
        row = connection.execute(own.where(contacts.c.sender == sender, accounts.c.revoked_at.is_(None))).first()
    return None if row is None else account_of(row)


def numbers_of(engine: Engine, account_ids: Collection[int]) -> dict[int, str]:
    """Numbers by account, of those who have one. For the gateway alone."""
    with transaction(engine) as connection:
        kept = read_contacts(connection)
    return {each: kept[each].phone or "" for each in account_ids if each in kept and kept[each].phone}


def read_contacts(connection: Connection) -> Mapping[int, Contact]:
    """Everything that is kept, by account; nothing in a database that has no place for it yet."""
    if not has_table(connection, contacts.name):
        return {}
    return {row.account_id: convert(row._mapping, Contact) for row in connection.execute(select(contacts))}


def purge_contacts(engine: Engine, by: Actor, now: datetime) -> int:
    """Forget every name, number and reference. Returns: of how many people."""
    with exclusive(engine) as connection:
        if not has_table(connection, contacts.name):
            return 0
        removed = connection.execute(delete(contacts)).rowcount
        if removed:
            record(connection, stamp(now), by, Action.CONTACTS_PURGED, "", str(removed))
    return removed
