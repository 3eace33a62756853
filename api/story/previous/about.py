"""What is told of the election before: which it is, how it ended, and which of its lists are compared."""

import datetime

from msgspec import Struct

from api.story.previous.former_counts import Compared, ComparedList
from tally.previous.declaration import MesaNumbers


class PreviousElection(Struct, frozen=True, kw_only=True):
    """The election before, as this installation holds its count. `counted` of `total` actas are in its figures.

    mesas: whether a mesa's number means the same in both. source: what the correspondence of units rests on.
    """

    id: str
    name: dict[str, str]
    date: datetime.date
    epoch: str
    seq: int
    as_of: str
    counted: int | None
    total: int | None
    lists: tuple[ComparedList, ...]
    mesas: MesaNumbers
    source: dict[str, str]


def describe(compared: Compared) -> PreviousElection:
    """Everything that is told of it."""
    former, election = compared.former, compared.election
    counted, total = former.actas or (None, None)
    return PreviousElection(
        id=election.id,
        name=election.name,
        date=election.date,
        epoch=former.epoch,
        seq=former.seq,
        as_of=former.as_of,
        counted=counted,
        total=total,
        lists=compared.lists,
        mesas=compared.declared.mesas,
        source=compared.declared.source,
    )
