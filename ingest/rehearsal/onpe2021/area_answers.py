"""Answers about areas: the published count of one, and the two trees of names."""

from zoneinfo import ZoneInfo

import numpy as np

from ingest.rehearsal.areas import ABROAD_CODE, DOMESTIC_CODE, NATION_CODE, NATION_ROW, SCOPE_ROWS, ambit
from ingest.rehearsal.feed import Feed
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import Booleans, Integers
from ingest.rehearsal.observations import REASONS, choose_reasons
from ingest.rehearsal.onpe2021.payloads import Payload, results
from ingest.rehearsal.ubigeos import ABROAD_FROM, area_at, level_at, text_of
from tally.keys import NATION, UBIGEO_LEVELS, Level, area_key, parent, prefix_of, ubigeo_of

_TOP_ROWS = {NATION_CODE: NATION_ROW, DOMESTIC_CODE: SCOPE_ROWS[1], ABROAD_CODE: SCOPE_ROWS[2]}


class JeeQueue:
    """Which actas stand at the JEE at a cut, and why."""

    def __init__(self, count: MesaCount) -> None:
        self._count = count
        self._reasons = choose_reasons(count.table.mesa, count.table.observation)
        self._at_ms = -1
        self._rows: Integers = np.zeros(0, dtype=np.int64)

    def reason(self, row: int) -> str:
        """Why the acta of that row was observed, if it was."""
        return REASONS[int(self._reasons[row])]

    def causes(self, ubigeo: int, at_ms: int) -> list[int]:
        """Actas of an area by reason."""
        if at_ms != self._at_ms:
            arrivals = self._count.arrivals
            self._rows = np.flatnonzero((arrivals.received <= at_ms) & (arrivals.counted > at_ms))
            self._at_ms = at_ms
        inside = self._rows[_lies_in(self._count.table.ubigeo[self._rows], ubigeo)]
        counts: list[int] = np.bincount(self._reasons[inside], minlength=len(REASONS)).tolist()
        return counts


def _lies_in(ubigeos: Integers, area: int) -> Booleans:
    if area == NATION_CODE:
        inside: Booleans = np.ones(len(ubigeos), dtype=bool)
    elif area in (DOMESTIC_CODE, ABROAD_CODE):
        inside = (ubigeos >= ABROAD_FROM) == (area == ABROAD_CODE)
    else:
        inside = area_at(ubigeos, level_at(area)) == area
    return inside


class AreaAnswers:
    """Published counts and names of the areas that have mesas (a replay without mesas: of all)."""

    def __init__(self, feed: Feed, queue: JeeQueue | None) -> None:
        self._feed, self._queue = feed, queue
        self._index = feed.count.index
        self._zone = ZoneInfo(feed.election.timezone)

    def results(self, ubigeo: str) -> Payload | None:
        """results/10/{ubigeo}, None for an area that has no count."""
        code = int(ubigeo)
        row = _TOP_ROWS.get(code, self._index.row_of.get(code))
        cut = self._feed.cut()
        figures = None if row is None else cut.area(row)
        if figures is None:
            return None
        # A recording of totals does not tell why actas are observed.
        causes = [0, 0, figures.at_jee, 0, 0, 0, 0] if self._queue is None else self._queue.causes(code, cut.at_ms)
        return results(self._feed.contest, figures, ubigeo, causes, self._zone)

    def tree(self, kind: str) -> Payload:
        """ecp/ubigeos/P, or E: abroad."""
        scope, names = (1, ("departments", "provinces", "districts"))
        if kind == "E":
            scope, names = (2, ("continents", "countries", "states"))
        levels = zip(names, ("DEP", "PROV", "DIST"), UBIGEO_LEVELS, strict=True)
        return {"ubigeos": {name: self._level(word, level, scope) for name, word, level in levels}}

    def _level(self, word: str, level: Level, scope: int) -> list[Payload]:
        rows = []
        for ubigeo in self._index.below(level):
            if ambit(ubigeo) == scope:
                code = text_of(ubigeo)
                name = self._feed.catalogue.name(prefix_of(code, level)) or code
                above = ubigeo_of(parent(area_key(code)) or NATION) or text_of(NATION_CODE)
                rows.append({f"CDGO_{word}": code, "CDGO_PADRE": above, f"DESC_{word}": name})
        return rows
