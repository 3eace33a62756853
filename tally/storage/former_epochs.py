"""The epochs that restores ended: what was published under them, and how much of that still is the history."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct, structs
from sqlalchemy import Connection, delete, insert, inspect, select

from tally import moments
from tally.storage.store import CountInfo
from tally.storage.tables import ChangeSetRow, CountRow, FormerEpochRow, table_of

_counts, _sets, _former = table_of(CountRow), table_of(ChangeSetRow), table_of(FormerEpochRow)


class FormerEpoch(Struct, frozen=True):
    """An epoch of a count that a restore ended: up to version `kept` its history is the present one."""

    epoch: str
    election_id: str
    contest_id: str
    kept: int
    ended_at: str

    def is_of(self, info: CountInfo) -> bool:
        """Whether it was that count's."""
        return (self.election_id, self.contest_id) == (info.election_id, info.contest_id)


def former_epochs(connection: Connection) -> list[FormerEpoch]:
    """All that were ended, those of every count, oldest first; none of a schema that keeps none."""
    if not inspect(connection).has_table(_former.name):
        return []
    rows = connection.execute(select(_former).order_by(_former.c.ended_at, _former.c.epoch))
    return [FormerEpoch(**row) for row in rows.mappings()]


def remember(connection: Connection, ended: Iterable[FormerEpoch]) -> None:
    """Keep that those epochs, and no others, were ended; of one that came back and ended again what both ends left."""
    found: dict[str, FormerEpoch] = {}
    for one in ended:
        kept = min(one.kept, found.get(one.epoch, one).kept)
        found[one.epoch] = structs.replace(one, kept=kept)
    connection.execute(delete(_former))
    for one in found.values():
        connection.execute(insert(_former).values(structs.asdict(one)))


def ended_by_restore(source: Connection, target: Connection, now: datetime) -> list[FormerEpoch]:
    """The epochs that are over once what `source` holds stands in the place of what `target` does.

    What the backup says of an epoch is about the history that is restored; what only the database knows is compared.
    """
    at = moments.write(now)
    ours = {one.epoch: one for one in (*former_epochs(source), *_present(source, at))}
    theirs = {one.epoch: one for one in (*_present(target, at), *former_epochs(target))}
    common = {_count_of(one): _common(source, target, one) for one in theirs.values()}
    for epoch, one in theirs.items():
        kept = ours[epoch].kept if epoch in ours else min(one.kept, common[_count_of(one)])
        ours[epoch] = structs.replace(one, kept=kept)
    return list(ours.values())


def _present(connection: Connection, at: str) -> list[FormerEpoch]:
    rows = connection.execute(select(_counts.c.epoch, _counts.c.election_id, _counts.c.contest_id, _counts.c.seq))
    return [FormerEpoch(*row, ended_at=at) for row in rows]


def _count_of(one: FormerEpoch) -> tuple[str, str]:
    return one.election_id, one.contest_id


def _common(source: Connection, target: Connection, one: FormerEpoch) -> int:
    """Up to which version both have the same sets of changes."""
    last = 0
    for (seq, at), other in zip(_versions(source, one), _versions(target, one), strict=False):
        if (seq, at) != other:
            break
        last = seq
    return last


def _versions(connection: Connection, one: FormerEpoch) -> Iterator[tuple[int, str]]:
    of_count = (_counts.c.election_id == one.election_id) & (_counts.c.contest_id == one.contest_id)
    sets = select(_sets.c.seq, _sets.c.at).join(_counts, _counts.c.id == _sets.c.count_id)
    return ((row.seq, row.at) for row in connection.execute(sets.where(of_count).order_by(_sets.c.seq)))
