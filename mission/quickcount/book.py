"""The quick counts of an election: what was drawn, copied, decided and published, folded from the journal's room."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mission.journal import Entry
from mission.quickcount.copies import CopyDecision, CopyEntry, MesaStanding, stand
from mission.quickcount.frame import Unit
from mission.quickcount.frames.given import FrameNote
from mission.quickcount.publication import Basis, PublicationProposal, PublicationStep
from mission.quickcount.sampling import Sample
from tally.errors import NotFound

ROOM = "quick_count"


class QuickCountDeed(StrEnum):
    """What may happen to a quick count."""

    DRAW = "draw"
    COPY = "copy"
    PHOTO = "photo"
    DECIDE = "decide"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


class DrawnSample(Struct, frozen=True):
    """What is fixed for good: the sample, and which version of the count it was drawn at.

    `frame`: the given frame it was drawn from; None: the count's own list of mesas at that version.
    """

    name: str
    sample: Sample
    epoch: str
    seq: int
    frame: FrameNote | None = None


class CopyNote(Struct, frozen=True):
    """A photo that came after its entry."""

    entry: int
    photo: str


class QuickCount(Struct, frozen=True):
    """One quick count. `copies` by mesa, in the order they came; `steps`: its publication.

    `aside`: observers whose reports are set aside, and so are their copies.
    """

    id: str
    at: str
    by: str
    drawn: DrawnSample
    copies: Mapping[str, tuple[CopyEntry, ...]] = {}
    decisions: Mapping[str, CopyDecision] = {}
    steps: tuple[PublicationStep, ...] = ()
    aside: frozenset[str] = frozenset()

    def unit(self, mesa: str) -> Unit:
        """A mesa of the sample.

        Raises: NotFound.
        """
        for unit in self.drawn.sample.mesas:
            if unit.id == mesa:
                return unit
        raise NotFound(f"mesa {mesa[:10]!r} is not of this sample")

    def standing(self, mesa: str) -> MesaStanding:
        """How one mesa of the sample stands."""
        entries, decision = self.counted(mesa), self.decisions.get(mesa)
        is_decided = decision is not None and any(entry.id == decision.entry for entry in entries)
        return stand(entries, decision if is_decided else None)

    def revision(self, mesa: str) -> int:
        """The newest entry or decision of one mesa. What is decided names it."""
        own, decision = [entry.id for entry in self.copies.get(mesa, ())], self.decisions.get(mesa)
        return max([0 if decision is None else decision.id, *own])

    def counted(self, mesa: str) -> tuple[CopyEntry, ...]:
        """The entries of one mesa that are not set aside."""
        return tuple(entry for entry in self.copies.get(mesa, ()) if entry.observer not in self.aside)

    def standings(self) -> dict[str, MesaStanding]:
        """How each mesa of the sample stands, in order of their numbers."""
        return {unit.id: self.standing(unit.id) for unit in self.drawn.sample.mesas}

    def basis(self) -> Basis:
        """What an estimate of the copies that stand rests on."""
        standing = ((mesa, own.copy) for mesa, own in self.standings().items())
        return {mesa: copy.votes for mesa, copy in standing if copy is not None and copy.is_whole}

    def find(self, number: int) -> CopyEntry:
        """An entry by its id.

        Raises: NotFound.
        """
        for entries in self.copies.values():
            for entry in entries:
                if entry.id == number:
                    return entry
        raise _no_copy(number)

    def after(self, entries: Iterable[Entry]) -> "QuickCount":
        """This count after more entries of its journal, in their order.

        Raises: NotFound: one is of a copy that was never sent.
        """
        copies, decisions, steps = _Copies(self.copies), dict(self.decisions), list(self.steps)
        read = msgspec.json.decode
        for entry in entries:
            match QuickCountDeed(entry.deed):
                case QuickCountDeed.COPY:
                    copies.put(replace(read(entry.data, type=CopyEntry), id=entry.seq, at=entry.at))
                case QuickCountDeed.PHOTO:
                    note = read(entry.data, type=CopyNote)
                    copied = copies.find(note.entry)
                    copies.put(replace(copied, photos=(*copied.photos, note.photo)))
                case QuickCountDeed.DECIDE:
                    made = replace(read(entry.data, type=CopyDecision), id=entry.seq, at=entry.at)
                    decisions[copies.find(made.entry).mesa] = made
                case deed:
                    steps.append(PublicationStep(entry.seq, entry.at, entry.actor, deed.value, **_said(entry)))
        return replace(self, copies=copies.by_mesa, decisions=decisions, steps=tuple(steps))


class _Copies:
    """Copies while entries are folded: taken over once for all of them, not once for each."""

    def __init__(self, known: Mapping[str, tuple[CopyEntry, ...]]) -> None:
        self.by_mesa = dict(known)
        self._mesas: dict[int, str] | None = None

    def find(self, number: int) -> CopyEntry:
        if self._mesas is None:  # a copy alone does without
            self._mesas = {one.id: mesa for mesa, own in self.by_mesa.items() for one in own}
        own = self.by_mesa.get(self._mesas.get(number, ""), ())
        found = next((one for one in own if one.id == number), None)
        if found is None:
            raise _no_copy(number)
        return found

    def put(self, copied: CopyEntry) -> None:
        rest = (one for one in self.by_mesa.get(copied.mesa, ()) if one.id != copied.id)
        self.by_mesa[copied.mesa] = tuple(sorted((*rest, copied), key=lambda one: one.id))
        if self._mesas is not None:
            self._mesas[copied.id] = copied.mesa


class QuickCounts(Struct, frozen=True):
    """All of an election, by id, in the order they were drawn."""

    counts: Mapping[str, QuickCount] = {}

    def find(self, number: str) -> QuickCount:
        """One of them.

        Raises: NotFound.
        """
        if number not in self.counts:
            raise NotFound(f"there is no quick count {number[:20]!r}")
        return self.counts[number]


def fold(state: QuickCounts, entries: Iterable[Entry]) -> QuickCounts:
    """The quick counts after those entries."""
    counts = dict(state.counts)
    later: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.deed == QuickCountDeed.DRAW:
            drawn = msgspec.json.decode(entry.data, type=DrawnSample)
            counts[entry.subject] = QuickCount(entry.subject, entry.at, entry.actor, drawn)
        else:
            later.setdefault(entry.subject, []).append(entry)
    # Each count takes all of its own at once: one by one, a night's copies would be copied for each of them.
    counts.update({subject: counts[subject].after(own) for subject, own in later.items()})
    return QuickCounts(counts)


def _no_copy(number: int) -> NotFound:
    return NotFound(f"this quick count has no copy {number}")


def _said(entry: Entry) -> dict[str, Any]:
    if entry.deed == QuickCountDeed.PROPOSE:
        return msgspec.structs.asdict(msgspec.json.decode(entry.data, type=PublicationProposal))
    return dict(msgspec.json.decode(entry.data, type=dict[str, str]))
