"""Answers about areas: the published count of one, and the two trees of names."""

from zoneinfo import ZoneInfo

from ingest.rehearsal.areas import ABROAD_CODE, DOMESTIC_CODE, NATION_CODE, NATION_ROW, SCOPE_ROWS, ambit
from ingest.rehearsal.cut import AreaFigures, PublishedCut
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2021.acta_states import ActaStates
from ingest.rehearsal.onpe2021.payloads import Beside, Payload, place_name, results
from ingest.rehearsal.ubigeos import text_of
from tally.keys import NATION, UBIGEO_LEVELS, Level, area_key, parent, prefix_of, ubigeo_of

_TOP_ROWS = {NATION_CODE: NATION_ROW, DOMESTIC_CODE: SCOPE_ROWS[1], ABROAD_CODE: SCOPE_ROWS[2]}


class ResultAnswers:
    """Published counts and names of the areas that have mesas (a replay without mesas: of all)."""

    def __init__(self, feed: RehearsalFeed, states: ActaStates | None) -> None:
        self._feed, self._states = feed, states
        self._index = feed.count.index
        self._zone = ZoneInfo(feed.election.timezone)
        self._progress: tuple[int, float] = (-1, 0.0)

    def results(self, ubigeo: str) -> Payload | None:
        """results/10/{ubigeo}, None for an area that has no count."""
        code = int(ubigeo)
        row = _TOP_ROWS.get(code, self._index.row_of.get(code))
        cut = self._feed.cut()
        figures = None if row is None else cut.area(row)
        if figures is None:
            return None
        return results(self._feed.contest, figures, ubigeo, self._beside(figures, code, cut), self._zone)

    def _beside(self, figures: AreaFigures, code: int, cut: PublishedCut) -> Beside:
        progress = self._progress_at(cut)
        if self._states is None:  # a recording of totals does not tell why actas are observed
            return Beside([0, 0, figures.at_jee, 0, 0, 0, 0], 0, progress)
        return Beside(self._states.causes(code, cut.at_ms), self._states.typed(code, cut.at_ms), progress)

    def _progress_at(self, cut: PublishedCut) -> float:
        """A share in percent of the source's own, the same for every area that is asked.

        It was never explained: above the counted actas at first, below them later, 100 when nothing is left. Here it is
        the mean of what is counted in the departments and continents.
        """
        if self._progress[0] != cut.at_ms:
            areas = [cut.area(self._index.row_of[ubigeo]) for ubigeo in self._index.below(Level.DEPARTMENT)]
            known = [area for area in [*areas, cut.area(NATION_ROW)] if area is not None and area.total]
            parts = known[:-1] or known
            mean = sum(100 * area.counted / area.total for area in parts) / len(parts) if parts else 0.0
            self._progress = (cut.at_ms, mean)
        return self._progress[1]

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
                name = place_name(self._feed.catalogue, prefix_of(code, level)) or code
                above = ubigeo_of(parent(area_key(code)) or NATION) or text_of(NATION_CODE)
                rows.append({f"CDGO_{word}": code, "CDGO_PADRE": above, f"DESC_{word}": name})
        return rows
