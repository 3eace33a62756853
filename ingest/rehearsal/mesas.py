"""Mesas of one election in columns: what every acta says in the end, and the places they stand in."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


class MesaPlace(Struct, frozen=True):
    """A polling place: the source's code, its name, the ubigeo it lies in, and its address where a file tells it."""

    code: str
    name: str
    ubigeo: int
    address: str = ""


class MesaTable(Struct, frozen=True, eq=False):
    """One row a mesa, sorted by number.

    `place` points into `places`, `populated_place` into `populated_places` ("" is none). `votes` has one column a
    list. `installed` is False for a mesa that never opened: counted, without votes. `known` is False where the file
    has no votes: such an acta never arrives. `via_jee` marks actas that the juries decide; `at_jee_forever` those
    that they have not decided. Each is None where the file does not tell; the arrival model then draws which ones pass
    the JEE. `seen_ms`: recorded arrivals. `observation`: why an acta was observed, as a position in
    `observations.REASONS`, UNTOLD where the file does not say.
    """

    mesa: Integers
    ubigeo: Integers
    place: Integers
    places: tuple[MesaPlace, ...]
    populated_place: Integers
    populated_places: tuple[str, ...]
    registered: Integers
    cast: Integers
    blank: Integers
    null: Integers
    challenged: Integers
    votes: Integers
    installed: Booleans
    known: Booleans
    annulled: Booleans | None = None
    via_jee: Booleans | None = None
    at_jee_forever: Booleans | None = None
    seen_ms: Integers | None = None
    observation: Integers | None = None

    def row(self, mesa: int) -> int | None:
        """Row of a mesa number, None if there is no such mesa."""
        row = int(np.searchsorted(self.mesa, mesa))
        return row if row < len(self.mesa) and int(self.mesa[row]) == mesa else None


class DistrictRows:
    """Rows of a table by district, in order of mesa."""

    def __init__(self, table: MesaTable) -> None:
        self._order = np.argsort(table.ubigeo, kind="stable")
        self._ubigeos, starts = np.unique(table.ubigeo[self._order], return_index=True)
        self._ends = np.append(starts[1:], len(self._order))
        self._starts = starts

    def rows(self, ubigeo: int) -> Integers:
        """Rows of the mesas of one district, empty if it has none."""
        position = int(np.searchsorted(self._ubigeos, ubigeo))
        if position == len(self._ubigeos) or int(self._ubigeos[position]) != ubigeo:
            return self._order[:0]
        return self._order[self._starts[position] : self._ends[position]]
