"""Answers that hurt on the way: one that hardly arrives, and one that is a thousand times larger than it looks."""

import zlib
from functools import cache

from ingest.rehearsal.faults.exchange import FaultReply, FaultRequest
from ingest.rehearsal.faults.fault import Fault
from ingest.rehearsal.faults.source import SoundSource

_DRIP_S = 1.0
_MEBIBYTE = 2**20
_BOMB_MEBIBYTES = 512


class SlowDrip(Fault):
    """A byte a second.

    In reality: overloaded servers and tired lines; a time-out between two bytes never ends such an answer.
    Promised: the deadline counts from the question to the last byte; then it is given up and asked again later.
    """

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return FaultReply(reply.status, reply.headers, reply.body, drip_s=_DRIP_S)


class GzipBomb(Fault):
    """Half a megabyte of gzip that unpacks to 512 MiB.

    In reality: not seen from the source; whoever stands between us and it could send one.
    Promised: unpacked in small steps and dropped at the limit, so that memory hardly grows.
    """

    def __init__(self, source: SoundSource, share: float, seed: str) -> None:
        super().__init__(source, share, seed)
        self._bomb = _pack_bomb()

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        return reply.changed(200, self._bomb, content_encoding="gzip")


@cache
def _pack_bomb() -> bytes:
    """The same for all who want one: it takes two seconds to pack."""
    packer, nothing = zlib.compressobj(9, wbits=31), bytes(_MEBIBYTE)
    return b"".join(packer.compress(nothing) for _ in range(_BOMB_MEBIBYTES)) + packer.flush()
