"""Messages of the server, built once and written to many: as a websocket frame, compressed, and as an event."""

import zlib

_TEXT, _TEXT_PACKED = 0x81, 0xC1  # FIN, and with RSV1: a compressed message
_SHORT, _LONG = 126, 127
_PACK_FROM = 512
_LEVEL = 6
_FLUSH_TAIL = 4


class Frame:
    """One message. `plain` is its websocket frame; `packed` the same for a client that reads permessage-deflate."""

    __slots__ = ("_packed", "payload", "plain")

    def __init__(self, text: str | bytes) -> None:
        self.payload = text if isinstance(text, bytes) else text.encode()
        self.plain = _head(_TEXT, len(self.payload)) + self.payload
        self._packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        """The compressed frame, which needs no context of earlier ones; the plain one if it is small."""
        if self._packed is None:
            self._packed = self.plain if len(self.payload) < _PACK_FROM else _pack(self.payload)
        return self._packed


def _pack(payload: bytes) -> bytes:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = (deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-_FLUSH_TAIL]
    return _head(_TEXT_PACKED, len(body)) + body


def _head(first: int, size: int) -> bytes:
    if size < _SHORT:
        return bytes((first, size))
    if size < 1 << 16:
        return bytes((first, _SHORT)) + size.to_bytes(2, "big")
    return bytes((first, _LONG)) + size.to_bytes(8, "big")
