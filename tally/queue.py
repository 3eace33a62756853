"""The queue at the juries, read from the log: every acta that left the count, from when to when, and what became of it.

The log is read once and then followed: a reading takes only what is newer than the last one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from tally.changes import Entry
from tally.keys import Level, start_of
from tally.model import Acta, ActaState
from tally.storage.store import Store

_AT_JEE, _ANNULLED = (f'"state":"{state.value}"'.encode() for state in (ActaState.AT_JEE, ActaState.ANNULLED))
_acta = msgspec.json.Decoder(Acta)


class Look(Struct, frozen=True):
    """An acta's value from version `seq` on; `at` is when it was published."""

    seq: int
    at: str
    acta: Acta


class Stay(Struct, frozen=True):
    """One stay of an acta at the jury: its values there, then those after it; both in order, either may be empty.

    An annulled acta that nobody saw at the jury has only what came after: nobody but a jury annuls.
    """

    key: str
    there: tuple[Look, ...]
    after: tuple[Look, ...] = ()

    @property
    def acta(self) -> Acta:
        """What is known of it last: of what it said at the jury, else of what became of it."""
        return (self.there or self.after)[-1].acta

    @property
    def since(self) -> Look | None:
        """When it was first seen at the jury."""
        return self.there[0] if self.there else None

    @property
    def outcome(self) -> Look | None:
        """What it is now that it is there no more."""
        return self.after[-1] if self.after else None

    @property
    def moved(self) -> Look:
        """The last thing that happened to it: it came, or it was settled."""
        return self.after[0] if self.after else self.there[0]

    def at(self, seq: int) -> "Stay | None":
        """The stay as it was known at a version; None if it had not begun."""
        there, after = (looks[: bisect_right(looks, seq, key=_seq)] for looks in (self.there, self.after))
        return Stay(self.key, there, after) if there or after else None


def _seq(look: Look) -> int:
    return look.seq


class Queue:
    """All stays of one count up to version `reached`. For one thread at a time."""

    def __init__(self) -> None:
        self.reached = 0
        self._stays: dict[str, list[Stay]] = {}

    def follow(self, store: Store, count_id: int, newest: int) -> None:
        """Read the log on to version `newest`.

        Raises: StoreUnavailable.
        """
        if newest > self.reached:
            self.take(store.walk(count_id, start_of(Level.MESA), self.reached, newest))
            self.reached = newest

    def take(self, entries: Iterable[Entry]) -> None:
        """The next values of mesas, in the order of the log."""
        for entry in entries:
            key, data = entry.change.key, entry.change.data
            if key in self._stays or _AT_JEE in data or _ANNULLED in data:
                self._note(key, Look(entry.seq, entry.at, _acta.decode(data)))

    def stays(self, seq: int) -> Iterator[Stay]:
        """Every stay that had begun at that version, as it was known then."""
        for stays in self._stays.values():
            for stay in stays:
                known = stay if seq >= self.reached else stay.at(seq)
                if known is not None:
                    yield known

    def _note(self, key: str, look: Look) -> None:
        stays = self._stays.setdefault(key, [])
        last = stays[-1] if stays else None
        if look.acta.state is ActaState.AT_JEE:
            if last is None or last.after:
                stays.append(Stay(key, (look,)))
            else:
                stays[-1] = Stay(key, (*last.there, look))
        elif last is None:
            stays.append(Stay(key, (), (look,)))
        else:
            stays[-1] = Stay(key, last.there, (*last.after, look))
