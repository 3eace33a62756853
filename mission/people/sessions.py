"""Sessions of browsers: begun with a password, ended by signing out, by silence, by time, or with the account."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, insert, select, update

from mission.people.accounts import Account, account_of, stamp
from mission.people.attempts import LIMITS, Origin, Origins, Standing, judge, note_failure, note_success, subject_of
from mission.people.auditlog import STRANGER, Action, Actor, record
from mission.people.passwords import Passwords
from mission.people.suspensions import check_suspension, is_suspended, refuse_suspended
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
    origin: Origin
    earlier: str | None = None


def check_throttle(engine: Engine, origins: Origins, claim: Claim, now: datetime) -> Standing:
    """How the claim will be counted, before it waits for anything; nothing is counted yet.

    Raises: TooMany.
    """
    name = _normal(claim)
    try:
        with transaction(engine) as connection:
            return judge(connection, subject_of(connection, origins, name), claim.origin, now)
    except TooMany:
        _tell_throttled(engine, name, now)
        raise


def log_in(engine: Engine, passwords: Passwords, origins: Origins, claim: Claim, now: datetime) -> tuple[str, Session]:
    """A new session and its id, which is told once. An id the browser brought is ended, never taken over.

    Raises: TooMany. Unidentified: wrong, in the same time and the same words whether or not there is such a name.
    Suspended: right, but not for now.
    """
    name = _normal(claim)
    with exclusive(engine) as connection:
        subject = subject_of(connection, origins, name)
        attempt = note_failure(connection, judge(connection, subject, claim.origin, now), now)
        row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
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
        check_suspension(connection, found.id)
        note_success(connection, attempt, subject, claim.origin, now)
        account = account_of(found)
        if claim.earlier is not None:
            connection.execute(delete(sessions).where(sessions.c.hash == hash_of(claim.earlier)))
        connection.execute(delete(sessions).where(sessions.c.ends_at <= stamp(now)))
        values = {"hash": hash_of(token), "account_id": account.id, "created_at": stamp(now), "seen_at": stamp(now)}
        connection.execute(insert(sessions).values(**values, ends_at=ends_at))
        record(connection, stamp(now), Actor(account.id, account.name), Action.SIGNED_IN, account.name)
    return token, Session(account, hash_of(token), min(ends_at, stamp(now + IDLE)))


def _normal(claim: Claim) -> str:
    return claim.name.strip().lower()


def _tell_throttled(engine: Engine, name: str, now: datetime) -> None:
    """One line for each account and while: whoever is shut out cannot fill the log. Names nobody has stay unsaid."""
    with transaction(engine) as connection:
        known = connection.execute(select(accounts.c.name).where(accounts.c.name == name)).scalar() or "(no such name)"
        if _is_told(connection, known, now):
            return
    with exclusive(engine) as connection:
        if not _is_told(connection, known, now):
            record(connection, stamp(now), STRANGER, Action.SIGN_IN_THROTTLED, known)


def _is_told(connection: Connection, known: str, now: datetime) -> bool:
    of_them = (deeds.c.deed == Action.SIGN_IN_THROTTLED.value) & (deeds.c.subject == known)
    told = select(deeds.c.id).where(of_them, deeds.c.at > stamp(now - LIMITS.window)).limit(1)
    return connection.execute(told).first() is not None


def find_session(engine: Engine, token: str, now: datetime) -> Session:
    """The session of that id; to ask for it keeps it alive.

    Raises: Unidentified: there is none, or it ended. Suspended.
    """
    kept = hash_of(token)
    with transaction(engine) as connection:
        chosen = select(accounts, sessions.c.seen_at, sessions.c.ends_at, is_suspended(connection))
        found = chosen.join(sessions, sessions.c.account_id == accounts.c.id)
        row = connection.execute(found.where(sessions.c.hash == kept, accounts.c.revoked_at.is_(None))).first()
        if row is None or row.ends_at <= stamp(now) or moments.read(row.seen_at) + IDLE <= now:
            raise Unidentified("there is no such session, or it ended; sign in")
        refuse_suspended(row)
        if moments.read(row.seen_at) + _NOTED <= now:
            connection.execute(update(sessions).where(sessions.c.hash == kept).values(seen_at=stamp(now)))
    return Session(account_of(row), kept, min(row.ends_at, stamp(now + IDLE)))


def log_out(engine: Engine, session: Session, now: datetime) -> None:
    """End a session."""
    with exclusive(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.hash == session.hash))
        actor = Actor(session.account.id, session.account.name)
        record(connection, stamp(now), actor, Action.SIGNED_OUT, session.account.name)
