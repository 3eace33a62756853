"""Sealing: every few minutes the whole log is put under one signed head, which is kept and published.

The sealer reads the log's lines from the disk, whoever wrote them, and keeps only the few hashes of
`ingest.proof.merkle`.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from threading import Lock

import structlog

from ingest.archive import Archive
from ingest.log import Mark, read_line
from ingest.proof.merkle import Subtrees, consistency_proof, leaf_hash
from ingest.proof.notes import SignedHead, SignerKey
from tally import moments
from tally.chain import chain
from tally.errors import ArchiveError, InvalidInput, StoreError
from tally.program import this_program
from tally.storage.store import StoredHead
from tally.storage.writer import Writer

_log = structlog.get_logger()

EVERY_S = 300.0
_RETRY_S = 15.0


class Sealer:
    """Seals one archive for the writers of all its counts.

    Its heads are published with one of them: that which has heads already, or the first.
    """

    def __init__(self, archive: Archive, writers: Sequence[Writer], signer: SignerKey) -> None:
        self._archive, self._writers, self._signer = archive, writers, signer
        self._writer = keeper(writers)
        self._tail = archive.tail()
        self._sealed, self._added = Subtrees(), Subtrees()
        self._versions: dict[str, tuple[int, str]] = {}  # by epoch
        self._is_loaded = False
        self._mutex = Lock()

    def seal(self, at: str) -> StoredHead:
        """Mark what was published, put everything up to that mark on the disk, and sign and publish its head.

        Raises: ArchiveError: the disk refuses, or the log no longer begins with what was sealed before.
        LeaseLost, StoreUnavailable.
        """
        with self._mutex:
            if not self._is_loaded:
                self._load()
            for writer in [one for one in self._writers if one.seq > self._version(one)[0]] or [self._writer]:
                self._advance(writer)
                place = self._archive.log(self._mark(writer, at))
            self._archive.flush()
            for line in self._tail.read(place):
                self._added.append(leaf_hash(line))
            whole = self._sealed.joined(self._added)
            head = self._make_head(whole, at)
            self._archive.keep_head(head.size, head.note)
            self._writer.add_head(head)
            self._sealed, self._added = whole, Subtrees(whole.end)
            return head

    def _version(self, writer: Writer) -> tuple[int, str]:
        return self._versions.get(writer.info.epoch, (0, ""))

    def _mark(self, writer: Writer, at: str) -> Mark:
        info, (seq, digest), program = writer.info, self._version(writer), this_program()
        place = (info.election_id, info.contest_id, info.epoch)
        return Mark(at, *place, seq, digest, program.version, program.commit)

    def _make_head(self, whole: Subtrees, at: str) -> StoredHead:
        checkpoint = SignedHead(self._signer.verifier.name, whole.end, whole.root())
        proof = consistency_proof(self._sealed, self._added) if self._sealed.end else []
        return StoredHead(
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            at=at,
            note=self._signer.sign(checkpoint),
            key=str(self._signer.verifier),
            since=self._sealed.end,
            proof=tuple(base64.b64encode(step).decode() for step in proof),
        )

    def _advance(self, writer: Writer) -> None:
        """Take in the change sets that were committed since the last mark of that count."""
        seq, digest = self._version(writer)
        while sets := writer.store.read(writer.info.id, seq, 100):
            for changes in sets:
                seq, digest = changes.seq, chain(digest, changes)
        self._versions[writer.info.epoch] = (seq, digest)

    def _load(self) -> None:
        """Read the log that is already there, up to the head that was published last.

        Raises: ArchiveError: it is shorter, or another one.
        """
        known = self._writer.info.head
        newest = {writer.info.epoch: writer.info.seq for writer in self._writers}
        for line in self._tail.read():
            self._added.append(leaf_hash(line))
            if known is not None and self._added.end == known.size:
                self._sealed, self._added = self._added, Subtrees(known.size)
            self._recall(line, newest)
        if known is not None and (self._sealed.end, self._sealed.root().hex()) != (known.size, known.root):
            raise ArchiveError(
                f"the archive {self._archive.folder} no longer begins with the {known.size} lines that were sealed on "
                f"{known.at}; `escrutinio verify` says what is wrong"
            )
        self._is_loaded = True

    def _recall(self, line: bytes, newest: Mapping[str, int]) -> None:
        """Go on from the last mark of each history."""
        if line.startswith(b'{"mark":'):
            with suppress(ValueError):
                mark = read_line(line)
                if isinstance(mark, Mark) and mark.seq <= newest.get(mark.epoch, -1):
                    self._versions[mark.epoch] = (mark.seq, mark.chain)


def keeper(writers: Sequence[Writer]) -> Writer:
    """The writer with whose count the heads of their one archive are published.

    Raises: InvalidInput: several have heads of their own, of archives apart.
    """
    sealed = [writer for writer in writers if writer.info.head is not None and not writer.info.is_sealed_elsewhere]
    if len(sealed) > 1:
        named = ", ".join(writer.info.contest_id for writer in sealed)
        raise InvalidInput(f"the counts of {named} have archives apart: follow them one by one, with --contest")
    return sealed[0] if sealed else writers[0]


@asynccontextmanager
async def sealing(sealer: Sealer, every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Seal at once, every few minutes from then on, and at the end. A failure is said; the count goes on."""
    task = asyncio.create_task(_keep_sealing(sealer, every_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _seal(sealer, is_failing=False)


async def _keep_sealing(sealer: Sealer, every_s: float) -> None:
    is_failing = False
    while True:
        is_failing = not await _seal(sealer, is_failing=is_failing)
        await asyncio.sleep(min(every_s, _RETRY_S) if is_failing else every_s)


async def _seal(sealer: Sealer, *, is_failing: bool) -> bool:
    try:
        head = await asyncio.to_thread(sealer.seal, moments.write(moments.utc_now()))
    except (ArchiveError, StoreError) as error:
        if not is_failing:
            _log.error("the archive cannot be sealed", detail=str(error))
        return False
    _log.info("archive sealed", size=head.size, root=head.root)
    return True
