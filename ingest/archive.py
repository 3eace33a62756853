"""The raw archive: every byte the source served, kept before anybody reads it.

`objects/ab/abcd…` holds a body under its SHA-256; `log/2026-06-08.jsonl` holds one line per attempt, failures too.
An object is complete or absent (written aside, then renamed); a log line is only ever appended.
"""

import hashlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from tally.errors import ArchiveError

_SYNC_ONE_BY_ONE = 64


class Attempt(Struct, frozen=True):
    """One request and what came of it. `at` ISO UTC, `ms` wall milliseconds, `bytes` and `sha256` of the body."""

    at: str
    url: str
    status: int | None
    ms: int
    type: str | None = None
    bytes: int = 0
    sha256: str | None = None
    error: str | None = None


class Archive:
    """Writing side of one archive folder; one owner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: list[Path] = []
        try:
            # A missing absolute folder is more likely a slip than a wish.
            folder.mkdir(parents=not folder.is_absolute(), exist_ok=True)
            (folder / "log").mkdir(exist_ok=True)
            (folder / "objects").mkdir(exist_ok=True)
            probe = folder / "log" / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise ArchiveError(f"the archive folder {folder} cannot be written: {error.strerror}") from error

    def keep(self, body: bytes) -> str:
        """Store a body; returns its SHA-256 (hexadecimal). A body that is already there is not written again.

        Raises: ArchiveError: the disk refuses.
        """
        name = hashlib.sha256(body).hexdigest()
        path = self.folder / "objects" / name[:2] / name
        if not path.exists():
            try:
                path.parent.mkdir(exist_ok=True)
                aside = path.with_suffix(".part")
                aside.write_bytes(body)
                aside.replace(path)
            except OSError as error:
                raise ArchiveError(f"the archive cannot keep {name}: {error.strerror}") from error
            self._unsynced.append(path)
        return name

    def log(self, attempt: Attempt) -> None:
        """Append one line about an attempt.

        Raises: ArchiveError: the disk refuses.
        """
        path = self._log_path(attempt.at)
        try:
            with path.open("ab") as stream:
                stream.write(msgspec.json.encode(attempt) + b"\n")
        except OSError as error:
            raise ArchiveError(f"the archive log {path.name} cannot be written: {error.strerror}") from error

    def flush(self) -> None:
        """Put what was kept on the disk itself. Called before what was read is published."""
        paths, self._unsynced = self._unsynced, []
        if len(paths) > _SYNC_ONE_BY_ONE:  # one sync of everything is cheaper than hundreds of single ones
            os.sync()
            return
        for path in (*paths, *sorted((self.folder / "log").glob("*.jsonl"))[-1:]):
            with path.open("rb") as stream:
                os.fsync(stream.fileno())

    def read(self, sha256: str) -> bytes:
        """The body of that hash.

        Raises: ArchiveError: it is not there, or its bytes are not those of its name.
        """
        path = self.folder / "objects" / sha256[:2] / sha256
        try:
            body = path.read_bytes()
        except OSError as error:
            raise ArchiveError(f"the archive has no object {sha256}") from error
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ArchiveError(f"object {sha256} of the archive was altered: its bytes hash to something else")
        return body

    def attempts(self) -> list[Attempt]:
        """Every attempt ever logged, oldest first.

        Raises: ArchiveError: a line is not readable; the message names file and line.
        """
        found = []
        for path in sorted((self.folder / "log").glob("*.jsonl")):
            for number, line in enumerate(path.read_bytes().splitlines(), start=1):
                try:
                    found.append(msgspec.json.decode(line, type=Attempt))
                except msgspec.MsgspecError as error:
                    raise ArchiveError(f"{path.name} line {number} is not a log line: {error}") from error
        return found

    def _log_path(self, at: str) -> Path:
        return self.folder / "log" / f"{at[:10]}.jsonl"
