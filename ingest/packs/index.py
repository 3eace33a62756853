"""The index of a pack: where each body is, in the order of their hashes. It can be made again from the pack.

A line that says what it is, the SHA-256 of the pack, 48 bytes for each body (its SHA-256, the byte at which its member
begins, where in the inflated member it begins, its length), and the SHA-256 of all that.
"""

import hashlib
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from ingest.packs.pack import ENDING, read_pack
from ingest.packs.records import RecordKind
from tally.errors import ArchiveError

INDEX_ENDING = ".index"
_TITLE = b"escrutinio pack index 1\n"
_ROW = struct.Struct(">32sQII")
_DIGEST = 32
_HEAD = len(_TITLE) + _DIGEST


class PackedPlace(Struct, frozen=True):
    """Where a body is: `member` begins at that byte of the pack, the body at `start` of it when it is inflated."""

    member: int
    start: int
    length: int


class PackIndex:
    """Where the bodies of one pack are.

    Raises: ArchiveError: those bytes are no index, or a damaged one.
    """

    def __init__(self, data: bytes) -> None:
        self._count = (len(data) - _HEAD - _DIGEST) // _ROW.size
        is_whole = len(data) == _HEAD + self._count * _ROW.size + _DIGEST and data.startswith(_TITLE)
        if not is_whole or hashlib.sha256(data[:-_DIGEST]).digest() != data[-_DIGEST:]:
            raise ArchiveError("it is damaged, or none")
        self.data = data

    def names(self) -> list[bytes]:
        """The hashes of all its bodies, in order."""
        return [self._name(at) for at in range(self._count)]

    def find(self, sha256: bytes) -> PackedPlace | None:
        """Where the body of that hash is; None: not in this pack."""
        at = bisect_left(range(self._count), sha256, key=self._name)
        if at == self._count or self._name(at) != sha256:
            return None
        return PackedPlace(*_ROW.unpack_from(self.data, _HEAD + at * _ROW.size)[1:])

    def _name(self, at: int) -> bytes:
        begin = _HEAD + at * _ROW.size
        return self.data[begin : begin + _DIGEST]


def index_file(pack: Path) -> Path:
    """Where the index of a pack lies."""
    return pack.with_name(pack.name.removesuffix(ENDING) + INDEX_ENDING)


def make_index(pack: Path, took: Callable[[str, int], None] = lambda name, size: None) -> tuple[PackIndex, list[str]]:
    """The index of a pack, read from its first byte to its last, and the names of bodies that hash to something else.

    `took` is told the name and the size of each body.

    Raises: ArchiveError: the pack is damaged, or none.
    """
    rows, altered = [], []
    for packed in read_pack(pack):
        record = packed.record
        if record.kind == RecordKind.BODY:
            digest = hashlib.sha256(record.body)
            if digest.hexdigest() != record.sha256:
                altered.append(record.sha256)
            took(record.sha256, len(record.body))
            rows.append(_ROW.pack(digest.digest(), packed.member, record.start, len(record.body)))
    with pack.open("rb") as stream:
        whole = hashlib.file_digest(stream, "sha256").digest()
    return PackIndex(_write(whole, rows)), altered


def read_index(pack: Path) -> PackIndex:
    """The index of a pack as it lies beside it.

    Raises: ArchiveError: it is missing or damaged.
    """
    path = index_file(pack)
    try:
        return PackIndex(path.read_bytes())
    except (OSError, ArchiveError) as error:
        raise ArchiveError(
            f"the index {path.name} of a pack of the archive cannot be used: {error}; "
            "`escrutinio archive pack` makes it again from the pack"
        ) from error


def _write(whole: bytes, rows: Iterable[bytes]) -> bytes:
    data = b"".join((_TITLE, whole, *sorted(rows)))
    return data + hashlib.sha256(data).digest()
