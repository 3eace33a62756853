"""What an archive holds, read with distrust: every line, every object, and the roots of the tree at given sizes."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from ingest.archive import read_format
from ingest.log import Attempt, Mark, Tail, read_line
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
    volume: int = 0
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def read(self, sha256: str) -> bytes:
        """A body that `gather` found to be whole.

        Raises: ArchiveError: it is not there.
        """
        try:
            return (self.folder / "objects" / sha256[:2] / sha256).read_bytes()
        except OSError as error:
            raise ArchiveError(f"the archive has no object {sha256}") from error


def gather(folder: Path, sizes: Collection[int], progress: Progress) -> ArchiveContents:
    """Read the whole archive; `sizes` are those whose roots are wanted.

    Raises: ArchiveError: there is no archive, its format is newer than this program knows, or the disk refuses.
    """
    if not (folder / "log").is_dir():
        raise ArchiveError(f"there is no archive in {folder}; name it with --archive")
    evidence = ArchiveContents(folder, read_format(folder))
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
    torn = sum(path.stat().st_size for path in tail.files()) - length
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
    unnamed, found, whole = 0, set(), len(evidence.answers)
    for path in _files(evidence.folder / "objects"):
        known = evidence.answers.get(path.name)
        if known is None:
            unnamed += 1
            continue
        found.add(path.name)
        body = path.read_bytes()
        evidence.objects += 1
        evidence.volume += len(body)
        if hashlib.sha256(body).hexdigest() != path.name:
            evidence.faults.append(f"object {path.name} was altered: its bytes hash to something else")
        elif len(body) != known.size:
            evidence.faults.append(f"object {path.name} has {len(body)} bytes, its log line says {known.size}")
        if evidence.objects % _BEAT == 0:
            progress("objects re-hashed", evidence.objects, whole)
    evidence.faults += [f"object {name} is missing; the log names it" for name in evidence.answers.keys() - found]
    if unnamed:
        evidence.notices.append(f"{unnamed} objects are named by no log line: kept just before a crash, or put there")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and _NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
            yield path
