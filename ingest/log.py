"""The archive's log: lines that are only ever appended, in one order that every reader sees alike.

`log/2026-06-08.jsonl` holds the lines appended on that UTC day. A line goes into the newest file or begins a newer
one, even if the clock went back, so files in the order of their names are lines in the order of appending. A last
line without its line feed was torn by a crash: nobody was told of it, and the next append takes it away.
A file that is closed and sealed may be packed (see ingest.packs.logs): `2026-06-08.jsonl.gz` gives the same bytes.
"""

import fcntl
import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct

from tally.errors import ArchiveError

GZIP_ENDING = ".gz"
_CHUNK = 1 << 20


class Attempt(Struct, frozen=True):
    """One request and what came of it. `at` ISO UTC, `ms` wall milliseconds, `bytes` and `sha256` of the body.

    `source`: how the answer came to us if not by our own question to that address: "file" or "relay".
    """

    at: str
    url: str
    status: int | None
    ms: int
    type: str | None = None
    bytes: int = 0
    sha256: str | None = None
    error: str | None = None
    source: str | None = None


class Mark(Struct, frozen=True):
    """What a count had published when a head was sealed: below each head, one of each count that moved.

    `chain` runs over all its change sets up to `seq` (see tally.chain), so the head stands for them too. `version`
    and `commit` are those of the program that made them; parts that are older name no commit.
    """

    at: str
    election: str
    contest: str
    epoch: str
    seq: int
    chain: str
    version: str = ""
    commit: str | None = None


class _Marked(Struct, frozen=True):
    mark: Mark


class LogPosition(Struct, frozen=True, order=True):
    """Where a line ends: file name and offset."""

    file: str = ""
    offset: int = 0


def write_line(entry: Attempt | Mark) -> bytes:
    """The line of an entry, without its line feed."""
    return msgspec.json.encode(_Marked(entry) if isinstance(entry, Mark) else entry)


def read_line(line: bytes) -> Attempt | Mark:
    """The entry of a line.

    Raises: msgspec.MsgspecError: it is none.
    """
    if line.startswith(b'{"mark":'):
        return msgspec.json.decode(line, type=_Marked).mark
    return msgspec.json.decode(line, type=Attempt)


class Log:
    """Writing side. Several threads and processes may append; each line is whole before the next begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mutex = Lock()
        self._unsynced: set[Path] = set()

    def append(self, entry: Attempt | Mark) -> LogPosition:
        """Append one line; returns where it ends.

        Raises: ArchiveError: the disk refuses; nothing was appended.
        """
        line = write_line(entry) + b"\n"
        with self._mutex:
            try:
                with self._alone():
                    path = self._file(entry.at[:10])
                    with path.open("a+b") as stream:
                        end = _append(stream, line)
            except OSError as error:
                raise ArchiveError(f"the archive log cannot be written: {error.strerror}") from error
            self._unsynced.add(path)
        return LogPosition(path.name, end)

    def sync(self) -> None:
        """Put what was appended on the disk itself.

        Raises: ArchiveError.
        """
        with self._mutex:
            paths, self._unsynced = self._unsynced, set()
        try:
            for path in (*sorted(paths), *([self.folder] if paths else ())):
                sync(path)
        except ArchiveError:
            with self._mutex:
                self._unsynced |= paths
            raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process appends: a second poller or a doctor writes one line before it is refused."""
        with (self.folder / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _file(self, day: str) -> Path:
        newest = max((name for name in os.listdir(self.folder) if name.endswith(".jsonl")), default="")
        return self.folder / max(newest, f"{day}.jsonl")


class Tail:
    """Reads the log on from where it stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._place = folder, LogPosition()
        self._number = 0

    def __str__(self) -> str:
        """File and number of the line that was read last."""
        return f"{self._place.file} line {self._number}"

    def files(self) -> list[Path]:
        """The log's files, in order, by the names that they have unpacked."""
        found = (*self._folder.glob("*.jsonl"), *self._folder.glob(f"*.jsonl{GZIP_ENDING}"))
        return sorted({path.with_name(path.name.removesuffix(GZIP_ENDING)) for path in found})

    def read(self, until: LogPosition | None = None) -> Iterator[bytes]:
        """Whole lines not read so far, without their line feeds, up to a place or to the end.

        Raises: ArchiveError: a file cannot be read.
        """
        for path in self.files():
            if path.name < self._place.file or (until is not None and path.name > until.file):
                continue
            if path.name != self._place.file:
                self._place, self._number = LogPosition(path.name), 0
            offset = self._place.offset
            end = until.offset if until is not None and path.name == until.file else None
            try:
                for line in _lines(path, offset, end):
                    offset += len(line) + 1
                    self._place, self._number = LogPosition(path.name, offset), self._number + 1
                    yield line
            except (OSError, EOFError, zlib.error) as error:
                raise _unreadable(path, error) from error


def log_pieces(path: Path) -> Iterator[bytes]:
    """All bytes of a file of the log, by its name unpacked.

    Raises: ArchiveError: it cannot be read.
    """
    try:
        with _open(path) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, error) from error


def sync(path: Path) -> None:
    """Put a file, or the names in a folder, on the disk itself.

    Raises: ArchiveError: the disk refuses.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be put on the disk: {error.strerror}") from error


def _open(path: Path) -> BinaryIO:
    """What is there unpacked comes first."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        return cast(BinaryIO, gzip.open(f"{path}{GZIP_ENDING}", "rb"))


def _unreadable(path: Path, error: Exception) -> ArchiveError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ArchiveError(f"the archive log {path.name} cannot be read: {reason}")


def _append(stream: BinaryIO, line: bytes) -> int:
    """Append a line behind the last whole one; returns its end. A line that fails half-way is taken away again."""
    end = stream.seek(0, os.SEEK_END)
    whole = _whole_end(stream, end)
    if whole != end:
        stream.truncate(whole)
    try:
        stream.write(line)
        stream.flush()
    except OSError:
        os.ftruncate(stream.fileno(), whole)
        raise
    return whole + len(line)


def _whole_end(stream: BinaryIO, end: int) -> int:
    """Where the last whole line ends."""
    back = 1
    while end > 0:
        start = max(0, end - back)
        stream.seek(start)
        at = stream.read(end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end, back = start, _CHUNK
    return 0


def _lines(path: Path, offset: int, end: int | None) -> Iterator[bytes]:
    rest = b""
    with _open(path) as stream:
        stream.seek(offset)
        left = -1 if end is None else end - offset
        while chunk := stream.read(_CHUNK if left < 0 else min(_CHUNK, left)):
            left -= len(chunk) if left > 0 else 0
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
