"""A count of mesas over time: figures per area at any cut, kept by adding the actas that changed since the last one."""

from threading import Lock
from typing import Protocol

import numpy as np

from ingest.rehearsal.areas import AreaIndex, Matrix
from ingest.rehearsal.arrivals import Arrivals
from ingest.rehearsal.cadence import Cadence
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.mesas import Integers, MesaTable

# Columns of a matrix of figures; votes of the lists follow.
_TOTAL, _ROLL, _RECEIVED, _HALF_ROLL = range(4)
_COUNTED, _ABSENT, _ANNULLED, _COUNTED_ROLL, _CAST, _BLANK, _NULL, _CHALLENGED, _VOTES = range(4, 13)


class MesaCut:
    """Figures per area, summed from mesas."""

    def __init__(self, at_ms: int, figures: Matrix) -> None:
        self.at_ms = at_ms
        self._figures = figures

    def area(self, row: int) -> AreaFigures | None:
        """Figures of that row of the index."""
        figures = self._figures[row].tolist()
        return AreaFigures(
            stamp_ms=self.at_ms,
            total=figures[_TOTAL],
            counted=figures[_COUNTED],
            at_jee=figures[_RECEIVED] - figures[_COUNTED],
            cast=figures[_CAST],
            votes=tuple(figures[_VOTES:]),
            registered=figures[_ROLL],
            blank=figures[_BLANK],
            null=figures[_NULL],
            not_installed=figures[_ABSENT],
            annulled=figures[_ANNULLED],
            registered_counted=figures[_COUNTED_ROLL],
            half_roll=figures[_HALF_ROLL],
        )


class MesaCount:
    """A count of mesas: district sums move from cut to cut by the actas that changed in between, not by a recount."""

    def __init__(self, table: MesaTable, arrivals: Arrivals, cadence: Cadence) -> None:
        self.table = table
        self.arrivals = arrivals
        self._cadence = cadence
        self.index = AreaIndex(np.unique(table.ubigeo).tolist())
        self.starts_ms, self.ends_ms = arrivals.span()
        self._district = np.searchsorted(self.index.districts, table.ubigeo)
        self._sums = np.zeros((len(self.index.districts), _VOTES + table.votes.shape[1]), dtype=np.int64)
        every = np.arange(len(table.mesa))
        self._add(every, np.stack([np.ones_like(table.registered), table.registered], axis=1), _TOTAL)
        self._received = _Advance(arrivals.received)
        self._counted = _Advance(arrivals.counted)
        self._one_at_a_time = Lock()
        self._cut = MesaCut(-1, self.index.roll_up(self._sums))

    def cut_at(self, ms: int, until_ms: int) -> MesaCut:
        """The cut in force at that moment; at `until_ms` a last one is published whatever the minute."""
        at = until_ms if ms >= until_ms else self._cadence.before(ms)
        with self._one_at_a_time:  # whoever compares looks at a count that a thread serves
            if at != self._cut.at_ms:
                self._move(self._received, at, self._one)
                self._move(self._counted, at, self._tally)
                self._sums[:, _HALF_ROLL] = (self._sums[:, _COUNTED_ROLL] + 1) // 2
                self._cut = MesaCut(at, self.index.roll_up(self._sums))
            return self._cut

    def _move(self, advance: "_Advance", at: int, values: "_Values") -> None:
        rows, sign = advance.to(at)
        column, figures = values(rows)
        self._add(rows, figures * sign, column)

    def _one(self, rows: Integers) -> tuple[int, Matrix]:
        return _RECEIVED, np.ones((len(rows), 1), dtype=np.int64)

    def _tally(self, rows: Integers) -> tuple[int, Matrix]:
        table = self.table
        annulled = np.zeros(len(rows), dtype=bool) if table.annulled is None else table.annulled[rows]
        acta = (np.ones(len(rows)), ~table.installed[rows], annulled, table.registered[rows])
        votes = (table.cast[rows], table.blank[rows], table.null[rows], table.challenged[rows])
        head = np.stack([*acta, *votes], axis=1).astype(np.int64)
        return _COUNTED, np.concatenate([head, table.votes[rows].astype(np.int64)], axis=1)

    def _add(self, rows: Integers, figures: Matrix, column: int) -> None:
        np.add.at(self._sums[:, column : column + figures.shape[1]], self._district[rows], figures)


class _Values(Protocol):
    def __call__(self, rows: Integers) -> tuple[int, Matrix]: ...


class _Advance:
    """Which mesas passed a moment since the last time it was asked; going back in time takes them away again."""

    def __init__(self, times: Integers) -> None:
        self._order = np.argsort(times, kind="stable")
        self._times = times[self._order]
        self._done = 0

    def to(self, ms: int) -> tuple[Integers, int]:
        """Returns: the mesas between the last moment and this one, and +1 or −1."""
        position = int(np.searchsorted(self._times, ms, side="right"))
        low, high = sorted((self._done, position))
        sign = 1 if position >= self._done else -1
        self._done = position
        return self._order[low:high], sign
