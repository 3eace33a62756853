"""The raw archive: every byte the source served, kept before anybody reads it.

`objects/ab/abcd…` holds a body under its SHA-256; `log/` holds one line per attempt, failures too (see ingest.log);
`checkpoints/000000012345` holds the signed head of the first 12,345 lines, and `keys` the public keys that sign them;
`packs/` holds bodies and heads that were sealed and then packed (see ingest.packs). `format` says by its number that
all this is so: 1 before anything is packed, also where there is no such file, and 2 from then on.
An object or head is complete or absent (written aside, then renamed); a log line is only ever appended.
"""

import hashlib
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock, get_ident

import msgspec

from ingest.log import Attempt, Log, LogPosition, Mark, Tail, read_line, sync
from ingest.packs.lookup import Packs
from tally.errors import ArchiveError

__all__ = ["Archive", "Attempt"]

FORMAT, _UNPACKED = 2, 1
_SYNC_ONE_BY_ONE = 64
_ABANDONED_S = 600.0


class Archive:
    """Writing side of one archive folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log, self._packs = Log(folder / "log"), Packs(folder)
        self._unsynced: list[Path] = []
        self._mutex, self._one_flush = Lock(), Lock()
        read_format(folder)
        is_new = not (folder / "log").exists()
        try:
            for name in ("log", "objects", "aside", "checkpoints"):
                (folder / name).mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=folder / "aside").close()
            _clear(folder / "aside")
            if is_new:
                self._write(folder / "format", b"%d\n" % _UNPACKED)
        except OSError as error:
            raise ArchiveError(f"the archive folder {folder} cannot be written: {error.strerror}") from error

    def keep(self, body: bytes) -> str:
        """Store a body; returns its SHA-256 (hexadecimal). A body that is already there is not written again.

        Raises: ArchiveError: the disk refuses.
        """
        name = hashlib.sha256(body).hexdigest()
        path = self._object(name)
        # A power cut can leave a name without its bytes; such an object is written again.
        try:
            is_there = path.stat().st_size == len(body)
        except OSError:  # if the disk refuses, writing says so
            is_there = False
        if not is_there and not self._is_packed(name):
            self._write(path, body)
            with self._mutex:
                self._unsynced.append(path)
        return name

    def _is_packed(self, name: str) -> bool:
        try:
            return self._packs.holds(name)
        except ArchiveError:  # kept twice is better than not at all
            return False

    def log(self, entry: Attempt | Mark) -> LogPosition:
        """Append one line; returns where it ends.

        Raises: ArchiveError: the disk refuses.
        """
        return self._log.append(entry)

    def keep_head(self, size: int, note: str) -> None:
        """Store the signed head of the first `size` lines, on the disk itself.

        Raises: ArchiveError: the disk refuses.
        """
        path = self.folder / "checkpoints" / f"{size:012}"
        self._write(path, note.encode())
        sync(path)
        sync(path.parent)

    def flush(self) -> None:
        """Put what was kept and logged on the disk itself. Called before what was read is published.

        Raises: ArchiveError: the disk refuses; the next flush tries all of it again.
        """
        with self._one_flush:
            with self._mutex:
                paths, self._unsynced = self._unsynced, []
            try:
                self._sync(paths)
            except ArchiveError:
                with self._mutex:
                    self._unsynced += paths
                raise
            self._log.sync()

    def _sync(self, paths: Sequence[Path]) -> None:
        paths = [path for path in paths if path.exists()]  # one may have been packed meanwhile
        if len(paths) > _SYNC_ONE_BY_ONE:  # one sync of everything is cheaper than hundreds of single ones
            os.sync()
        elif paths:
            # The names too: a file is found after a power cut only if its folder was written.
            folders = {path.parent for path in paths} | {self.folder / "objects"}
            for path in (*paths, *sorted(folders)):
                sync(path)

    def read(self, sha256: str) -> bytes:
        """The body of that hash.

        Raises: ArchiveError: it is not there, or its bytes are not those of its name.
        """
        body = read_object(self.folder, self._packs, sha256)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ArchiveError(f"object {sha256} of the archive was altered: its bytes hash to something else")
        return body

    def tail(self) -> Tail:
        """A reader of the log, from its beginning."""
        return Tail(self.folder / "log")

    def attempts(self) -> list[Attempt]:
        """Every attempt ever logged, in the order of their ends.

        Raises: ArchiveError: a line is not readable; the message names file and line.
        """
        found, tail = [], self.tail()
        for line in tail.read():
            try:
                entry = read_line(line)
            except msgspec.MsgspecError as error:
                raise ArchiveError(f"{tail} is not a log line: {error}") from error
            if isinstance(entry, Attempt):
                found.append(entry)
        return found

    def _object(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / sha256

    def _write(self, path: Path, body: bytes) -> None:
        aside = self.folder / "aside" / f"{path.name}-{os.getpid()}-{get_ident()}"
        try:
            path.parent.mkdir(exist_ok=True)
            aside.write_bytes(body)
            aside.replace(path)
        except OSError as error:
            raise ArchiveError(f"the archive cannot keep {path.name}: {error.strerror}") from error


def read_object(folder: Path, packs: Packs, sha256: str) -> bytes:
    """The body of that hash from its own file or from a pack, as it is there.

    Raises: ArchiveError: it is in neither, or a pack cannot be used.
    """
    try:
        return (folder / "objects" / sha256[:2] / sha256).read_bytes()
    except OSError as error:
        body = packs.read(sha256)
        if body is None:
            raise ArchiveError(f"the archive has no object {sha256}") from error
        return body


def read_format(folder: Path) -> int:
    """The format of an archive.

    Raises: ArchiveError: it is newer than this program knows, or cannot be read.
    """
    try:
        number = int((folder / "format").read_text())
    except (FileNotFoundError, NotADirectoryError):
        return 1
    except (OSError, ValueError) as error:
        raise ArchiveError(f"the format of the archive {folder} cannot be read: {error}") from error
    if number > FORMAT:
        raise ArchiveError(
            f"the archive {folder} has format {number} and this program knows {FORMAT}: "
            "use a program as new as the one that wrote it"
        )
    return number


def _clear(aside: Path) -> None:
    """Remove what a crash left half-written; what is young may be another process's work."""
    for path in aside.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED_S:
                path.unlink()
