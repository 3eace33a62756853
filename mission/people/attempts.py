"""Attempts to come in: too many that fail, and the next ones wait. No address is kept, only what it makes with a key.

Whoever came in before, from that address or with that browser, is not shut out by strangers: for a known pair only its
own failures count. The right code of an invitation is never counted at all: nobody finds 78 random bits by trying.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from mission.people.accounts import stamp
from mission.people.tables import accounts, attempts
from mission.people.tokens import hash_of, keyed_hash
from mission.thresholds import THRESHOLDS
from tally import moments
from tally.errors import TooMany

LIMITS = THRESHOLDS.attempts
# The subject of all attempts with a code.
CODES = "(code)"
NAMED = "account/"
_KNOWN = timedelta(days=LIMITS.known_days)
_HASH_LENGTH = 64


class Origin(Struct, frozen=True):
    """Where an attempt comes from: keyed hash of the address, hash of what the browser was given when it came in."""

    address: str
    browser: str | None = None


class Origins:
    """Makes origins. Replicas that share the key know each other's; one that is drawn here ends with the process."""

    def __init__(self, key: str | None = None) -> None:
        self._key = (key or secrets.token_hex()).encode()

    def origin(self, address: str, browser: str | None = None) -> Origin:
        """That of an address, and of a browser that says it came in before."""
        return Origin(keyed_hash(self._key, address), None if browser is None else hash_of(browser))

    def stranger(self, name: str) -> str:
        """Subject of a name nobody has: it may be a password that was typed into the wrong field."""
        return keyed_hash(self._key, f"name/{name}")


class Standing(Struct, frozen=True):
    """How an attempt is counted: on which subject, from which source, and whether the two are a known pair."""

    subject: str
    source: str
    is_known: bool


def subject_of(connection: Connection, origins: Origins, name: str) -> str:
    """What attempts with that name are counted on."""
    found = connection.execute(select(accounts.c.id).where(accounts.c.name == name)).first()
    return origins.stranger(name) if found is None else f"{NAMED}{name}"


def judge(connection: Connection, subject: str, origin: Origin, now: datetime) -> Standing:
    """How an attempt from there is counted; nothing is written.

    Raises: TooMany.
    """
    for source in (origin.browser, origin.address):
        if source is not None and _is_known(connection, subject, source, now):
            pair = (attempts.c.subject == subject) & (attempts.c.address == source)
            if locked_until(connection, pair, LIMITS.per_pair, now) is None:
                return Standing(subject, source, is_known=True)
    for failures, most in _limits(subject, origin.address):
        until = locked_until(connection, failures, most, now)
        if until is not None:
            raise TooMany("too many attempts; try again later", max(1, round((until - now).total_seconds())))
    return Standing(subject, origin.address, is_known=False)


def note_failure(connection: Connection, standing: Standing, now: datetime) -> int:
    """Note an attempt as one that failed, before it is judged: many at once are many. Returns: its number."""
    values = {"subject": standing.subject, "address": standing.source, "at": stamp(now), "is_good": False}
    return int(connection.execute(insert(attempts).values(**values).returning(attempts.c.id)).scalar_one())


def note_success(connection: Connection, attempt: int, subject: str, origin: Origin, now: datetime) -> None:
    """The attempt was a good one: from now on its address and its browser are known for the subject."""
    sources = [source for source in (origin.address, origin.browser) if source is not None]
    same = (attempts.c.subject == subject) & attempts.c.address.in_(sources) & attempts.c.is_good
    connection.execute(delete(attempts).where(or_(attempts.c.id == attempt, same)))
    values = {"subject": subject, "at": stamp(now), "is_good": True}
    connection.execute(insert(attempts), [{**values, "address": source} for source in sources])


def locked_until(connection: Connection, failures: ColumnElement[bool], most: int, now: datetime) -> datetime | None:
    """When the lock that so many failures make is over; None: there is none."""
    counted = select(attempts.c.at).where(failures, failed_since(now)).order_by(attempts.c.at.desc())
    at = connection.execute(counted.offset(most - 1).limit(1)).scalar()
    return None if at is None else moments.read(at) + LIMITS.window


def failed_since(now: datetime) -> ColumnElement[bool]:
    """Of the attempts, those that failed and still count."""
    return (attempts.c.at > stamp(now - LIMITS.window)) & attempts.c.is_good.is_(False)


def purge_attempts(connection: Connection, now: datetime) -> int:
    """Remove what counts no more; and every address in the clear, as programs of schema 0003 wrote it."""
    over = attempts.c.is_good.is_(False) & (attempts.c.at <= stamp(now - LIMITS.window))
    dated = or_(over, attempts.c.at < stamp(now - _KNOWN), attempts.c.address.not_like("_" * _HASH_LENGTH))
    return connection.execute(delete(attempts).where(dated)).rowcount


def _limits(subject: str, address: str) -> Iterator[tuple[ColumnElement[bool], int]]:
    of_subject, here = attempts.c.subject == subject, attempts.c.address == address
    if subject == CODES:
        yield of_subject & here, LIMITS.codes_per_address
        yield of_subject, LIMITS.codes_in_all
        return
    yield of_subject & here, LIMITS.per_pair
    yield here & (attempts.c.subject != CODES), LIMITS.per_address
    yield of_subject, LIMITS.per_name


def _is_known(connection: Connection, subject: str, source: str, now: datetime) -> bool:
    same = (attempts.c.subject == subject) & (attempts.c.address == source)
    good = select(attempts.c.id).where(same, attempts.c.is_good, attempts.c.at > stamp(now - _KNOWN)).limit(1)
    return connection.execute(good).first() is not None
