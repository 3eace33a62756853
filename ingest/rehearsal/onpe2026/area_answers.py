"""Answers about areas: totals, lists, acta buckets."""

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.areas import NATION_ROW
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026 import payloads
from ingest.rehearsal.onpe2026.envelope import DONE, NOTHING, Handler, check_election, data
from ingest.rehearsal.onpe2026.filters import PRESIDENT_NAMES, TOTALS_NAMES, NothingThere, find_row


class AreaAnswers:
    """Totals, lists and acta buckets."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._index = feed.count.index

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        page = self._feed.contest.source_page
        own = ("participantes-ubicacion-geografica", "participantes-ubicacion-geografica-nombre") if page else ()
        return {
            "resumen-general/totales": self.totals,
            "resumen-general/participantes": self.participants,
            "resumen-general/elecciones": self.elections,
            "mesa/totales": self.mesas,
            **{f"{page}/{name}": self.candidates for name in own},
        }

    def totals(self, question: Question) -> Response:
        """resumen-general/totales"""
        row, ubigeo, figures = self._area(question, TOTALS_NAMES)
        is_regional = self._feed.contest.source_page is None
        return data(payloads.totals(figures, ubigeo, is_national=row == NATION_ROW, is_regional=is_regional))

    def participants(self, question: Question) -> Response:
        """resumen-general/participantes"""
        return data(payloads.participants(self._feed.contest, self._area(question, TOTALS_NAMES)[2]))

    def candidates(self, question: Question) -> Response:
        """eleccion-presidencial/participantes-ubicacion-geografica[-nombre]"""
        return data(payloads.candidates(self._feed.contest, self._area(question, PRESIDENT_NAMES)[2]))

    def elections(self, question: Question) -> Response:
        """resumen-general/elecciones"""
        figures = self._feed.cut().area(NATION_ROW)
        if figures is None or question.get("tipoFiltro") != "eleccion":
            return NOTHING
        return data([payloads.election_summary(self._feed.contest, "Presidencial", figures)], DONE)

    def mesas(self, question: Question) -> Response:
        """mesa/totales"""
        figures = self._feed.cut().area(NATION_ROW)
        if figures is None or figures.not_installed is None or question.get("tipoFiltro") != "eleccion":
            return NOTHING
        installed = figures.total - figures.pending - figures.not_installed
        return data(
            {
                "mesasInstaladas": installed,
                "mesasNoInstaladas": figures.not_installed,
                "mesasPendientes": figures.pending,
            }
        )

    def _area(self, question: Question, names: tuple[str, str, str]) -> tuple[int, int, AreaFigures]:
        check_election(self._feed, question)
        row, ubigeo = find_row(self._index, question, names)
        figures = self._feed.cut().area(row)
        if figures is None:
            raise NothingThere
        return row, ubigeo, figures
