"""A recorded series of area totals, replayed without mesas: every figure keeps the stamp it was recorded with.

A recording is silent in places. Where it has no votes cast, they are put in the proportion to valid votes that the
area had when both were last known (the nation's otherwise); where it has no acta buckets, the actas not counted are
split like the nation's at that moment. Votes and counted actas are always the recorded ones.
"""

from bisect import bisect_right
from pathlib import Path

import numpy as np
from msgspec import Struct

from ingest.rehearsal.areas import ABROAD_CODE, NATION_CODE, NATION_ROW, SCOPE_ROWS, AreaIndex, ambit
from ingest.rehearsal.columns import MISSING, Columns
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.mesas import Integers
from tally.election import Contest, Official
from tally.errors import InvalidInput
from tally.keys import Level

_FIGURES = ("counted", "at_jee", "pending", "total", "cast")


class _Record(Struct, frozen=True):
    at_ms: int
    counted: int
    total: int
    votes: tuple[int, ...]
    at_jee: int | None
    cast: int | None


class Timeline(Struct, frozen=True):
    """Records by ubigeo (0 is the nation), in order of time."""

    records: dict[int, list[_Record]]

    def at(self, ubigeo: int, ms: int) -> _Record | None:
        """The last record of an area at or before that moment."""
        position = self.position(ubigeo, ms)
        return self.records[ubigeo][position - 1] if position else None

    def position(self, ubigeo: int, ms: int) -> int:
        """How many records of the area had been made by then."""
        return bisect_right(self.records.get(ubigeo, []), ms, key=lambda record: record.at_ms)

    def ratio(self, ubigeo: int, ms: int) -> tuple[int, int] | None:
        """Votes cast and valid of the last record up to then that has both."""
        for record in reversed(self.records.get(ubigeo, [])[: self.position(ubigeo, ms)]):
            valid = sum(record.votes)
            if record.cast is not None and valid:
                return record.cast, valid
        return None


def read_timeline(path: Path, contest: Contest) -> Timeline:
    """Read a file of recorded totals, one row an area and moment.

    Raises: InvalidInput: a column is missing or a value is impossible; line and column are named.
    """
    lists = tuple(entry.id for entry in contest.lists if not entry.is_withdrawn)
    columns = Columns(path, ("at_utc", "ubigeo", *_FIGURES, *lists), ("valid", "buckets"))
    at, ubigeo = columns.moments("at_utc"), columns.codes("ubigeo")
    columns.reject("at_utc", at == MISSING, "is empty")
    counted, total = columns.required("counted"), columns.required("total")
    columns.reject("counted", counted > total, "is more than there are actas")
    at_jee, cast = columns.integers("at_jee"), columns.integers("cast")
    nothing = np.zeros(columns.rows, dtype=np.int64)
    votes = [nothing if entry.is_withdrawn else columns.required(entry.id) for entry in contest.lists]
    columns.reject("at_jee", (at_jee != MISSING) & (counted + at_jee > total), "and the counted ones are too many")
    records: dict[int, list[_Record]] = {}
    for row in np.argsort(at, kind="stable").tolist():
        records.setdefault(int(ubigeo[row]), []).append(
            _Record(
                at_ms=int(at[row]),
                counted=int(counted[row]),
                total=int(total[row]),
                votes=tuple(int(column[row]) for column in votes),
                at_jee=_known(at_jee, row),
                cast=_known(cast, row),
            )
        )
    if NATION_CODE not in records:
        raise InvalidInput(f"{path.name} has no row of the nation (ubigeo 000000)")
    return Timeline(records)


class TimelineCount:
    """A replay of a timeline. Areas it never names are unknown; areas not yet recorded have everything pending."""

    def __init__(self, timeline: Timeline, index: AreaIndex, official: Official | None) -> None:
        self.timeline = timeline
        self.index = index
        moments = [record.at_ms for records in timeline.records.values() for record in records]
        self.starts_ms, self.ends_ms = min(moments), max(moments)
        self.rolls = {int(area.ubigeo): area.registered for area in official.areas} if official else {}
        self.ubigeo_of = {row: ubigeo for ubigeo, row in index.row_of.items()}

    def cut_at(self, ms: int, until_ms: int) -> "TimelineCut":
        """Everything recorded up to that moment."""
        return TimelineCut(self, min(ms, until_ms))


class TimelineCut:
    """Figures per area as last recorded; scopes are the sum of what is recorded in them."""

    def __init__(self, count: TimelineCount, at_ms: int) -> None:
        self.at_ms = at_ms
        self._count = count

    def area(self, row: int) -> AreaFigures | None:
        """Figures of that row of the index, None where the recording has nothing."""
        if row == NATION_ROW:
            return self._recorded(NATION_CODE, sum(self._count.rolls.values()) or None)
        if row in SCOPE_ROWS.values():
            return self._scope(row)
        ubigeo = self._count.ubigeo_of.get(row)
        return None if ubigeo is None else self._recorded(ubigeo, self._count.rolls.get(ubigeo))

    def _scope(self, row: int) -> AreaFigures | None:
        departments = self._count.index.below(Level.DEPARTMENT)
        inside = [ubigeo for ubigeo in departments if SCOPE_ROWS[ambit(ubigeo)] == row]
        known = [self._recorded(ubigeo, self._count.rolls.get(ubigeo)) for ubigeo in inside]
        parts = [figures for figures in known if figures is not None]
        if not parts:
            return self._recorded(ABROAD_CODE, None) if row == SCOPE_ROWS[2] else None
        return AreaFigures(
            stamp_ms=max(part.stamp_ms for part in parts),
            total=sum(part.total for part in parts),
            counted=sum(part.counted for part in parts),
            at_jee=sum(part.at_jee for part in parts),
            cast=sum(part.cast for part in parts),
            votes=tuple(map(sum, zip(*(part.votes for part in parts), strict=True))),
            registered=sum(part.registered or 0 for part in parts) or None,
        )

    def _recorded(self, ubigeo: int, registered: int | None) -> AreaFigures | None:
        timeline = self._count.timeline
        record = timeline.at(ubigeo, self.at_ms)
        if record is None:
            first = timeline.records.get(ubigeo)
            if first is None:
                return None
            zeros = (0,) * len(first[0].votes)
            return AreaFigures(self.at_ms, first[0].total, 0, 0, 0, zeros, registered)
        at_jee = self._at_jee(record) if record.at_jee is None else record.at_jee
        cast = self._cast(ubigeo, record) if record.cast is None else record.cast
        return AreaFigures(record.at_ms, record.total, record.counted, at_jee, cast, record.votes, registered)

    def _at_jee(self, record: _Record) -> int:
        nation = self._count.timeline.at(NATION_CODE, self.at_ms)
        rest = record.total - record.counted
        if nation is None or nation.at_jee is None or nation.total == nation.counted:
            return 0
        return round(rest * nation.at_jee / (nation.total - nation.counted))

    def _cast(self, ubigeo: int, record: _Record) -> int:
        ratio = self._count.timeline.ratio(ubigeo, self.at_ms) or self._count.timeline.ratio(NATION_CODE, self.at_ms)
        valid = sum(record.votes)
        return round(valid * ratio[0] / ratio[1]) if ratio else valid


def _known(column: Integers, row: int) -> int | None:
    return None if column[row] == MISSING else int(column[row])
