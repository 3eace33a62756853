"""Answers about actas: pages of a district or place, the search by mesa, one sheet by id."""

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.areas import ambit
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import DistrictRows, Integers
from ingest.rehearsal.onpe2026.actas import ActaBook
from ingest.rehearsal.onpe2026.envelope import NOTHING, Handler, check_election, data, failure
from ingest.rehearsal.onpe2026.filters import NothingThere, ambit_of, ubigeo_of

_MOST_ROWS = 100
_USUAL_ROWS = 15

# What actas/{id} answers for an id that does not exist: every field, all null.
_NO_ACTA = dict.fromkeys(
    (
        "id",
        "idMesa",
        "codigoMesa",
        "descripcionMesa",
        "idEleccion",
        "ubigeoNivel01",
        "ubigeoNivel02",
        "ubigeoNivel03",
        "centroPoblado",
        "nombreLocalVotacion",
        "totalElectoresHabiles",
        "totalVotosEmitidos",
        "totalVotosValidos",
        "totalAsistentes",
        "porcentajeParticipacionCiudadana",
        "estadoActa",
        "estadoComputo",
        "codigoEstadoActa",
        "descripcionEstadoActa",
        "estadoActaResolucion",
        "estadoDescripcionActaResolucion",
        "descripcionSubEstadoActa",
        "codigoSolucionTecnologica",
        "descripcionSolucionTecnologica",
        "detalle",
        "lineaTiempo",
        "archivos",
    )
)


class ActaAnswers:
    """Sheets of a count of mesas. `count` None: a replay without mesas, which has none."""

    def __init__(self, feed: RehearsalFeed, count: MesaCount | None) -> None:
        self._feed = feed
        self._count = count
        self._rows = DistrictRows(count.table) if count else None
        self._book = ActaBook(count, feed.contest, feed.catalogue) if count else None

    def routes(self) -> dict[str, Handler]:
        """Handlers by path."""
        return {"actas": self.page, "actas/buscar/mesa": self.search}

    def page(self, question: Question) -> Response:
        """actas?pagina&tamanio&idAmbitoGeografico&idUbigeo[&idLocalVotacion]: pagina counts from 0."""
        page, size = _number(question, "pagina", 0), _number(question, "tamanio", _USUAL_ROWS)
        if page is None or size is None or not 0 < size <= _MOST_ROWS:
            return failure(400, f"tamanio debe estar entre 1 y {_MOST_ROWS}")
        rows = self._matching(question)
        content = []
        if self._book:
            at_ms = self._feed.cut().at_ms
            content = [self._book.listed(int(row), at_ms) for row in rows[page * size : (page + 1) * size]]
        return data(
            {
                "content": content,
                "totalRegistros": len(rows),
                "totalPaginas": -(-len(rows) // size),
                "paginaActual": page,
            }
        )

    def search(self, question: Question) -> Response:
        """actas/buscar/mesa?codigoMesa=: one entry an election of that mesa; here there is one."""
        mesa = question.get("codigoMesa", "")
        if self._book is None or self._count is None or len(mesa) != 6 or not (mesa.isascii() and mesa.isdigit()):
            return NOTHING
        row = self._count.table.row(int(mesa))
        return NOTHING if row is None else data([self._book.searched(row, self._feed.cut().at_ms)])

    def sheet(self, acta_id: str) -> Response:
        """actas/{id}"""
        row = self._book.row_of(int(acta_id)) if self._book else None
        if self._book is None or row is None:
            return data(_NO_ACTA)
        return data(self._book.detailed(row, self._feed.cut().at_ms))

    def _matching(self, question: Question) -> "list[int] | Integers":
        ubigeo = ubigeo_of(question, "idUbigeo")
        try:
            check_election(self._feed, question)
            scope = ambit_of(question)
        except NothingThere:
            return []
        if self._count is None or self._rows is None or ubigeo is None or scope not in (None, ambit(ubigeo)):
            return []
        rows = self._rows.rows(ubigeo)
        code = question.get("idLocalVotacion")
        if not code:
            return rows
        table = self._count.table
        return [row for row in rows.tolist() if table.places[table.place[row]].code == code]


def _number(question: Question, name: str, usual: int) -> int | None:
    """A number from 0 on, None where something else is given."""
    text = question.get(name, "")
    if not text:
        return usual
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
