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


class _Passed:
    """The checkpoints that were passed, as they are met in the log."""

    def __init__(self, limits: Checkpoints) -> None:
        self._limits, self._found = limits, list[Checkpoint]()

    def take(self, entry: Entry, progress: CountProgress) -> None:
        """How far the count was at the next version."""
        name = next_checkpoint(progress, self._found, self._limits)
        if name is not None:
            at, number = entry.at, len(self._found)
            self._found.append(
                Checkpoint(id=number, name=name, seq=entry.seq, as_of=at, frozen_at=at, progress=progress)
            )

    def due(self) -> list[DueSet]:
        """All of them, oldest first."""
        return [DueSet(one.seq, one.as_of, one.name, _plain(one.progress)) for one in self._found]


class CheckpointBook:
    """The checkpoints of one count, found by reading on how its whole has stood: the same whoever reads, and whenever.

    The rule is that of the mission's flags, whether or not there is a mission; but totals and actas have both passed.
    `has_actas`: whether the source shows any. Before the first was read, and where it never does, its totals are all.
    """

    def __init__(self, info: CountInfo, limits: Checkpoints) -> None:
        self._count_id, self._read = info.id, 0
        self._of_totals, self._of_both = _Passed(limits), _Passed(limits)
        self.has_actas = False
        self.progress: SetProgress | None = None

    def read_on(self, store: Store, until: int) -> list[DueSet]:
        """All checkpoints up to a version, oldest first.

        Raises: StoreUnavailable.
        """
        for entry in store.histories(self._count_id, [NATION], self._read, until):
            self._take(entry)
        self._read = max(self._read, until)
        return (self._of_both if self.has_actas else self._of_totals).due()

    def _take(self, entry: Entry) -> None:
        state = msgspec.json.decode(entry.change.data, type=AreaState)
        ours, stated = state.computed, state.published
        self.has_actas = ours.total > 0
        if stated is None:
            return
        sides = [(stated.counted, stated.at_jee)]
        if self.has_actas:
            sides.append((ours.counted, ours.at_jee))
        counted, at_jee = min(sides)
        total = max(ours.total, stated.total)
        found = CountProgress(counted, at_jee, total - counted - at_jee, total)
        self.progress = _plain(found)
        (self._of_both if self.has_actas else self._of_totals).take(entry, found)


def _plain(progress: CountProgress) -> SetProgress:
    return SetProgress(progress.counted, progress.at_jee, progress.pending, progress.total)


def missing_checkpoints(passed: Sequence[DueSet], there: Sequence[PublishedSet], epoch: str) -> list[DueSet]:
    """Those without files, the newest first. A version that an earlier epoch published is the same one.

    One that has files in this epoch as no checkpoint, because it was none by other limits, keeps those until they go.
    """
    have = {(one.seq, one.as_of) for one in there if one.checkpoint is not None or one.epoch == epoch}
    return [one for one in reversed(passed) if (one.seq, one.as_of) not in have]
