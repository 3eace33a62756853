"""mapa-calor: how much is counted in every area of a level. Areas with nothing counted are absent."""

from collections.abc import Iterator

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.areas import ELECTORAL_DISTRICTS, NATION_ROW, ambit
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026 import payloads
from ingest.rehearsal.onpe2026.envelope import DONE, check_election, data
from ingest.rehearsal.onpe2026.filters import areas_below, ubigeo_of

# Ubigeo, ámbito and electoral district.
HeatPlace = tuple[int, int | None, int | None]


class HeatAnswers:
    """The heat map; the answer of a cut is built once."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._built: dict[tuple[tuple[str, str], ...], Response] = {}
        self._built_at = -1

    def heat(self, question: Question) -> Response:
        """resumen-general/mapa-calor"""
        check_election(self._feed, question)
        cut = self._feed.cut()
        if cut.at_ms != self._built_at:
            self._built_at = cut.at_ms
            self._built.clear()
        key = tuple(sorted(question.items()))
        if key not in self._built:
            self._built[key] = self._build(question)
        return self._built[key]

    def _build(self, question: Question) -> Response:
        contest, party = self._feed.contest, ubigeo_of(question, "codigoAgrupacionPolitica")
        rows = []
        for figures, where in self.areas(question):
            entry = payloads.heat(figures, *where)
            if party is not None:
                entry["participante"] = payloads.heat_participant(contest, figures, party)
            rows.append(entry)
        return data(rows, DONE)

    def areas(self, question: Question) -> Iterator[tuple[AreaFigures, HeatPlace]]:
        """Every area the question covers that has anything counted, and where that is."""
        cut = self._feed.cut()
        for row, ubigeo, scope, electoral in self._rows(question):
            figures = cut.area(row)
            if figures is not None and figures.counted:
                yield figures, (ubigeo, scope, electoral)

    def _rows(self, question: Question) -> Iterator[tuple[int, int, int | None, int | None]]:
        """Row of the index, ubigeo, ámbito and electoral district of every area the question covers."""
        index, kind = self._feed.count.index, question.get("tipoFiltro", "")
        if kind in ("total", "eleccion"):
            yield NATION_ROW, 0, None, None
        elif kind == "distrito_electoral":
            for code in range(1, len(ELECTORAL_DISTRICTS) + 1):
                row = index.electoral_row(code)
                if row is not None:
                    yield row, 0, None, code
        else:
            for ubigeo in areas_below(index, question):
                yield index.row_of[ubigeo], ubigeo, ambit(ubigeo), None
