"""Who is locked out just now, for the admin to see and to undo. No address is in it: none is kept."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select

from mission.people.accounts import stamp
from mission.people.attempts import CODES, LIMITS, NAMED, failed_since, locked_until
from mission.people.auditlog import Action, Actor, record
from mission.people.tables import attempts
from mission.transactions import exclusive
from tally import moments
from tally.errors import NotFound
from tally.storage.database import transaction


class LockKind(StrEnum):
    """What is locked: a name from one address or browser, a name for strangers, an address, wrong codes."""

    PAIR = "pair"
    NAME = "name"
    ADDRESS = "address"
    CODES = "codes"
    ALL_CODES = "all_codes"


class Lock(Struct, frozen=True):
    """One lock, with the number of failures that made it, over at `until` (ISO UTC).

    `name`: whose account; None: nobody's name, or any. `id` names the lock and says nothing else.
    """

    id: str
    kind: LockKind
    name: str | None
    failures: int
    until: str


_is_code = attempts.c.subject == CODES
# Of each kind: what its failures have in common, which of them count, and how many make a lock.
_KINDS: dict[LockKind, tuple[Sequence[str], ColumnElement[bool], int]] = {
    LockKind.PAIR: (("subject", "address"), ~_is_code, LIMITS.per_pair),
    LockKind.NAME: (("subject",), ~_is_code, LIMITS.per_name),
    LockKind.ADDRESS: (("address",), ~_is_code, LIMITS.per_address),
    LockKind.CODES: (("address",), _is_code, LIMITS.codes_per_address),
    LockKind.ALL_CODES: ((), _is_code, LIMITS.codes_in_all),
}


def list_locks(engine: Engine, now: datetime) -> list[Lock]:
    """Every lock there is, the one that lasts longest first."""
    with transaction(engine) as connection:
        return sorted((lock for lock, _ in _locks(connection, now)), key=lambda lock: lock.until, reverse=True)


def clear_lock(engine: Engine, lock_id: str, by: Actor, now: datetime) -> None:
    """Forget the failures that make a lock.

    Raises: NotFound: there is no such lock, or it is over.
    """
    with exclusive(engine) as connection:
        for lock, failures in _locks(connection, now):
            if lock.id == lock_id:
                connection.execute(delete(attempts).where(failures, attempts.c.is_good.is_(False)))
                record(connection, stamp(now), by, Action.LOCK_CLEARED, lock.name or "")
                return
    raise NotFound("there is no such lock, or it is over")


def _locks(connection: Connection, now: datetime) -> list[tuple[Lock, ColumnElement[bool]]]:
    found = []
    for kind, (common, counted, most) in _KINDS.items():
        columns = [attempts.c[name] for name in common]
        grouped = select(*columns, func.count().label("n")).where(counted, failed_since(now)).group_by(*columns)
        for row in connection.execute(grouped.having(func.count() >= most)).all():
            values = [getattr(row, name) for name in common]
            failures = counted
            for column, value in zip(columns, values, strict=True):
                failures &= column == value
            until = locked_until(connection, failures, most, now)
            if until is not None:
                found.append((_lock(kind, values, row.n, until), failures))
    return found


def _lock(kind: LockKind, values: Sequence[str], failures: int, until: datetime) -> Lock:
    subject = "".join(values[:1])
    name = subject.removeprefix(NAMED) if subject.startswith(NAMED) else None
    named = hashlib.sha256("|".join((kind, *values)).encode()).hexdigest()[:16]
    return Lock(named, kind, name, failures, moments.write(until))
