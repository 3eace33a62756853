"""The actas of a count as columns, ready for vectorised tests."""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from msgspec import UNSET, Raw, Struct, UnsetType
from numpy.typing import NDArray

from tally.keys import Level, code_of, level_of
from tally.model import ActaState

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

UNKNOWN = -1  # a figure nobody knows; below it nothing is a vote
_STATES = {state.value: number for number, state in enumerate(ActaState)}
_FIGURES = ("registered", "cast", "valid", "blank", "null", "challenged")
_FIRST_LIST = 3 + len(_FIGURES)
# Actas a call: while one runs no other thread does, and the loop has people waiting.
_BLOCK = 500


class _Lean(Struct, gc=False):
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
    votes: tuple[int | None, ...] | None = None
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
    """Columns of the mesas among those values of the log (key, canonical JSON), in their order."""
    pairs = [(key, data) for key, data in values if level_of(key) is Level.MESA]
    codes: dict[str, int] = {}
    ubigeos: list[str] = []
    blocks = [np.zeros((0, _FIRST_LIST + lists), dtype=np.int64)]
    for start in range(0, len(pairs), _BLOCK):
        block = b",".join(data for _, data in pairs[start : start + _BLOCK])
        # One call for many: a call for each acta costs three times as much.
        actas = msgspec.json.decode(b"[" + block + b"]", type=list[_Lean])
        ubigeos += [acta.ubigeo for acta in actas]
        blocks.append(np.array([_row(acta, lists, codes) for acta in actas], dtype=np.int64))
    table = np.concatenate(blocks)
    place, states, is_held, *figures = table.T[:_FIRST_LIST]
    return Sheets(
        mesas=[code_of(key) for key, _ in pairs],
        ubigeos=ubigeos,
        places=list(codes),
        place=place,
        states=states,
        is_held=is_held.astype(np.bool_),
        **dict(zip(_FIGURES, figures, strict=True)),
        votes=table[:, _FIRST_LIST:],
    )


def _row(acta: _Lean, lists: int, codes: dict[str, int]) -> tuple[int, ...]:
    """Place, state, held, the figures, then the votes; an acta with another number of lists has no known vote."""
    place = UNKNOWN if acta.place is None else codes.setdefault(acta.place, len(codes))
    figures = (acta.registered, acta.cast, acta.valid, acta.blank, acta.null, acta.challenged)
    votes = acta.votes if acta.votes is not None and len(acta.votes) == lists else (None,) * lists
    known = (UNKNOWN if figure is None else figure for figure in (*figures, *votes))
    return place, _STATES[acta.state], int(acta.held is not UNSET), *known
