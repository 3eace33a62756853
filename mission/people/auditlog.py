"""The audit log: who did what, line after line. Nothing of it is ever changed or removed."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert, select

from mission.people.tables import deeds
from tally.storage.database import transaction


class Action(StrEnum):
    """What a line can say besides the deeds of incidents, which stand here as "mission" and the deed."""

    ACCOUNT_ADDED = "account added"
    ACCOUNT_REVOKED = "account revoked"
    PASSWORD_SET = "password set"  # noqa: S105 - a word, not a password
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGN_IN_THROTTLED = "sign-in throttled"
    LOCK_CLEARED = "lock cleared"
    INTAKE_STOPPED = "intake stopped"
    INTAKE_OPENED = "intake opened"
    DEVICE_INVITED = "device invited"
    DEVICE_ADDED = "device added"
    ACCESS_ENDED = "access ended"
    RELEASE_ASKED_FOR = "release asked for"
    DEVICES_ENDED = "devices ended"
    ACCOUNT_SUSPENDED = "account suspended"
    SUSPENSION_ENDED = "suspension ended"
    ROSTER_APPLIED = "roster applied"
    CONTACTS_PURGED = "contacts purged"


class Actor(Struct, frozen=True):
    """Who does something: an account, or a name for what is none (`id` None)."""

    id: int | None
    name: str


COMMAND_LINE = Actor(None, "(command line)")
STRANGER = Actor(None, "(nobody)")
RETENTION = Actor(None, "(retention)")


class LoggedDeed(Struct, frozen=True):
    """One line. `deed` is an `Action`, or "mission" and what was done to an incident; `subject` what it was done to."""

    id: int
    at: str
    actor: str
    deed: str
    subject: str
    detail: str


def record(connection: Connection, at: str, actor: Actor, deed: str, subject: str, detail: str = "") -> None:
    """Add a line, in the transaction of the deed itself."""
    record_all(connection, at, actor, deed, [(subject, detail)])


def record_all(connection: Connection, at: str, actor: Actor, deed: str, things: Sequence[tuple[str, str]]) -> None:
    """Add a line for each thing (subject, detail) to which the same was done."""
    common = {"at": at, "actor_id": actor.id, "actor": actor.name, "deed": str(deed)}
    if things:
        rows = [{**common, "subject": subject, "detail": detail} for subject, detail in things]
        connection.execute(insert(deeds), rows)


def read_log(engine: Engine, before: int | None = None, limit: int = 100) -> list[LoggedDeed]:
    """Lines, newest first; `before`: only those with a smaller id."""
    chosen = select(deeds).order_by(deeds.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(deeds.c.id < before)
    with transaction(engine) as connection:
        rows = connection.execute(chosen)
        return [LoggedDeed(row.id, row.at, row.actor, row.deed, row.subject, row.detail) for row in rows]
