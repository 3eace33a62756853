"""Held values, and requests to release them: asked for by a person at any time, carried out by the one writer."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

import msgspec
from msgspec import Struct
from sqlalchemy import insert, literal_column, select, update

from tally.board import Release
from tally.changes import Entry, Kind
from tally.errors import InvalidInput, NotFound
from tally.rules.issues import Issue
from tally.storage.database import transaction
from tally.storage.store import CountInfo, Store
from tally.storage.tables import ChangeRow, ReleaseRow, table_of

_changes = table_of(ChangeRow)
_releases = table_of(ReleaseRow)


class ReleaseRequest(Struct, frozen=True):
    """A request that the writer has not dealt with yet."""

    id: int
    count_id: int
    release: Release


class HeldValue(Struct, frozen=True):
    """A key of which a newer value is held `since` then (ISO UTC), and the rules it breaks."""

    key: str
    since: str
    issues: tuple[Issue, ...]


class _Held(Struct):
    """The part of a value that says why a newer one is held."""

    held: list[Issue] = []


def open_holds(store: Store, infos: Iterable[CountInfo]) -> dict[int, list[HeldValue]]:
    """What is held just now, by the id of its count, oldest first; counts with nothing held are left out.

    One question by the small index of what is no update, and one more for each count that ever held something.
    """
    wanted = [info.id for info in infos]
    # Said so that the small index serves.
    noted = (_changes.c.kind == Kind.HOLD.value) & (_changes.c.kind != literal_column("'update'"))
    query = select(_changes.c.count_id, _changes.c.key).where(noted, _changes.c.count_id.in_(wanted)).distinct()
    keys: dict[int, list[str]] = {}
    with transaction(store.engine) as connection:
        for row in connection.execute(query):
            keys.setdefault(row.count_id, []).append(row.key)
    found = {count_id: _held_now(store.histories(count_id, own)) for count_id, own in keys.items()}
    return {count_id: held for count_id, held in found.items() if held}


def _held_now(entries: Sequence[Entry]) -> list[HeldValue]:
    """Of values that some keys had, oldest first: which are held, and since when without a break."""
    histories: dict[str, list[Entry]] = {}
    for entry in entries:
        histories.setdefault(entry.change.key, []).append(entry)
    held = [
        HeldValue(key, run[-1].at, tuple(_issues(run[0])))
        for key, history in histories.items()
        if (run := list(takewhile(_issues, reversed(history))))
    ]
    return sorted(held, key=lambda one: (one.since, one.key))


def _issues(entry: Entry) -> list[Issue]:
    return msgspec.json.decode(entry.change.data, type=_Held).held


def find_held(store: Store, count_id: int, key: str) -> list[Issue]:
    """The rules for which a newer value of that key is held.

    Raises: NotFound: there is no such key. InvalidInput: nothing is held under it.
    """
    history = store.history(count_id, key)
    if not history:
        raise NotFound(f"this count has nothing under {key!r}")
    held = _issues(history[-1])
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
