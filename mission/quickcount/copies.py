"""Copies of actas that observers make at the mesa: entered blind, twice, and when they stand."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from mission.quickcount.estimate import Copy


class CopyState(StrEnum):
    """Of one mesa: nobody copied it; one entry alone; entries that differ; two alike; one with a photo; decided."""

    MISSING = "missing"
    ALONE = "alone"
    OPEN = "open"
    ALIKE = "alike"
    PHOTO = "photo"
    DECIDED = "decided"


class CopyFault(StrEnum):
    """What does not add up in a copy; it is taken all the same. roll: its voters are not those of the mesa's roll."""

    SUM = "sum"
    OVER = "over"
    ROLL = "roll"


class CopyEntry(Struct, frozen=True):
    """One entry: `id` in its quick count's log, `entry` the first or second of that observer; hashes of its photos."""

    id: int
    at: str
    observer: str
    mesa: str
    entry: int
    copy: Copy
    key: str
    photos: tuple[str, ...] = ()


class CopyDecision(Struct, frozen=True):
    """Which entry stands where entries differ, by whom and why."""

    id: int
    at: str
    by: str
    entry: int
    reason: str


class MesaStanding(Struct, frozen=True):
    """How a mesa stands; `copy` once something stands, and `id` of the entry or decision from which on it did."""

    state: CopyState
    copy: Copy | None = None
    id: int = 0
    at: str = ""


def find_faults(copy: Copy, roll: int | None) -> tuple[CopyFault, ...]:
    """What does not add up. A figure that was not legible makes no fault."""
    faults, parts = [], (*copy.votes, copy.blank, copy.null, copy.challenged)
    known = [part for part in parts if part is not None]
    if copy.cast is not None and len(known) == len(parts) and sum(known) != copy.cast:
        faults.append(CopyFault.SUM)
    registered = roll if copy.registered is None else copy.registered
    if copy.cast is not None and registered is not None and copy.cast > registered:
        faults.append(CopyFault.OVER)
    if None not in (roll, copy.registered) and roll != copy.registered:
        faults.append(CopyFault.ROLL)
    return tuple(faults)


def newest(entries: Sequence[CopyEntry]) -> list[CopyEntry]:
    """The entries that count: of each observer's first and second the last that was sent, in the order they came."""
    last = {(entry.observer, entry.entry): entry for entry in entries}
    return sorted(last.values(), key=lambda entry: entry.id)


def stand(entries: Sequence[CopyEntry], decision: CopyDecision | None = None) -> MesaStanding:
    """How a mesa of the sample stands by its entries, in the order they came."""
    if decision is not None:
        chosen = next(entry for entry in entries if entry.id == decision.entry)
        return MesaStanding(CopyState.DECIDED, chosen.copy, decision.id, decision.at)
    own, alike = newest(entries), defaultdict[Copy, list[CopyEntry]](list)
    if not own:
        return MesaStanding(CopyState.MISSING)
    for entry in own:
        alike[entry.copy].append(entry)
    pairs = [same for same in alike.values() if len(same) > 1]
    if len(pairs) == 1:
        second = pairs[0][1]
        return MesaStanding(CopyState.ALIKE, second.copy, second.id, second.at)
    if len(own) > 1:
        return MesaStanding(CopyState.OPEN)
    [only] = own
    return MesaStanding(CopyState.PHOTO, only.copy, only.id, only.at) if only.photos else MesaStanding(CopyState.ALONE)
