"""A pack: WARC records in gzip members of many records each, `packs/000000012345.warc.gz`.

The first member says what the file is and holds the signed heads that were packed; the bodies follow in the order of
their first log lines, so that neighbours resemble each other: that is where the compression comes from (a member a body
takes five times the room). Any gzip reads it, and any WARC reader what that gives.
"""

import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from ingest.packs.records import Record, RecordKind, read_records
from tally.errors import ArchiveError

ENDING = ".warc.gz"
# What a pack says of itself in its first record.
TITLE = b"format: WARC File Format 1.1\r\nsoftware: escrutinio\r\nisPartOf: raw archive, packs 1\r\n"
HEAD_URI = "urn:x-escrutinio:checkpoint:"
_MEMBER = 1 << 18
_LEVEL = 6
_GZIP = 31
_CHUNK = 1 << 16
# Larger than any body that is taken, with what may stand before it in its member.
_LARGEST = 1 << 28


class Packed(Struct, frozen=True):
    """A record and where it is: in the member that begins at byte `member` of the pack."""

    member: int
    record: Record


class PackWriter:
    """Writes records into an open file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._waiting, self._size = stream, list[bytes](), 0

    def add(self, record: bytes) -> None:
        """One more record."""
        self._waiting.append(record)
        self._size += len(record)
        if self._size >= _MEMBER:
            self.end_member()

    def end_member(self) -> None:
        """What follows stands in another member."""
        if self._waiting:
            deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
            self._stream.write(deflate.compress(b"".join(self._waiting)) + deflate.flush())
            self._waiting, self._size = [], 0


def read_pack(path: Path) -> Iterator[Packed]:
    """All records of a pack but the first, one after another; bodies are not compared with their hashes.

    Raises: ArchiveError: it is damaged, cut off or no pack; the message names it and the place.
    """
    offset = 0
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            while offset < len(data):
                member, after = read_member(data, offset)
                records = read_records(member)
                if offset == 0 and next(records).body != TITLE:
                    raise ArchiveError("its first record is not that of a pack")
                for record in records:
                    yield Packed(offset, record)
                offset = after
    except (ArchiveError, StopIteration) as error:
        raise ArchiveError(f"the pack {path.name} is damaged, or none, at byte {offset:,}: {error}") from error
    except (OSError, ValueError) as error:  # ValueError: it is empty
        raise ArchiveError(f"the pack {path.name} cannot be read: {error}") from error


def read_member(data: mmap.mmap, offset: int) -> tuple[bytes, int]:
    """The member that begins there, inflated, and where the next one begins.

    Raises: ArchiveError: there is none.
    """
    inflate, parts, room, at = zlib.decompressobj(_GZIP), list[bytes](), _LARGEST, offset
    while not inflate.eof:
        piece = data[at : at + _CHUNK]
        if not piece:
            raise ArchiveError("it is cut off")
        try:
            parts.append(inflate.decompress(piece, room))
        except zlib.error as error:
            raise ArchiveError(str(error)) from error
        room -= len(parts[-1])
        if room <= 0:
            raise ArchiveError("a member is larger than any that is written")
        at += len(piece)
    return b"".join(parts), at - len(inflate.unused_data)


def read_heads(path: Path) -> Iterator[tuple[int, str]]:
    """The signed heads in a pack, each with the number of lines that its name says.

    Raises: ArchiveError: it is damaged, or no pack.
    """
    for packed in read_pack(path):
        if packed.record.kind != RecordKind.HEAD:
            return
        try:
            yield int(packed.record.uri.removeprefix(HEAD_URI)), packed.record.body.decode()
        except ValueError as error:
            raise ArchiveError(f"the pack {path.name} holds a head that cannot be read: {error}") from error
