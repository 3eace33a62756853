"""An archive's log as a tree that grows with it: where a line stands, the first head above it, and the path between."""

import mmap
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from msgspec import Struct

from ingest.archive import read_object
from ingest.log import Tail
from ingest.packs.lookup import Packs
from ingest.packs.pack import read_heads
from ingest.proof.inclusion import GrowingTree
from ingest.proof.merkle import leaf_hash
from tally.errors import ArchiveError


class LogLine(Struct, frozen=True):
    """A line without its line feed, and its number from 0 on."""

    index: int
    line: bytes


class SealedLog:
    """The log of one archive, which a poller may be writing. Several threads may ask.

    What was read stays in memory as hashes, 64 bytes a line: to open 140,000 lines takes a second or two, to ask again
    takes what came since.
    """

    def __init__(self, archive: Path) -> None:
        self.folder, self._packs = archive, Packs(archive)
        self._tail, self._tree = Tail(archive / "log"), GrowingTree()
        self._packed: dict[Path, dict[int, str]] = {}
        self._mutex = Lock()

    def find(self, text: bytes) -> Iterator[LogLine]:
        """Every whole line that holds that text, oldest first.

        Raises: ArchiveError: a file cannot be read.
        """
        before = 0
        for path in self._tail.files():
            try:
                with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    for number, line in _lines_with(data, text):
                        yield LogLine(before + number, line)
                    before += _count_lines(data, 0, len(data))
            except ValueError:  # it is empty
                continue
            except OSError as error:
                raise ArchiveError(f"the archive log {path.name} cannot be read: {error.strerror}") from error

    def head_above(self, index: int) -> tuple[int, str] | None:
        """Size and note of the first head that covers a line; None: none does yet.

        Raises: ArchiveError: a head or a pack cannot be read.
        """
        known, loose = self._heads()
        sizes = sorted(known.keys() | loose.keys())
        at = bisect_left(sizes, index + 1)
        if at == len(sizes):
            return None
        size = sizes[at]
        try:
            return size, known[size] if size in known else loose[size].read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:  # packed this moment: the next one asks again
            raise ArchiveError(f"the archive's head of {size} lines cannot be read: {error}") from error

    def sealed(self) -> int:
        """How many lines the newest head covers; 0 while there is none.

        Raises: ArchiveError: a pack cannot be read.
        """
        known, loose = self._heads()
        return max((*known, *loose), default=0)

    def _heads(self) -> tuple[dict[int, str], dict[int, Path]]:
        """Every head by its size: the notes in packs, and the files of the others."""
        with self._mutex:
            known = dict[int, str]()
            for pack in self._packs.files():
                if pack not in self._packed:
                    self._packed[pack] = dict(read_heads(pack))
                known |= self._packed[pack]
        return known, {int(path.name): path for path in (self.folder / "checkpoints").glob("[0-9]*")}

    def path(self, index: int, size: int) -> list[bytes]:
        """The path of a line to the root of the first `size` lines.

        Raises: ArchiveError: the log is shorter.
        """
        with self._mutex:
            for line in self._tail.read() if len(self._tree) < size else ():
                self._tree.append(leaf_hash(line))
            if len(self._tree) < size:
                raise ArchiveError(f"a head seals {size} log lines, but there are {len(self._tree)}: some are missing")
            return self._tree.path(index, size)

    def body(self, sha256: str) -> bytes:
        """The body of that hash. Raises: ArchiveError: it is not there."""
        return read_object(self.folder, self._packs, sha256)


def _lines_with(data: mmap.mmap, text: bytes) -> Iterator[tuple[int, bytes]]:
    number = counted = 0
    at = data.find(text)
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        if end < 0:
            return
        number, counted = number + _count_lines(data, counted, start), start
        yield number, data[start:end]
        at = data.find(text, end)


def _count_lines(data: mmap.mmap, start: int, end: int) -> int:
    piece = 1 << 20
    return sum(data[at : min(at + piece, end)].count(b"\n") for at in range(start, end, piece))
