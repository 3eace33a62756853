"""Of which versions a count's files are due: at its checkpoints, and of its newest one at a bounded pace."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from api.tables.sets.index import PublishedSet, SetProgress
from mission.flags.checkpoints import Checkpoint, CountProgress, next_checkpoint
from mission.flags.thresholds import Checkpoints
from tally.changes import Entry
from tally.keys import NATION
from tally.model import AreaState
from tally.storage.store import CountInfo, Store


class DueSet(Struct, frozen=True):
    """A version of which there are to be files; `checkpoint` is None of one that is not kept for ever."""

    seq: int
    as_of: str
    checkpoint: str | None
    progress: SetProgress | None


class CheckpointBook:
    """The checkpoints of one count, found by reading on how its whole has stood: the same whoever reads, and whenever.

    The rule is that of the mission's flags, whether or not there is a mission; but totals and actas have both passed.
    """

    def __init__(self, info: CountInfo, limits: Checkpoints) -> None:
        self._count_id, self._limits = info.id, limits
        self._read, self._passed = 0, list[Checkpoint]()
        self.progress: SetProgress | None = None

    def read_on(self, store: Store, until: int) -> list[DueSet]:
        """All checkpoints up to a version, oldest first.

        Raises: StoreUnavailable.
        """
        for entry in store.histories(self._count_id, [NATION], self._read, until):
            self._take(entry)
        self._read = max(self._read, until)
        return [DueSet(one.seq, one.as_of, one.name, _plain(one.progress)) for one in self._passed]

    def _take(self, entry: Entry) -> None:
        found = _how_far(entry.change.data)
        if found is None:
            return
        self.progress = _plain(found)
        name = next_checkpoint(found, self._passed, self._limits)
        if name is not None:
            taken = len(self._passed)
            self._passed.append(
                Checkpoint(id=taken, name=name, seq=entry.seq, as_of=entry.at, frozen_at=entry.at, progress=found)
            )


def _how_far(nation: bytes) -> CountProgress | None:
    """By whichever is behind, the source's totals or what we know of its actas; None until a total is published."""
    state = msgspec.json.decode(nation, type=AreaState)
    ours, stated = state.computed, state.published
    if stated is None:
        return None
    sides = [(stated.counted, stated.at_jee)]
    if ours.total:  # a source may show no actas at all
        sides.append((ours.counted, ours.at_jee))
    counted, at_jee = min(sides)
    total = max(ours.total, stated.total)
    return CountProgress(counted, at_jee, total - counted - at_jee, total)


def _plain(progress: CountProgress) -> SetProgress:
    return SetProgress(progress.counted, progress.at_jee, progress.pending, progress.total)


def missing_checkpoints(passed: Sequence[DueSet], there: Sequence[PublishedSet]) -> list[DueSet]:
    """Those without files, the newest first. A version that an earlier epoch published is the same one."""
    have = {(one.seq, one.as_of) for one in there if one.checkpoint is not None}
    return [one for one in reversed(passed) if (one.seq, one.as_of) not in have]
