"""Bodies as they come over the wire, unpacked in small steps: no answer can swell beyond its limit in memory."""

import zlib
from collections.abc import Iterator

from tally.errors import FeedMalformed

# What we say we can read; whatever else comes was not asked for.
ACCEPTED = "gzip, deflate"

_STEP = 64 * 1024
# Lists of actas shrink thirtyfold. What shrinks more than this, past the first megabyte, is meant to hurt; several
# such answers may be under way at once, so they are not let grow up to the limit.
_MOST_TIMES, _FROM_SIZE = 200, 1024 * 1024
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15


class Body:
    """Gathers one body of at most `limit` bytes after unpacking."""

    def __init__(self, encoding: str | None, limit: int) -> None:
        self._encoding = (encoding or "identity").strip().lower()
        self._limit = limit
        self._unpack = _Unpack(self._encoding) if self._encoding != "identity" else None
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the wire.

        Raises: FeedMalformed: larger than the limit, or not packed as it says.
        """
        for part in (chunk,) if self._unpack is None else self._unpack.parts(chunk):
            self._size += len(part)
            self._parts.append(part)
            if self._size > self._limit:
                self._refuse(f"is larger than {self._limit} bytes")
            if self._unpack is not None and self._size > max(_FROM_SIZE, _MOST_TIMES * self._unpack.taken):
                self._refuse(f"unpacks to more than {_MOST_TIMES} times its size")

    def _refuse(self, reason: str) -> None:
        self._parts.clear()
        raise FeedMalformed(f"the answer {reason}")

    def whole(self) -> bytes:
        """The body after its last bytes.

        Raises: FeedMalformed: the packed stream breaks off.
        """
        if self._unpack is not None and not self._unpack.is_whole:
            raise FeedMalformed(f"the {self._encoding} answer breaks off")
        return b"".join(self._parts)


class _Unpack:
    """One packed stream, unpacked at most one step at a time."""

    def __init__(self, encoding: str) -> None:
        if encoding not in ("gzip", "deflate"):
            raise FeedMalformed(f"the answer is packed as {encoding[:40]!r}, which we did not ask for")
        self._encoding = encoding
        self._stream = zlib.decompressobj(_GZIP if encoding == "gzip" else _ZLIB)
        self._is_begun = False
        self.taken = 0  # packed bytes unpacked so far

    @property
    def is_whole(self) -> bool:
        """Whether the stream came to its end; an empty body has none."""
        return self._stream.eof or not self._is_begun

    def parts(self, chunk: bytes) -> Iterator[bytes]:
        """What those bytes unpack to, in steps."""
        if not chunk:
            return
        if not self._is_begun:
            self._is_begun = True
            # "deflate" means zlib's format, but some servers send it without zlib's frame.
            if self._encoding == "deflate" and chunk[0] & 0x0F != zlib.DEFLATED:
                self._stream = zlib.decompressobj(_RAW_DEFLATE)
        while not self._stream.eof:
            try:
                part = self._stream.decompress(chunk, _STEP)
            except zlib.error as error:
                raise FeedMalformed(f"the answer is not {self._encoding}: {error}") from error
            left = self._stream.unconsumed_tail
            self.taken += len(chunk) - len(left)
            chunk = left
            yield part
            if not chunk and len(part) < _STEP:
                break
        if self._stream.eof and (chunk or self._stream.unused_data):
            raise FeedMalformed(f"the {self._encoding} answer goes on after its end")
