"""What an archive holds, read with distrust: every line, every object, and the roots of the tree at given sizes."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from ingest.archive import read_format, read_object
from ingest.log import Attempt, Mark, Tail, log_pieces, read_line
from ingest.packs.index import make_index, read_index
from ingest.packs.lookup import Packs
from ingest.proof.merkle import Subtrees, leaf_hash
from tally.errors import ArchiveError

# What tells somebody who waits: step, how much is done, how much there is (0: not known).
Progress = Callable[[str, int, int], None]

_NAME = re.compile(r"[0-9a-f]{64}")
_BEAT = 500


class Answered(Struct):
    """One body as the log has it: where it was first logged (line index), its length, and all its addresses."""

    first: int
    size: int
    urls: set[str]


class ArchiveContents(Struct):
    """An archive's contents. `roots` and `sealed` (when): by number of lines. `faults` and `notices`: sentences."""

    folder: Path
    packs: Packs
    format: int = 1
    lines: int = 0
    begins: str | None = None
    ends: str | None = None
    answers: dict[str, Answered] = field(default_factory=dict)
    marks: list[tuple[int, Mark]] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    sealed: dict[int, str] = field(default_factory=dict)
    hosts: dict[str, int] = field(default_factory=dict)
    objects: int = 0
    packed: int = 0
    volume: int = 0
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def read(self, sha256: str) -> bytes:
        """A body that `gather` found to be whole.

        Raises: ArchiveError: it is not there.
        """
        return read_object(self.folder, self.packs, sha256)


def gather(folder: Path, sizes: Collection[int], progress: Progress) -> ArchiveContents:
    """Read the whole archive; `sizes` are those whose roots are wanted.

    Raises: ArchiveError: there is no archive, its format is newer than this program knows, or the disk refuses.
    """
    if not (folder / "log").is_dir():
        raise ArchiveError(f"there is no archive in {folder}; name it with --archive")
    evidence = ArchiveContents(folder, Packs(folder), read_format(folder))
    _read_log(evidence, set(sizes), progress)
    _hash_objects(evidence, progress)
    return evidence


def _read_log(evidence: ArchiveContents, sizes: set[int], progress: Progress) -> None:
    run, tail, length = Subtrees(), Tail(evidence.folder / "log"), 0
    for line in tail.read():
        run.append(leaf_hash(line))
        length += len(line) + 1
        if run.end in sizes:
            evidence.roots[run.end] = run.root()
        try:
            entry = read_line(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            evidence.faults.append(f"log: {tail} is not a log line")
        else:
            _take(evidence, run.end - 1, entry)
        if run.end % _BEAT == 0:
            progress("log lines", run.end, 0)
    evidence.lines = run.end
    torn = sum(len(piece) for path in tail.files() for piece in log_pieces(path)) - length
    if torn > 0:
        evidence.notices.append(
            f"{torn} bytes at the end of a log file are no whole line: torn by a crash, sealed by none"
        )


def _take(evidence: ArchiveContents, index: int, entry: Attempt | Mark) -> None:
    evidence.begins, evidence.ends = evidence.begins or entry.at, entry.at
    if isinstance(entry, Mark):
        evidence.marks.append((index, entry))
        evidence.sealed[index + 1] = entry.at
        return
    host = urlsplit(entry.url).netloc + (f" by {entry.source}" if entry.source else "")
    evidence.hosts[host] = evidence.hosts.get(host, 0) + 1
    if entry.sha256 is None:
        return
    known = evidence.answers.setdefault(entry.sha256, Answered(index, entry.bytes, set()))
    known.urls.add(entry.url)
    if known.size != entry.bytes:
        evidence.faults.append(
            f"log: object {entry.sha256} has {known.size} bytes in one line and {entry.bytes} in another"
        )


def _hash_objects(evidence: ArchiveContents, progress: Progress) -> None:
    found = _Found(evidence, progress)
    for path in _files(evidence.folder / "objects"):
        body = path.read_bytes()
        found.take(path.name, len(body), is_whole=hashlib.sha256(body).hexdigest() == path.name)
    for pack in evidence.packs.files():
        try:
            index, altered = make_index(pack, found.take_packed)
            if index.data != read_index(pack).data:
                evidence.faults.append(f"the index of the pack {pack.name} is another than that of its bytes")
        except ArchiveError as error:
            evidence.faults.append(str(error))
        else:
            evidence.faults += [f"object {name} in the pack {pack.name} was altered" for name in altered]
    lost = evidence.answers.keys() - found.names
    evidence.faults += [f"object {name} is missing; the log names it" for name in lost]
    if found.unnamed:
        evidence.notices.append(
            f"{found.unnamed} objects are named by no log line: kept just before a crash, or put there"
        )


class _Found:
    """The objects that are there, loose or packed."""

    def __init__(self, evidence: ArchiveContents, progress: Progress) -> None:
        self._evidence, self._progress = evidence, progress
        self.names: set[str] = set()
        self.unnamed = 0

    def take_packed(self, name: str, size: int) -> None:
        """One in a pack."""
        self._evidence.packed += 1
        self.take(name, size, is_whole=True)

    def take(self, name: str, size: int, *, is_whole: bool) -> None:
        """One of that name and size; what is not whole hashes to something else."""
        known = self._evidence.answers.get(name)
        if known is None:
            self.unnamed += 1
            return
        self.names.add(name)
        self._evidence.objects += 1
        self._evidence.volume += size
        if not is_whole:
            self._evidence.faults.append(f"object {name} was altered: its bytes hash to something else")
        elif size != known.size:
            self._evidence.faults.append(f"object {name} has {size} bytes, its log line says {known.size}")
        if self._evidence.objects % _BEAT == 0:
            self._progress("objects re-hashed", self._evidence.objects, len(self._evidence.answers))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and _NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
            yield path
