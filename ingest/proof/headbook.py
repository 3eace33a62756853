"""All heads of one archive, ours and those that outsiders kept, held against the tree that the archive has now."""

import base64
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec import Struct

from ingest.packs.lookup import Packs
from ingest.packs.pack import read_heads
from ingest.proof.evidence import ArchiveContents
from ingest.proof.heads import OutsideHead
from ingest.proof.merkle import is_consistent
from ingest.proof.notes import VerifierKey, open_note, read_checkpoint
from tally.errors import ArchiveError
from tally.storage.store import StoredHead


class HeadBook(Struct):
    """`kept`: signed notes by the size that their file names; `published`: as the database has them, count by count.

    `outside`: each with the name of the file it came from. `faults`: files that hold no head.
    """

    kept: dict[int, str]
    published: list[list[StoredHead]]
    outside: list[tuple[str, OutsideHead]]
    faults: list[str]

    @property
    def sizes(self) -> set[int]:
        """Every size whose root is needed."""
        outside = {head.size for _, head in self.outside}
        return self.kept.keys() | {head.size for head in self._all_published()} | outside

    def check(self, evidence: ArchiveContents, keys: Sequence[VerifierKey]) -> list[str]:
        """What is wrong with signatures and roots, one sentence each."""
        faults = [*self.faults, *self._check_kept(evidence, keys)]
        for heads in self.published:
            before: StoredHead | None = None
            for head in heads:
                faults += _check_published(evidence, keys, head, before)
                before = head
        return faults + self._check_outside(evidence, keys)

    def _check_kept(self, evidence: ArchiveContents, keys: Sequence[VerifierKey]) -> list[str]:
        faults, roots = [], []
        for size, note in self.kept.items():
            name = f"checkpoints/{size:012}"
            unsigned = _check_note(keys, name, size, note)
            faults += unsigned
            if not unsigned:
                roots += _check_root(evidence, name, size, read_checkpoint(note).root)
        # Whatever was altered, every later head differs too: the first says where.
        faults += [*roots[:1], *([f"{len(roots) - 1} heads after it differ too"] if len(roots) > 1 else [])]
        for head in self._all_published():
            if self.kept.get(head.size) != head.note:
                other = "another one" if head.size in self.kept else "none"
                faults.append(f"head {head.size} was published, but the archive keeps {other} of that size")
        if evidence.lines and not self.kept:
            faults.append("the archive keeps no head: it was never sealed, or its heads were taken away")
        return faults

    def _check_outside(self, evidence: ArchiveContents, keys: Sequence[VerifierKey]) -> list[str]:
        faults, published = [], {head.size for head in self._all_published()}
        for name, head in self.outside:
            faults += _check_root(evidence, name, head.size, head.root)
            if head.note is not None:
                faults += _check_note(keys, name, head.size, head.note)
                if head.size not in published:
                    faults.append(f"{name} was published, but the database has no head of {head.size} lines any more")
        return faults

    def _all_published(self) -> Iterator[StoredHead]:
        return chain.from_iterable(self.published)


def open_headbook(
    archive: Path, published: Sequence[list[StoredHead]], outside: Sequence[tuple[str, OutsideHead]]
) -> HeadBook:
    """Read the heads that the archive keeps."""
    book = HeadBook({}, list(published), list(outside), [])
    for pack in Packs(archive).files():
        try:
            book.kept.update(read_heads(pack))
        except ArchiveError as error:
            book.faults.append(str(error))
    folder = archive / "checkpoints"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            if path.name != f"{int(path.name):012}":
                raise ValueError(path.name)
            size, note = int(path.name), path.read_bytes().decode()
            if book.kept.setdefault(size, note) != note:
                book.faults.append(f"checkpoints/{path.name} is another than the packed head of that size")
        except (ValueError, OSError):
            book.faults.append(f"checkpoints/{path.name} is not a head")
    book.kept = dict(sorted(book.kept.items()))
    return book


def _check_note(keys: Sequence[VerifierKey], name: str, size: int, note: str) -> list[str]:
    try:
        checkpoint = open_note(note, keys)
    except ArchiveError as error:
        return [f"{name}: {error}"]
    return [] if checkpoint.size == size else [f"{name} holds the head of {checkpoint.size} lines"]


def _check_root(evidence: ArchiveContents, name: str, size: int, root: bytes) -> list[str]:
    if size > evidence.lines:
        return [f"{name} seals {size} log lines, but there are {evidence.lines}: some are missing"]
    if size > 0 and evidence.roots[size] != root:
        found = evidence.roots[size].hex()
        return [f"{name} seals other log lines than our first {size}: root {root.hex()}, ours is {found}"]
    return []


def _check_published(
    evidence: ArchiveContents, keys: Sequence[VerifierKey], head: StoredHead, before: StoredHead | None
) -> list[str]:
    """A head as the database has it: everything that a server tells of it."""
    name = f"head {head.size} in the database"
    if head.size not in evidence.roots or head.root != evidence.roots[head.size].hex():
        return [f"{name} has the root {head.root}, our first {head.size} log lines have another"]
    faults = []
    if head.key not in [str(key) for key in keys]:
        faults.append(f"{name} names a key that is not the archive's")
    if head.at != evidence.sealed.get(head.size):
        faults.append(f"{name} was sealed at {head.at}, the log says {evidence.sealed.get(head.size, 'nothing of it')}")
    if head.since != (0 if before is None else before.size):
        return [*faults, f"{name} follows on head {head.since}, which the database does not have"]
    if before is None:
        return faults + ([f"{name} has a proof, but no head before it"] if head.proof else [])
    try:
        proof = [base64.b64decode(step, validate=True) for step in head.proof]
        roots = (bytes.fromhex(before.root), bytes.fromhex(head.root))
    except ValueError:
        return [*faults, f"{name} has a proof that cannot be read"]
    if not is_consistent((before.size, head.size), roots, proof):
        faults.append(f"{name} has a proof that does not show that it extends head {before.size}")
    return faults
