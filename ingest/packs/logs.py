"""Files of the log that are closed and sealed, as gzip: the same lines in a fifth of the room."""

import gzip
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO

from ingest.log import GZIP_ENDING, Tail, log_pieces, sync
from tally.errors import ArchiveError

_LEVEL = 6


def pack_logs(archive: Path, lines: int) -> list[Path]:
    """Pack each file but the newest all of whose lines are among the first so many; returns which.

    What was written is read back and compared before the loose file is removed.

    Raises: ArchiveError: the disk gives back something else. OSError.
    """
    packed, end = list[Path](), 0
    for path in Tail(archive / "log").files()[:-1]:
        end += count_lines(path)
        if end > lines:
            break
        if path.exists():
            _pack(path, archive / "aside" / f"{path.name}-{os.getpid()}")
            packed.append(path)
    return packed


def count_lines(path: Path) -> int:
    """How many lines a file of the log has.

    Raises: ArchiveError: it cannot be read.
    """
    return sum(piece.count(b"\n") for piece in log_pieces(path))


def _pack(path: Path, aside: Path) -> None:
    try:
        with aside.open("wb") as stream:
            with path.open("rb") as lines, gzip.GzipFile("", "wb", _LEVEL, stream, mtime=0) as writer:
                shutil.copyfileobj(lines, writer)
            stream.flush()
            os.fsync(stream.fileno())
        with path.open("rb") as lines, gzip.open(aside) as back:
            if _digest(back) != _digest(lines):
                raise ArchiveError(f"the disk does not give back what was written of {path.name}; nothing was removed")
        aside.rename(path.with_name(path.name + GZIP_ENDING))
        sync(path.parent)
        path.unlink()
    finally:
        aside.unlink(missing_ok=True)


def _digest(stream: IO[bytes] | gzip.GzipFile) -> bytes:
    found = hashlib.sha256()
    while piece := stream.read(1 << 20):
        found.update(piece)
    return found.digest()
