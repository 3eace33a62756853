"""When flags are frozen: at shares of the actas counted, and as batches come back from the electoral juries."""

import re
from collections.abc import Sequence
from itertools import count

import msgspec
from msgspec import Struct

from mission.flags.thresholds import Checkpoints
from tally.model import AreaState


class CountProgress(Struct, frozen=True):
    """How far a count is, in actas: ours, of as many as are published, or known if they are more."""

    counted: int
    at_jee: int
    pending: int
    total: int


class Checkpoint(Struct, frozen=True, kw_only=True):
    """A frozen one: its name is a percentage ("95") or "jee-" and the actas that were still at the juries.

    One that was taken again has its number behind that: "95-2".
    """

    id: int
    name: str
    seq: int
    as_of: str
    frozen_at: str
    progress: CountProgress


def progress_of(nation: bytes) -> CountProgress | None:
    """From the canonical value of the nation, None until a total is published; of no fewer actas than we know."""
    state = msgspec.json.decode(nation, type=AreaState)
    ours, stated = state.computed, state.published
    if stated is None:
        return None
    total = max(ours.total, stated.total)
    return CountProgress(ours.counted, ours.at_jee, total - ours.counted - ours.at_jee, total)


def is_wrong(checkpoint: Checkpoint, total: int) -> bool:
    """Whether it was taken below its share of so many actas: the published total it went by was too small."""
    progress, share = checkpoint.progress, _share_of(checkpoint.name)
    if share is None:
        return progress.counted + progress.at_jee < total
    return progress.counted * 100 < share * total


def next_checkpoint(progress: CountProgress, frozen: Sequence[Checkpoint], limits: Checkpoints) -> str | None:
    """Name of the checkpoint that is due, None if none is. `frozen` are those of this history, oldest first.

    Whoever comes late freezes the highest share that was passed, and none of the lower ones. One that proved wrong is
    taken again, as "50-2".
    """
    if progress.total <= 0:
        return None
    sound = [checkpoint for checkpoint in frozen if not is_wrong(checkpoint, progress.total)]
    shares = [_share_of(checkpoint.name) for checkpoint in sound]
    passed = [share for share in limits.percent if progress.counted * 100 >= share * progress.total]
    if passed and passed[-1] > max((share for share in shares if share is not None), default=-1):
        return _again(str(passed[-1]), frozen)
    name = f"jee-{progress.at_jee}"
    is_due = name not in {checkpoint.name for checkpoint in sound} and _is_batch(progress, sound, limits.jee_batch)
    return _again(name, frozen) if is_due else None


def _share_of(name: str) -> int | None:
    """Of "50" or "50-2"; None for a batch from the juries."""
    match = re.fullmatch(r"([0-9]+)(?:-[0-9]+)?", name)
    return None if match is None else int(match[1])


def _again(name: str, frozen: Sequence[Checkpoint]) -> str:
    """The name, or the next one of that name."""
    taken = {checkpoint.name for checkpoint in frozen}
    later = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(one for one in later if one not in taken)


def _is_batch(progress: CountProgress, frozen: Sequence[Checkpoint], batch: int) -> bool:
    """Whether nothing is pending any more, and the juries gave back a batch since the last checkpoint like that."""
    if progress.pending > 0 or progress.at_jee == 0:
        return False
    before = [checkpoint.progress.at_jee for checkpoint in frozen if checkpoint.progress.pending == 0]
    return not before or before[-1] - progress.at_jee >= batch
