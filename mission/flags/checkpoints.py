"""When flags are frozen: at shares of the actas counted, and as batches come back from the electoral juries."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from mission.flags.thresholds import Checkpoints
from tally.model import AreaState


class CountProgress(Struct, frozen=True):
    """How far a count is, in actas: ours, of as many as the source or we know of."""

    counted: int
    at_jee: int
    pending: int
    total: int


class Checkpoint(Struct, frozen=True, kw_only=True):
    """A frozen one: its name is a percentage ("95") or "jee-" and the actas that were still at the juries."""

    id: int
    name: str
    seq: int
    as_of: str
    frozen_at: str
    progress: CountProgress


def progress_of(nation: bytes) -> CountProgress:
    """From the canonical value of the nation. A source that states more actas than we know of is believed."""
    state = msgspec.json.decode(nation, type=AreaState)
    ours, stated = state.computed, state.published
    total = ours.total if stated is None else max(ours.total, stated.total)
    return CountProgress(ours.counted, ours.at_jee, total - ours.counted - ours.at_jee, total)


def next_checkpoint(progress: CountProgress, frozen: Sequence[Checkpoint], limits: Checkpoints) -> str | None:
    """Name of the checkpoint that is due, None if none is. `frozen` are those of this history, oldest first.

    Whoever comes late freezes the highest share that was passed, and none of the lower ones.
    """
    if progress.total <= 0:
        return None
    names = {checkpoint.name for checkpoint in frozen}
    passed = [share for share in limits.percent if progress.counted * 100 >= share * progress.total]
    done = max((int(name) for name in names if name.isdigit()), default=-1)
    if passed and passed[-1] > done:
        return str(passed[-1])
    name = f"jee-{progress.at_jee}"
    return name if name not in names and _is_batch(progress, frozen, limits.jee_batch) else None


def _is_batch(progress: CountProgress, frozen: Sequence[Checkpoint], batch: int) -> bool:
    """Whether nothing is pending any more, and the juries gave back a batch since the last checkpoint like that."""
    if progress.pending > 0 or progress.at_jee == 0:
        return False
    before = [checkpoint.progress.at_jee for checkpoint in frozen if checkpoint.progress.pending == 0]
    return not before or before[-1] - progress.at_jee >= batch
