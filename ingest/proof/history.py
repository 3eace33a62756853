"""A count's published history: complete, the one that the sealed marks name, and made of the raw bytes it names."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from ingest.proof.evidence import ArchiveContents, Progress
from ingest.proof.replay import Replay
from tally.chain import chain
from tally.changes import ChangeSet
from tally.storage.former_epochs import FormerEpoch
from tally.storage.store import CountInfo, Store

_BATCH = 50


class CountHistory(Struct):
    """What the reading of one count found. `chains`: the hash of the history by version, 0 for the empty one.

    `formats`: those that its log is written in.
    """

    info: CountInfo
    chains: dict[int, str] = field(default_factory=lambda: {0: ""})
    begins: str | None = None
    ends: str | None = None
    values: int = 0
    formats: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def read_history(
    store: Store,
    info: CountInfo,
    replay: Replay,
    evidence: ArchiveContents,
    progress: Progress,
    former: Sequence[FormerEpoch] = (),
) -> CountHistory:
    """Read and replay all versions; the replay ends with the first that differs, or with `info.seq`.

    `former`: epochs under which a part of it may have been sealed.

    Raises: StoreUnavailable.
    """
    history, sealed = CountHistory(info), _Sealed(info, evidence, former)
    digest, is_same = "", True
    for changes in _versions(store, info, history):
        digest = history.chains[changes.seq] = chain(digest, changes)
        history.begins, history.ends = history.begins or changes.at, changes.at
        history.formats.add(changes.format)
        if is_same and changes.seq <= info.seq:
            faults = replay.check(changes) + sealed.check(changes)
            history.faults += faults
            is_same = not faults
        progress(f"versions of {info.election_id} made again", min(changes.seq, info.seq), info.seq)
    history.values = replay.changes
    if is_same:
        history.faults += replay.check_sums()
    else:
        history.faults.append("the replay ended with that version")
    return history


class _Sealed:
    """Which mark first covers a version."""

    def __init__(self, info: CountInfo, evidence: ArchiveContents, former: Sequence[FormerEpoch]) -> None:
        kept = {one.epoch: one.kept for one in former}
        marks = sorted(
            (mark.seq, index)
            for index, mark in evidence.marks
            if mark.epoch == info.epoch or mark.seq <= kept.get(mark.epoch, -1)
        )
        self._indices, self._seqs = [index for _, index in marks], [seq for seq, _ in marks]
        self._answers = evidence.answers

    def check(self, changes: ChangeSet) -> list[str]:
        """Bytes that came into the log only after the mark of the version that names them."""
        place = bisect_left(self._seqs, changes.seq)
        if place == len(self._seqs):
            return []
        late = []
        for src in {change.src for change in changes.changes if change.src is not None}:
            for part in src.split("+"):
                answered = self._answers.get(part.removeprefix("sha256:"))
                if answered is not None and answered.first > self._indices[place]:
                    late.append(f"version {changes.seq}: {part} was logged only after that version was sealed")
        return late


def _versions(store: Store, info: CountInfo, history: CountHistory) -> Iterator[ChangeSet]:
    """All change sets in order, also those published since `info` was read; gaps become faults."""
    seq = 0
    while sets := _read(store, info, seq, history):
        for changes in sets:
            if changes.seq != seq + 1:
                history.faults.append(f"version {seq + 1} is missing: {changes.seq} follows on {seq}")
            seq = changes.seq
            yield changes
    if seq < info.seq:
        history.faults.append(f"versions {seq + 1} to {info.seq} are missing")


def _read(store: Store, info: CountInfo, seq: int, history: CountHistory) -> list[ChangeSet]:
    try:
        return store.read(info.id, seq, _BATCH)
    except ValueError as error:
        history.faults.append(f"versions after {seq} cannot be read: {error}")
        return []
