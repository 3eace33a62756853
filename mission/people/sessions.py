"""Sessions of browsers: begun with a password, ended by signing out, by silence, by time, or with the account."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select, update

from mission.people.accounts import Account, account_of, stamp
from mission.people.attempts import WINDOW, begin_attempt, end_attempt
from mission.people.auditlog import STRANGER, Action, Actor, record
from mission.people.passwords import Passwords
from mission.people.tables import accounts, deeds, sessions
from mission.people.tokens import hash_of, new_token
from mission.thresholds import THRESHOLDS
from mission.transactions import exclusive
from tally import moments
from tally.errors import TooMany, Unidentified
from tally.storage.database import transaction

IDLE = timedelta(minutes=THRESHOLDS.sessions.idle_minutes)
ABSOLUTE = timedelta(hours=THRESHOLDS.sessions.absolute_hours)
# A session in use is not written at every request.
_NOTED = timedelta(minutes=1)
_REFUSED = "name or password is wrong"


class Session(Struct, frozen=True):
    """A session: whose, and until when (ISO UTC) if nothing more is asked."""

    account: Account
    hash: str
    expires_at: str


class Claim(Struct, frozen=True):
    """What somebody says who wants to come in, from where, and the session id their browser already has."""

    name: str
    password: str
    address: str
    earlier: str | None = None


def log_in(engine: Engine, passwords: Passwords, claim: Claim, now: datetime) -> tuple[str, Session]:
    """A new session and its id, which is told once. An id the browser brought is ended, never taken over.

    Raises: TooMany. Unidentified: wrong, in the same time and the same words whether or not there is such a name.
    """
    name = claim.name.strip().lower()
    try:
        with exclusive(engine) as connection:
            attempt = begin_attempt(connection, name, claim.address, now)
            row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
    except TooMany:
        _tell_throttled(engine, name, claim.address, now)
        raise
    kept = None if row is None or row.revoked_at is not None else row.password
    # Outside of any transaction: this takes long, by design.
    if not passwords.is_right(kept, claim.password) or row is None or kept is None:
        raise Unidentified(_REFUSED)
    better = passwords.hash(claim.password) if passwords.is_dated(kept) else kept
    token, ends_at = new_token(), stamp(now + ABSOLUTE)
    with exclusive(engine) as connection:
        # Somebody may have revoked the account or changed its password meanwhile.
        same = (accounts.c.id == row.id) & (accounts.c.password == kept) & accounts.c.revoked_at.is_(None)
        found = connection.execute(update(accounts).where(same).values(password=better).returning(accounts)).first()
        if found is None:
            raise Unidentified(_REFUSED)
        end_attempt(connection, attempt)
        account = account_of(found)
        if claim.earlier is not None:
            connection.execute(delete(sessions).where(sessions.c.hash == hash_of(claim.earlier)))
        connection.execute(delete(sessions).where(sessions.c.ends_at <= stamp(now)))
        values = {"hash": hash_of(token), "account_id": account.id, "created_at": stamp(now), "seen_at": stamp(now)}
        connection.execute(insert(sessions).values(**values, ends_at=ends_at))
        record(connection, stamp(now), Actor(account.id, account.name), Action.SIGNED_IN, account.name, claim.address)
    return token, Session(account, hash_of(token), min(ends_at, stamp(now + IDLE)))


def _tell_throttled(engine: Engine, name: str, address: str, now: datetime) -> None:
    """One line for each address and while: whoever is shut out cannot fill the log. Names nobody has stay unsaid."""
    with exclusive(engine) as connection:
        told = (
            (deeds.c.deed == Action.SIGN_IN_THROTTLED.value)
            & (deeds.c.detail == address)
            & (deeds.c.at > stamp(now - WINDOW))
        )
        if connection.execute(select(deeds.c.id).where(told).limit(1)).first() is None:
            known = connection.execute(select(accounts.c.name).where(accounts.c.name == name)).scalar()
            record(connection, stamp(now), STRANGER, Action.SIGN_IN_THROTTLED, known or "(no such name)", address)


def find_session(engine: Engine, token: str, now: datetime) -> Session:
    """The session of that id; to ask for it keeps it alive.

    Raises: Unidentified: there is none, or it ended.
    """
    found = select(accounts, sessions.c.seen_at, sessions.c.ends_at).join(
        sessions, sessions.c.account_id == accounts.c.id
    )
    kept = hash_of(token)
    with transaction(engine) as connection:
        row = connection.execute(found.where(sessions.c.hash == kept, accounts.c.revoked_at.is_(None))).first()
        if row is None or row.ends_at <= stamp(now) or moments.read(row.seen_at) + IDLE <= now:
            raise Unidentified("there is no such session, or it ended; sign in")
        if moments.read(row.seen_at) + _NOTED <= now:
            connection.execute(update(sessions).where(sessions.c.hash == kept).values(seen_at=stamp(now)))
    return Session(account_of(row), kept, min(row.ends_at, stamp(now + IDLE)))


def log_out(engine: Engine, session: Session, now: datetime) -> None:
    """End a session."""
    with exclusive(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.hash == session.hash))
        actor = Actor(session.account.id, session.account.name)
        record(connection, stamp(now), actor, Action.SIGNED_OUT, session.account.name)
