"""mapa-calor: how much is counted in every area of a level. Areas with nothing counted are absent."""

from collections.abc import Iterator

from ingest.rehearsal import payloads
from ingest.rehearsal.answers import DONE, Answer, check_election, data
from ingest.rehearsal.areas import ELECTORAL_DISTRICTS, NATION_ROW, ambit
from ingest.rehearsal.feed import Feed
from ingest.rehearsal.filters import HEAT_NAMES, NothingThere, Question, ambit_of, ubigeo_of
from tally.keys import Level

# tipoFiltro → level of the rows: the filter names the parent's level.
_LEVELS = {
    "ambito_geografico": Level.DEPARTMENT,
    "ubigeo_nivel_01": Level.PROVINCE,
    "ubigeo_nivel_02": Level.DISTRICT,
    "ubigeo_nivel_03": Level.DISTRICT,
}


class HeatAnswers:
    """The heat map; the answer of a cut is built once."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._built: dict[tuple[tuple[str, str], ...], Answer] = {}
        self._built_at = -1

    def heat(self, question: Question) -> Answer:
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

    def _build(self, question: Question) -> Answer:
        contest, cut = self._feed.contest, self._feed.cut()
        party = ubigeo_of(question, "codigoAgrupacionPolitica")
        rows = []
        for row, ubigeo, scope, electoral in self._rows(question):
            figures = cut.area(row)
            if figures is None or not figures.counted:
                continue
            entry = payloads.heat(figures, ubigeo, scope, electoral)
            if party is not None:
                entry["participante"] = payloads.heat_participant(contest, figures, party)
            rows.append(entry)
        return data(rows, DONE)

    def _rows(self, question: Question) -> Iterator[tuple[int, int, int | None, int | None]]:
        """Row of the index, ubigeo, ámbito and electoral district of every area the question covers."""
        index, kind, scope = self._feed.count.index, question.get("tipoFiltro", ""), ambit_of(question)
        if kind in ("total", "eleccion"):
            yield NATION_ROW, 0, None, None
        elif kind == "distrito_electoral":
            for code in range(1, len(ELECTORAL_DISTRICTS) + 1):
                row = index.electoral_row(code)
                if row is not None:
                    yield row, 0, None, code
        elif kind in _LEVELS:
            given = [ubigeo_of(question, name) for name in HEAT_NAMES]
            parent = next((ubigeo for ubigeo in reversed(given[:2]) if ubigeo), 0)
            for ubigeo in index.below(_LEVELS[kind], 0 if kind == "ambito_geografico" else parent):
                if scope in (None, ambit(ubigeo)) and (kind != "ubigeo_nivel_03" or given[2] in (None, ubigeo)):
                    yield index.row_of[ubigeo], ubigeo, ambit(ubigeo), None
        else:
            raise NothingThere
