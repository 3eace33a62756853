"""How all counts of an election stood at a moment: of each the version then, and the newest values of a few keys."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select

from tally.storage.database import transaction
from tally.storage.queries import BY_KEY, is_by
from tally.storage.store import Store
from tally.storage.tables import ChangeRow, ChangeSetRow, CountRow, table_of

_counts, _sets, _changes = (table_of(row) for row in (CountRow, ChangeSetRow, ChangeRow))


class PastStanding(Struct, frozen=True):
    """One count at its version `seq`, published `at`; `values` in the order of the keys, None for one without."""

    seq: int
    at: str
    values: tuple[bytes | None, ...]


def standings_at(store: Store, election_id: str, at: str, keys: Sequence[str]) -> dict[str, PastStanding]:
    """By contest, how each stood at a moment (ISO UTC); one without a version by then is not among them.

    One question for all of them: thousands of contests asked one by one would take seconds.
    """
    with transaction(store.engine) as connection:
        rows = connection.execute(_standings(election_id, at, keys)).all()
    return {
        contest: PastStanding(seq, stamp, tuple(None if value is None else value.encode() for value in values))
        for contest, seq, stamp, *values in rows
    }


def _standings(election_id: str, at: str, keys: Sequence[str]) -> Select[Any]:
    own = (_sets.c.count_id == _counts.c.id) & is_by(at)
    version = select(_sets.c.seq).where(own).order_by(_sets.c.seq.desc()).limit(1).scalar_subquery().label("seq")
    then = select(_counts.c.id, _counts.c.contest_id, version).where(_counts.c.election_id == election_id).cte("then")
    values = [
        select(_changes.c.data)
        .where(_changes.c.count_id == then.c.id, _changes.c.key == key, _changes.c.seq <= then.c.seq)
        .order_by(_changes.c.seq.desc())
        .limit(1)
        .with_hint(_changes, BY_KEY, "sqlite")
        .scalar_subquery()
        .label(f"value_{number}")
        for number, key in enumerate(keys)
    ]
    stood = then.join(_sets, (_sets.c.count_id == then.c.id) & (_sets.c.seq == then.c.seq))
    return select(then.c.contest_id, then.c.seq, _sets.c.at, *values).select_from(stood)
