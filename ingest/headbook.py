"""All heads of one archive, ours and those that outsiders kept, held against the tree that the archive has now."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from ingest.evidence import Evidence
from ingest.heads import OutsideHead
from ingest.notes import VerifierKey, open_note, read_checkpoint
from tally.errors import ArchiveError
from tally.store import Head


class HeadBook(Struct):
    """`kept`: signed notes by the size that their file names; `published`: as the database has them.

    `outside`: each with the name of the file it came from. `faults`: files that hold no head.
    """

    kept: dict[int, str]
    published: list[Head]
    outside: list[tuple[str, OutsideHead]]
    faults: list[str]

    @property
    def sizes(self) -> set[int]:
        """Every size whose root is needed."""
        outside = {head.size for _, head in self.outside}
        return self.kept.keys() | {head.size for head in self.published} | outside

    def check(self, evidence: Evidence, keys: Sequence[VerifierKey]) -> list[str]:
        """What is wrong with signatures and roots, one sentence each."""
        faults = list(self.faults)
        for size, note in self.kept.items():
            faults += _check_note(evidence, keys, (f"checkpoints/{size:012}", size, note))
        for head in self.published:
            faults += self._check_published(head)
        for name, outside in self.outside:
            if outside.note is None:
                faults += _check_root(evidence, name, outside.size, outside.root)
            else:
                faults += _check_note(evidence, keys, (name, outside.size, outside.note))
        if evidence.lines and not self.kept:
            faults.append("the archive keeps no head: it was never sealed, or its heads were taken away")
        return faults

    def _check_published(self, head: Head) -> list[str]:
        note = self.kept.get(head.size)
        if note != head.note:
            other = "none" if note is None else "another one"
            return [f"head {head.size} was published, but the archive keeps {other} of that size"]
        try:
            is_same = read_checkpoint(note).root.hex() == head.root
        except ArchiveError:  # already found among the kept ones
            is_same = True
        return [] if is_same else [f"head {head.size} was published with a root that is not the signed one"]


def open_headbook(archive: Path, published: Sequence[Head], outside: Sequence[tuple[str, OutsideHead]]) -> HeadBook:
    """Read the heads that the archive keeps."""
    book = HeadBook({}, list(published), list(outside), [])
    folder = archive / "checkpoints"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            if path.name != f"{int(path.name):012}":
                raise ValueError(path.name)
            book.kept[int(path.name)] = path.read_bytes().decode()
        except (ValueError, OSError):
            book.faults.append(f"checkpoints/{path.name} is not a head")
    return book


def _check_note(evidence: Evidence, keys: Sequence[VerifierKey], named: tuple[str, int, str]) -> list[str]:
    name, size, note = named
    try:
        checkpoint = open_note(note, keys)
    except ArchiveError as error:
        return [f"{name}: {error}"]
    if checkpoint.size != size:
        return [f"{name} holds the head of {checkpoint.size} lines"]
    return _check_root(evidence, name, size, checkpoint.root)


def _check_root(evidence: Evidence, name: str, size: int, root: bytes) -> list[str]:
    if size > evidence.lines:
        return [f"{name} seals {size} log lines, but there are {evidence.lines}: some are missing"]
    if size > 0 and evidence.roots[size] != root:
        found = evidence.roots[size].hex()
        return [f"{name} seals other log lines than our first {size}: root {root.hex()}, ours is {found}"]
    return []
