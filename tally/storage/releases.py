"""Requests to release held values: asked for by a person at any time, carried out by the one writer."""

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select, update

from tally.board import Release
from tally.errors import InvalidInput, NotFound
from tally.rules.issues import Issue
from tally.storage.database import transaction
from tally.storage.store import Store
from tally.storage.tables import ReleaseRow, table_of

_releases = table_of(ReleaseRow)


class ReleaseRequest(Struct, frozen=True):
    """A request that the writer has not dealt with yet."""

    id: int
    count_id: int
    release: Release


class _Held(Struct):
    """The part of a value that says why a newer one is held."""

    held: list[Issue] = []


def find_held(store: Store, count_id: int, key: str) -> list[Issue]:
    """The rules for which a newer value of that key is held.

    Raises: NotFound: there is no such key. InvalidInput: nothing is held under it.
    """
    history = store.history(count_id, key)
    if not history:
        raise NotFound(f"this count has nothing under {key!r}")
    held = msgspec.json.decode(history[-1].change.data, type=_Held).held
    if not held:
        raise InvalidInput(f"nothing is held under {key!r}")
    return held


def request_release(store: Store, count_id: int, release: Release, at: str) -> None:
    """Record a decision; the writer carries it out within seconds.

    Raises: StoreUnavailable.
    """
    values = {"count_id": count_id, "key": release.key, "by": release.by, "reason": release.reason, "at": at}
    with transaction(store.engine) as connection:
        connection.execute(insert(_releases).values(**values))


def open_requests(store: Store) -> list[ReleaseRequest]:
    """Requests of all counts still to be dealt with, oldest first."""
    with transaction(store.engine) as connection:
        rows = connection.execute(select(_releases).where(_releases.c.done_at.is_(None)).order_by(_releases.c.id))
        return [ReleaseRequest(row.id, row.count_id, Release(row.key, row.by, row.reason)) for row in rows]


def close_request(store: Store, request: ReleaseRequest, at: str, seq: int | None) -> None:
    """Say that a request was dealt with: `seq` is the version that released the value, None if nothing was held."""
    with transaction(store.engine) as connection:
        connection.execute(update(_releases).where(_releases.c.id == request.id).values(done_at=at, seq=seq))
