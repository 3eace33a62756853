"""Tables of the mission's people: accounts, how they come in, and what was done. Times: ISO UTC, whole seconds.

Secrets stand here only as hashes: passwords as argon2id, whatever is random already (session ids, codes, tokens) as
SHA-256.
"""

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from mission.transactions import append_only
from tally.storage.tables import table_of


class AccountRow(SQLModel, table=True):
    """One person. `pseudonym` is what others read; `password` is None for whoever comes in with a device only."""

    __tablename__ = "accounts"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str
    pseudonym: str = Field(unique=True)
    password: str | None = Field(default=None, sa_type=Text)
    created_at: str
    revoked_at: str | None = None


class SessionRow(SQLModel, table=True):
    """A session of a browser, by the hash of its id. It ends at `ends_at`, or some time after `seen_at`."""

    __tablename__ = "mission_sessions"

    hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="accounts.id", index=True)
    created_at: str
    seen_at: str
    ends_at: str


class InvitationRow(SQLModel, table=True):
    """A code, by its hash, that turns once into a device's token."""

    __tablename__ = "invitations"

    hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="accounts.id", index=True)
    made_at: str
    ends_at: str
    used_at: str | None = None


class DeviceRow(SQLModel, table=True):
    """A device's token, by its hash."""

    __tablename__ = "devices"

    hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="accounts.id", index=True)
    made_at: str
    ends_at: str


class ContactRow(SQLModel, table=True):
    """What a roster says of a person beside the account: gone after the mission, and never in an answer but `name`.

    `phone` is what a message is sent to; `sender` is a keyed hash of it, by which one that comes in is known;
    `reference` is what the roster's own house calls the person.
    """

    __tablename__ = "contacts"

    account_id: int = Field(primary_key=True, foreign_key="accounts.id")
    name: str | None = None
    phone: str | None = None
    sender: str | None = Field(default=None, unique=True)
    reference: str | None = Field(default=None, unique=True)


class SuspensionRow(SQLModel, table=True):
    """Who may not come in for now, since when and why; the line goes when it is over."""

    __tablename__ = "suspensions"

    account_id: int = Field(primary_key=True, foreign_key="accounts.id")
    at: str
    reason: str = Field(sa_type=Text)


class AttemptRow(SQLModel, table=True):
    """One attempt to come in. `subject`: "account/…", "(code)", or a keyed hash of a name nobody has.

    `address` is a keyed hash of one, or the hash of a token that a browser was given; nothing else is kept of either.
    """

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_of", "subject", "address", "at"), Index("attempts_from", "address", "at"))

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    address: str
    at: str
    is_good: bool


class DeedRow(SQLModel, table=True):
    """One line of the audit log: who did what to what. `actor_id` is None for the command line and for strangers."""

    __tablename__ = "deeds"

    id: int | None = Field(default=None, primary_key=True)
    at: str
    actor_id: int | None = None
    actor: str
    deed: str = Field(index=True)
    subject: str
    detail: str = Field(default="", sa_type=Text)


class IntakeRow(SQLModel, table=True):
    """One turn of the intake's switch; the newest line holds."""

    __tablename__ = "intake_turns"

    id: int | None = Field(default=None, primary_key=True)
    at: str
    by: str
    is_stopped: bool
    reason: str = Field(sa_type=Text)


accounts = table_of(AccountRow)
sessions = table_of(SessionRow)
invitations = table_of(InvitationRow)
devices = table_of(DeviceRow)
contacts = table_of(ContactRow)
suspensions = table_of(SuspensionRow)
attempts = table_of(AttemptRow)
deeds = append_only(DeedRow)
intake_turns = append_only(IntakeRow)
