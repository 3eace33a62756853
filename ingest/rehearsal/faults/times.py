"""Faults of time: old copies, a count that stands still, one that goes back, stamps that cannot be true."""

from collections import OrderedDict
from datetime import datetime, timedelta

from msgspec import Struct

from ingest.rehearsal.faults.exchange import FaultReply, FaultRequest
from ingest.rehearsal.faults.fault import Fault
from ingest.rehearsal.faults.source import SoundSource

_URLS, _COPIES = 2000, 8
_PAST_S, _FUTURE_S, _LATE = -86_400, 10 * 366 * 86_400, 0.5
_NEAR = timedelta(minutes=1)


class StaleEdge(Fault):
    """Some answers are older copies than the last one.

    In reality: each server of the content network keeps its own copy, and questions land on any of them.
    Promised: an older copy never replaces newer numbers; it is kept in the archive and otherwise ignored.
    """

    usual_share = 0.3

    def __init__(self, source: SoundSource, share: float, seed: str) -> None:
        super().__init__(source, share, seed)
        self._copies: OrderedDict[FaultRequest, list[FaultReply]] = OrderedDict()

    def see(self, question: FaultRequest, reply: FaultReply) -> None:
        """See Fault: the last few different answers to each of the questions asked last."""
        copies = self._copies.setdefault(question, [])
        self._copies.move_to_end(question)
        if not copies or copies[-1] != reply:
            copies.append(reply)
            del copies[:-_COPIES]
        if len(self._copies) > _URLS:
            self._copies.popitem(last=False)

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        older = self._copies[question][:-1]
        return self.random.choice(older) if older else reply


class Freeze(Fault):
    """The count stands still: no figure and no stamp moves, whoever asks.

    In reality: for hours after closing, between two cuts, and whenever the loading of cuts fails.
    Promised: not a change is published; the age of the last cut stays visible, and all is read when it moves again.
    """

    usual_share = 1.0

    async def begin(self) -> None:
        """See Fault."""
        self.source.clock.step_to(self.source.clock.at())

    async def end(self) -> None:
        """See Fault."""
        self.source.clock.let_go()

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault: the clock has done it."""
        return reply


class ClockSkew(Fault):
    """Stamps of some areas lie ten years in the future, of others a day in the past; the figures are true.

    In reality: stamps that went back by minutes, and servers whose clocks differ.
    Promised: the figures count; a future stamp never makes later true ones look old.
    """

    usual_share = 0.3

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault: of an area that is picked, always the same way."""
        area, payload = self.source.shapes.area(question), reply.payload()
        if area is None or payload is None or not self.picks(area):
            return reply
        is_late = self.draw(f"{area} is late") < _LATE
        self.source.shapes.shift_stamp(payload, _PAST_S if is_late else _FUTURE_S)
        return reply.telling(payload)

    def strikes(self, question: FaultRequest) -> bool:
        """See Fault: its share is one of areas, not of answers."""
        return True


class _ToldFall(Struct, frozen=True):
    """The area that goes back, and the moment at which it stood as it will be told."""

    area: str
    at: datetime


class Decrease(Fault):
    """One area's later cut has fewer counted actas and votes than its last one.

    In reality: seven times in the 478 changes of the run-off of 2026; an acta was counted by mistake and went back.
    Promised: believed when two looks in a row see it, then published as a correction with before and after.
    """

    usual_share = 1.0

    def __init__(self, source: SoundSource, share: float, seed: str) -> None:
        super().__init__(source, share, seed)
        self._seen: dict[FaultRequest, datetime] = {}
        self._fall: _ToldFall | None = None

    def see(self, question: FaultRequest, reply: FaultReply) -> None:
        """See Fault: when each area's count was last told, as long as that was the truth."""
        if self._fall is None and self.source.shapes.is_totals(question) and self.source.shapes.area(question):
            self._seen[question] = self.source.clock.at()

    async def begin(self) -> None:
        """See Fault: the first of the areas told so far, in random order, that has something to lose."""
        questions = sorted(self._seen, key=lambda question: question.path + str(question.params))
        self.random.shuffle(questions)
        for question in questions:
            at = await self._before_last_acta(question, self._seen[question])
            if at is not None:
                self._fall = _ToldFall(self.source.shapes.area(question) or "", at)
                return

    async def spoil(self, question: FaultRequest, reply: FaultReply) -> FaultReply:
        """See Fault."""
        if self._fall is None or self.source.shapes.area(question) != self._fall.area:
            return reply
        before = await self.source.ask(question, self._fall.at)
        then, now = before.payload(), reply.payload()
        if then is None or now is None:
            return reply
        self.source.shapes.copy_stamp(then, now)
        return before.telling(then)

    async def _before_last_acta(self, question: FaultRequest, at: datetime) -> datetime | None:
        """A moment shortly before an area reached the count it had at that moment, None if it never had less."""
        reached = await self._counted(question, at)
        low, high = min(self.source.clock.starts, at), at
        if await self._counted(question, low) >= reached:
            return None
        while high - low > _NEAR:
            middle = low + (high - low) / 2
            if await self._counted(question, middle) < reached:
                low = middle
            else:
                high = middle
        return low

    async def _counted(self, question: FaultRequest, at: datetime) -> int:
        payload = (await self.source.ask(question, at)).payload()
        return 0 if payload is None else self.source.shapes.counted(payload)
