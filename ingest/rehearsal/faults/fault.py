"""What every fault is: something that spoils a share of the replies while it is active."""

from abc import ABC, abstractmethod
from random import Random
from typing import ClassVar
from zlib import crc32

from ingest.rehearsal.faults.exchange import FaultReply, FaultRequest
from ingest.rehearsal.faults.source import SoundSource


class Fault(ABC):
    """One fault of a source. Its docstring says what the real source does and what Escrutinio promises in return.

    `usual_share`, `usual_s`: how many answers it spoils and for how long, unless the person who asks for it says so;
    `begins_s`: from which second on. A poller that starts usually meets a sound source, then must bear whatever comes.
    """

    usual_share: ClassVar[float] = 0.2
    begins_s: ClassVar[float] = 10.0
    usual_s: ClassVar[float | None] = None

    def __init__(self, source: SoundSource, share: float, seed: str) -> None:
        self.source, self.share, self._seed = source, share, seed
        self.random = Random(seed)  # noqa: S311 - a drill that can be repeated, not a secret

    def see(self, question: FaultRequest, reply: FaultReply) -> None:  # noqa: B027 - most faults have no memory
        """Take notice of a sound answer, also while the fault is not active."""

    async def begin(self) -> None:  # noqa: B027 - nor anything to prepare
        """The fault becomes active."""

    async def end(self) -> None:  # noqa: B027 - nor anything to put back
        """The fault is over."""

    def strikes(self, question: FaultRequest) -> bool:
        """Whether this answer is one of its share."""
        return self.random.random() < self.share

    def picks(self, name: str) -> bool:
        """Whether that area or mesa is one of its share: the same at every look."""
        return self.draw(name) < self.share

    def draw(self, name: str) -> float:
        """A number from 0 to 1 that belongs to that name."""
        return crc32(f"{self._seed}/{name}".encode()) / 2**32

    @abstractmethod
    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """The answer as the client gets it."""
