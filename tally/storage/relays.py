"""Answers handed over by an authorised relay: kept here until the one writer has taken them in."""

from msgspec import Struct
from sqlalchemy import func, insert, select, update

from tally.storage.database import transaction
from tally.storage.store import Store
from tally.storage.tables import RelayRow, table_of

_relays = table_of(RelayRow)


class Relayed(Struct, frozen=True):
    """One answer of the source as somebody else was given it: its address, when it was fetched (ISO UTC), its bytes."""

    url: str
    fetched_at: str
    body: bytes
    id: int = 0


def keep_relayed(store: Store, election_id: str, relayed: Relayed, at: str) -> int:
    """Keep an answer; returned after the commit.

    Raises: StoreUnavailable.
    """
    values = {"election_id": election_id, "url": relayed.url, "fetched_at": relayed.fetched_at, "body": relayed.body}
    with transaction(store.engine) as connection:
        made = connection.execute(insert(_relays).values(**values, received_at=at).returning(_relays.c.id))
        return int(made.scalar_one())


def open_relayed(store: Store, election_id: str, limit: int) -> list[Relayed]:
    """Answers not taken in yet, oldest first."""
    where = (_relays.c.election_id == election_id) & (_relays.c.done_at.is_(None))
    with transaction(store.engine) as connection:
        rows = connection.execute(select(_relays).where(where).order_by(_relays.c.id).limit(limit))
        return [Relayed(row.url, row.fetched_at, row.body, row.id) for row in rows]


def count_open_relayed(store: Store, election_id: str) -> int:
    """How many answers wait."""
    where = (_relays.c.election_id == election_id) & (_relays.c.done_at.is_(None))
    with transaction(store.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(_relays).where(where)).scalar_one())


def close_relayed(store: Store, relayed: Relayed, at: str, facts: int) -> None:
    """Say that an answer was taken in and how many facts it gave; its bytes are in the archive from now on."""
    values = {"done_at": at, "facts": facts, "body": b""}
    with transaction(store.engine) as connection:
        connection.execute(update(_relays).where(_relays.c.id == relayed.id).values(**values))
