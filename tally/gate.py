"""The gate's memory: a number that would go back is believed only when the source says it again.

Old copies come from a content network's edge, half-made cuts from a migration under way; both vanish by themselves.
A real decrease stays, and is then published as a correction. Stamps order copies only while they are believable.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from tally import moments
from tally.board import Board, Fact
from tally.model import Acta, AreaCount
from tally.rules.corrections import is_lower, is_replaced
from tally.thresholds import THRESHOLDS

SKEW = timedelta(minutes=THRESHOLDS.gate.skew_minutes)


class Sighting(Struct, frozen=True):
    """A value that waits for another look, and how often it was seen in a row."""

    value: AreaCount | Acta
    times: int


class Gate:
    """Stands before a board, which it reads. `waiting` holds the keys that should be asked again soon."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.waiting: dict[str, Sighting] = {}

    def admit(self, facts: Sequence[Fact], now: datetime) -> list[Fact]:
        """The facts that may go to the board, in order; the others wait until the source repeats them."""
        admitted: dict[str, AreaCount | Acta] = {}
        passed = []
        for fact in facts:
            if isinstance(fact.value, AreaCount | Acta):
                if not self._is_admitted(fact.key, fact.value, admitted.get(fact.key) or self._known(fact.key), now):
                    continue
                admitted[fact.key] = fact.value
            passed.append(fact)
        return passed

    def confirm(self, key: str) -> None:
        """The source says what is known already: nothing waits under that key any more."""
        self.waiting.pop(key, None)

    def _known(self, key: str) -> AreaCount | Acta | None:
        return self.board.actas.get(key) or self.board.published.get(key)

    def _is_admitted(self, key: str, value: AreaCount | Acta, before: AreaCount | Acta | None, now: datetime) -> bool:
        needed = _looks(value, before, now)
        seen = self.waiting.pop(key, None)
        times = seen.times + 1 if seen is not None and _is_same(seen.value, value) else 1
        if times >= needed:
            return True
        self.waiting[key] = Sighting(value, times)
        return False


def _looks(value: AreaCount | Acta, before: AreaCount | Acta | None, now: datetime) -> int:
    """How often in a row a value must be seen before it replaces another."""
    if before is None or _is_same(value, before):
        return 1
    if is_older(value.source_at, before.source_at, now):
        return THRESHOLDS.gate.older_looks
    if isinstance(value, AreaCount) and isinstance(before, AreaCount):
        return THRESHOLDS.gate.lower_looks if is_lower(value, before) else 1
    if isinstance(value, Acta) and isinstance(before, Acta):
        return THRESHOLDS.gate.lower_looks if is_replaced(value, before) else 1
    return 1


def is_older(stamp: str | None, before: str | None, now: datetime) -> bool:
    """Whether a stamp lies before another. A missing or future stamp orders nothing."""
    if stamp is None or before is None:
        return False
    late = moments.write(now + SKEW)
    # ISO UTC sorts as text once both have the same precision.
    return stamp[:19] < before[:19] <= late[:19]


def _is_same(value: AreaCount | Acta, other: AreaCount | Acta) -> bool:
    """Equal but for the stamp, which moves with every cut."""
    return msgspec.structs.replace(value, source_at=other.source_at) == other
