"""participacion-ciudadana: who came to vote, by area.

Never captured; the paths and names are those of the source's own published code, which several clients ask for.
"""

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.areas import SCOPE_ROWS, ambit
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.onpe2026.envelope import DONE, NOTHING, Handler, data
from ingest.rehearsal.onpe2026.filters import (
    HEAT_NAMES,
    LEVELS,
    NothingThere,
    areas_below,
    echo,
    find_row,
)
from ingest.rehearsal.onpe2026.paging import paged
from ingest.rehearsal.onpe2026.payloads import Payload, percent
from tally.keys import UBIGEO_LEVELS

_USUAL_ROWS = 12


class TurnoutAnswers:
    """Attendance of an area and of those one level below it; a recording that knows no roll has none."""

    def __init__(self, feed: RehearsalFeed) -> None:
        self._feed = feed
        self._index = feed.count.index

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        room = "participacion-ciudadana"
        return {
            f"{room}/totales": self.totals,
            f"{room}/ubigeos": self.page,
            f"{room}/ubigeos-total": lambda question: _listed([_share(*area) for area in self._below(question)]),
            f"{room}/mapa-calor": lambda question: _listed([_heat(*area) for area in self._below(question)]),
            f"{room}/departamentos": self.rolls,
        }

    def totals(self, question: Question) -> Response:
        """participacion-ciudadana/totales"""
        figures = self._feed.cut().area(find_row(self._index, question, HEAT_NAMES)[0])
        if figures is None or figures.registered is None:
            return NOTHING
        return data(
            {
                "totalElectoresHabiles": figures.registered,
                "totalAsistentes": figures.cast,
                "totalAusentes": _absent(figures),
                "porcentajeAsistentes": percent(figures.cast, figures.registered),
                "porcentajeAusentes": _percent_absent(figures),
                "ubigeoNivel01": None,
                "ubigeoNivel02": None,
                "ubigeoNivel03": None,
                "idLocalVotacion": None,
            },
            DONE,
        )

    def page(self, question: Question) -> Response:
        """participacion-ciudadana/ubigeos?pagina&tamanio: the same rows as ubigeos-total, a dozen a page."""
        return data(paged(question, self._below(question), _USUAL_ROWS, lambda area: _share(*area), "ubigeos"), DONE)

    def rolls(self, question: Question) -> Response:
        """participacion-ciudadana/departamentos: the rolls of every area of the level that tipoFiltro names."""
        depth = LEVELS.get(question.get("tipoFiltro", ""))
        if depth is None:
            return NOTHING
        areas = [(ubigeo, self._figures(ubigeo)) for ubigeo in self._index.below(UBIGEO_LEVELS[depth - 1])]
        return _listed([{**_where(code), "totalElectoresHabiles": area.registered} for code, area in areas if area])

    def _below(self, question: Question) -> list[tuple[int, AreaFigures]]:
        """What lies one level below the area asked for: a scope is 1 or 2, any other area its ubigeo."""
        kind = question.get("tipoFiltro")
        if kind == "ubigeo_nivel_03":  # below a district are its places, of which no count is published here
            raise NothingThere
        codes = list(SCOPE_ROWS) if kind == "total" else list(areas_below(self._index, question))
        return [(code, figures) for code in codes if (figures := self._figures(code)) is not None]

    def _figures(self, code: int) -> AreaFigures | None:
        figures = self._feed.cut().area(SCOPE_ROWS.get(code) or self._index.row_of[code])
        return None if figures is None or figures.registered is None else figures


def _listed(rows: list[Payload]) -> Response:
    if not rows:
        raise NothingThere
    return data(rows, DONE)


def _where(code: int) -> Payload:
    names = ("ubigeoNivel01", "ubigeoNivel02", "ubigeoNivel03")
    return dict(zip(names, echo(0 if code in SCOPE_ROWS else code), strict=True))


def _share(code: int, figures: AreaFigures) -> Payload:
    return {
        "porcentajeAsistentes": percent(figures.cast, figures.registered),
        "porcentajeAusentes": _percent_absent(figures),
        "ambitoGeografico": code if code in SCOPE_ROWS else ambit(code),
        **_where(code),
        "idLocalVotacion": None,
    }


def _heat(code: int, figures: AreaFigures) -> Payload:
    return {
        "ambitoGeografico": code if code in SCOPE_ROWS else ambit(code),
        **_where(code),
        "distritoElectoral": None,
        "porcentajeActasContabilizadas": None,
        "actasContabilizadas": None,
        "porcentajeAsistentes": percent(figures.cast, figures.registered),
        "asistentes": figures.cast,
    }


def _absent(figures: AreaFigures) -> int | None:
    """Who did not come, as far as actas are counted."""
    return None if figures.registered_counted is None else figures.registered_counted - figures.cast


def _percent_absent(figures: AreaFigures) -> float | None:
    absent = _absent(figures)
    return None if absent is None else percent(absent, figures.registered)
