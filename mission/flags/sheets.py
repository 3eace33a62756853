"""The actas of a count as columns, ready for vectorised tests."""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec
import numpy as np
from msgspec import UNSET, Raw, Struct, UnsetType
from numpy.typing import NDArray

from tally.model import ActaState

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

UNKNOWN = -1  # a figure nobody knows; below it nothing is a vote
_STATES = {state.value: number for number, state in enumerate(ActaState)}
_FIGURES = ("registered", "cast", "valid", "blank", "null", "challenged")


class _Lean(Struct):
    """What the tests read of an acta; the rest is skipped."""

    ubigeo: str
    state: str
    place: str | None = None
    registered: int | None = None
    cast: int | None = None
    valid: int | None = None
    blank: int | None = None
    null: int | None = None
    challenged: int | None = None
    votes: list[int | None] | None = None
    held: Raw | UnsetType = UNSET


class Sheets(Struct, frozen=True):
    """One row a mesa. `places` are the codes that `place` points into; −1 where an acta names none.

    votes: int64 [mesas, lists]. A figure nobody knows is UNKNOWN. `states` number the members of ActaState.
    """

    mesas: Sequence[str]
    ubigeos: Sequence[str]
    places: Sequence[str]
    place: Integers
    states: Integers
    is_held: Booleans
    registered: Integers
    cast: Integers
    valid: Integers
    blank: Integers
    null: Integers
    challenged: Integers
    votes: Integers

    def __len__(self) -> int:
        return len(self.mesas)

    def has_state(self, *states: ActaState) -> Booleans:
        """Which rows are in one of those states."""
        return np.asarray(np.isin(self.states, [_STATES[state.value] for state in states]))

    @property
    def is_tallied(self) -> Booleans:
        """Counted actas with every figure known and at least one valid vote: what the statistics are about."""
        known = (self.votes > UNKNOWN).all(axis=1) & (self.registered > 0) & (self.cast > 0)
        return np.asarray(self.has_state(ActaState.COUNTED) & known & (self.votes.sum(axis=1) > 0))


def read_sheets(values: Iterable[tuple[str, bytes]], lists: int) -> Sheets:
    """Columns of the mesas among those values of the log (key, canonical JSON), by mesa number."""
    pairs = sorted((key, data) for key, data in values if key.startswith("mesa/"))
    # One call for all: a call for each acta costs three times as much.
    actas = msgspec.json.decode(b"[" + b",".join(data for _, data in pairs) + b"]", type=list[_Lean])
    codes: dict[str, int] = {}
    place = [UNKNOWN if acta.place is None else codes.setdefault(acta.place, len(codes)) for acta in actas]
    return Sheets(
        mesas=[key.partition("/")[2] for key, _ in pairs],
        ubigeos=[acta.ubigeo for acta in actas],
        places=list(codes),
        place=np.array(place, dtype=np.int64),
        states=np.array([_STATES[acta.state] for acta in actas], dtype=np.int64),
        is_held=np.array([acta.held is not UNSET for acta in actas], dtype=np.bool_),
        **{name: _column(getattr(acta, name) for acta in actas) for name in _FIGURES},
        votes=_votes(actas, lists),
    )


def _column(figures: Iterable[int | None]) -> Integers:
    return np.array([UNKNOWN if figure is None else figure for figure in figures], dtype=np.int64)


def _votes(actas: list[_Lean], lists: int) -> Integers:
    """Votes by list; an acta with another number of lists has no known vote."""
    unknown: list[int | None] = [None] * lists
    rows = (acta.votes if acta.votes is not None and len(acta.votes) == lists else unknown for acta in actas)
    return _column(chain.from_iterable(rows)).reshape(len(actas), lists)
