"""What makes the files of all counts of a store, one set at a time: what is due, in what order, and what goes."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog
from msgspec import Struct

from api.commands.files.due import CheckpointBook, DueSet, missing_checkpoints
from api.commands.files.folder import CountName, SetFolder
from api.commands.files.making import CountFiles, make_set
from api.commands.files.pace import FilesLimits
from api.tables.sets.index import PublishedSet, SetInTheMaking
from mission.flags.thresholds import load_thresholds
from tally import moments
from tally.election import Election
from tally.storage.disk import room_of
from tally.storage.store import CountInfo, Store

_log = structlog.get_logger()
_MB = 1_000_000
_WHOLE = "100"


class Round(Struct, frozen=True):
    """What one look did: the set it made, if one was due, and how long that took."""

    made: PublishedSet | None
    seconds: float = 0.0


class FilesMaker:
    """Makes what is due. `breathe` is called often while it works: what it raises ends that, and nothing is left."""

    def __init__(
        self,
        store: Store,
        elections: Mapping[str, Election],
        folder: Path,
        limits: FilesLimits,
        breathe: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._elections, self._limits, self._breathe = store, elections, limits, breathe
        self.folder = SetFolder(folder, elections)
        self._books = dict[tuple[CountName, str], CheckpointBook]()
        self._newest_made = dict[CountName, float]()
        self._is_short = False

    def look(self, now: float, *, is_once: bool = False) -> Round:
        """Make the first set that is due at a time (seconds), if one is; `is_once`: the newest is due whenever.

        Raises: StoreUnavailable, InvalidInput: a file cannot be written. OSError.
        """
        held = [info for info in self._store.counts() if info.seq and info.election_id in self._elections]
        found: list[tuple[CountFiles, DueSet]] = []
        for info in held:
            count = CountFiles(self._store, info, self._elections[info.election_id], self._breathe)
            self.folder.set_epoch(count.name, info.epoch)
            due = self._due(count, now, is_once=is_once, is_one_of_many=self._is_many(held, info))
            if due is not None:
                found.append((count, due))
        if not found or not self._has_room():
            return Round(None)
        # A checkpoint before a newest version, and of those what was published first.
        count, due = min(found, key=lambda one: (one[1].checkpoint is None, one[1].as_of))
        began = time.monotonic()
        made = self._make(count, due)
        if due.checkpoint is None:
            self._newest_made[count.name] = now
        self._sweep(count.name)
        return Round(made, time.monotonic() - began)

    def _due(self, count: CountFiles, now: float, *, is_once: bool, is_one_of_many: bool) -> DueSet | None:
        info, there = count.info, self.folder.sets(count.name)
        key = (count.name, info.epoch)
        book = self._books.setdefault(key, CheckpointBook(info, load_thresholds().checkpoints))
        passed = book.read_on(self._store, info.seq)
        missing = missing_checkpoints(passed, there, info.epoch)
        due = missing if is_once or self._is_settled(book, info) else []
        if is_one_of_many:
            return next((one for one in due if one.checkpoint == _WHOLE), None)
        if due:
            return due[0]
        last = self._newest_made.get(count.name)
        is_time = is_once or last is None or now >= last + self._limits.pace.newest_s
        # What may yet turn out to be a checkpoint is not made as less: the files of a version never change.
        is_there = any((one.epoch, one.seq) == (info.epoch, info.seq) for one in there)
        if not is_time or is_there or any(one.seq == info.seq for one in missing):
            return None
        version = self._store.version(info.id, seq=info.seq)
        return None if version is None else DueSet(*version, None, book.progress)

    def _is_settled(self, book: CheckpointBook, info: CountInfo) -> bool:
        """Whether it is known if the source shows actas: at the start there are totals, and no acta was read yet."""
        age = moments.utc_now() - moments.read(info.created_at)
        return book.has_actas or age.total_seconds() > self._limits.pace.without_actas_s

    def _make(self, count: CountFiles, due: DueSet) -> PublishedSet:
        version = count.version(due.seq)
        began = moments.write(moments.utc_now().replace(microsecond=0))
        self.folder.write_index(
            SetInTheMaking(
                election=count.info.election_id,
                contest=count.info.contest_id,
                seq=due.seq,
                as_of=due.as_of,
                checkpoint=due.checkpoint,
                began_at=began,
            )
        )
        try:
            with self.folder.part(count.name, version) as part:
                made = make_set(count, due, self.folder.address(count.name, version), part)
                self.folder.put(count.name, part, made)
        finally:
            self.folder.write_index(None)
        return made

    def _sweep(self, name: CountName) -> None:
        """Let go of the oldest sets that are of no checkpoint."""
        passing = [one for one in self.folder.sets(name) if one.checkpoint is None]
        gone = passing[self._limits.kept.newest :]
        if gone:
            self.folder.remove(name, gone)

    def _is_many(self, held: list[CountInfo], info: CountInfo) -> bool:
        beside = sum(one.election_id == info.election_id for one in held)
        return beside > self._limits.contests.most

    def _has_room(self) -> bool:
        free = room_of(self.folder.root).free_bytes
        is_short = free < self._limits.kept.least_free_mb * _MB
        if is_short != self._is_short:
            self._is_short = is_short
            _log.warning("no files are made" if is_short else "files are made again", free_mb=free // _MB)
        return not is_short
