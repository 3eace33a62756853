"""Attempts to come in, by name and by address: too many that fail, and the next ones wait.

Whoever came in from an address before is not shut out by strangers who guess from others: for a known pair of name and
address only its own failures count.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from mission.people.accounts import stamp
from mission.people.tables import attempts
from mission.people.tokens import hash_of
from mission.thresholds import THRESHOLDS
from tally.errors import TooMany

_LIMITS = THRESHOLDS.attempts
WINDOW = _LIMITS.window
# How long an address stays known; older lines are of no use to anybody.
_KNOWN = timedelta(days=_LIMITS.known_days)


def begin_attempt(connection: Connection, name: str, address: str, now: datetime) -> int:
    """Note an attempt, as one that failed, before it is judged: many at once are many.

    Raises: TooMany.
    """
    subject, since = hash_of(name), stamp(now - WINDOW)
    failures = select(func.count()).select_from(attempts).where(attempts.c.at > since, attempts.c.is_good.is_(False))
    of_pair = failures.where(attempts.c.subject == subject, attempts.c.address == address)
    limits = [(of_pair, _LIMITS.per_pair), (failures.where(attempts.c.address == address), _LIMITS.per_address)]
    if not _is_known(connection, subject, address, now):
        limits.append((failures.where(attempts.c.subject == subject), _LIMITS.per_name))
    if any(connection.execute(chosen).scalar_one() >= most for chosen, most in limits):
        raise TooMany(f"too many attempts; try again in {WINDOW.seconds // 60} minutes")
    connection.execute(delete(attempts).where(attempts.c.at < stamp(now - _KNOWN)))
    values = {"subject": subject, "address": address, "at": stamp(now), "is_good": False}
    return int(connection.execute(insert(attempts).values(**values).returning(attempts.c.id)).scalar_one())


def end_attempt(connection: Connection, attempt: int) -> None:
    """The attempt was a good one."""
    connection.execute(update(attempts).where(attempts.c.id == attempt).values(is_good=True))


def _is_known(connection: Connection, subject: str, address: str, now: datetime) -> bool:
    same = (attempts.c.subject == subject) & (attempts.c.address == address)
    good = select(attempts.c.id).where(same, attempts.c.is_good, attempts.c.at > stamp(now - _KNOWN)).limit(1)
    return connection.execute(good).first() is not None
