"""Answers about actas: pages of a district or of what was observed, the search by mesa, one sheet by id, its scans."""

from ingest.rehearsal.answers import Question, Response
from ingest.rehearsal.areas import ambit
from ingest.rehearsal.clock import moment
from ingest.rehearsal.feed import RehearsalFeed
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.mesas import DistrictRows, Integers
from ingest.rehearsal.onpe2026.actas import ActaBook
from ingest.rehearsal.onpe2026.envelope import NOTHING, Handler, check_election, data
from ingest.rehearsal.onpe2026.filters import NothingThere, ambit_of, ubigeo_of
from ingest.rehearsal.onpe2026.paging import paged
from ingest.rehearsal.onpe2026.scan_files import mesa_of, scan_url
from ingest.rehearsal.ubigeos import ABROAD_FROM
from tally.keys import is_digits

Rows = list[int] | Integers

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
        return {
            "actas": self.page,
            "actas/observadas": self.observed,
            "actas/buscar/mesa": self.search,
            "actas/file": self.file,
        }

    def page(self, question: Question) -> Response:
        """actas?pagina&tamanio&idAmbitoGeografico&idUbigeo[&idLocalVotacion]"""
        return self._listed(question, self._matching(question))

    def observed(self, question: Question) -> Response:
        """actas/observadas?pagina&tamanio[&idAmbitoGeografico&idUbigeo&idLocalVotacion&resueltas]

        Actas that were ever sent to the juries. Never captured: clients paged it like actas, and the source's own code
        says which rows it takes.
        """
        return self._listed(question, self._observed(question))

    def search(self, question: Question) -> Response:
        """actas/buscar/mesa?codigoMesa=: one entry an election of that mesa; here there is one."""
        mesa = question.get("codigoMesa", "")
        if self._book is None or self._count is None or len(mesa) != 6 or not is_digits(mesa):
            return NOTHING
        row = self._count.table.row(int(mesa))
        return NOTHING if row is None else data([self._book.searched(row, self._feed.cut().at_ms)])

    def file(self, question: Question) -> Response:
        """actas/file?id=: where a scan that actas/{id} lists can be fetched for a while."""
        mesa, at_ms = mesa_of(question.get("id", "")), self._feed.cut().at_ms
        row = None if self._count is None or mesa is None else self._count.table.row(mesa)
        if self._book is None or row is None:
            return NOTHING
        files = {file["id"]: file for file in self._book.files(row, at_ms)}
        file = files.get(question["id"])
        return NOTHING if file is None else data(scan_url(file, moment(at_ms)))

    def sheet(self, acta_id: str) -> Response:
        """actas/{id}"""
        row = self._book.row_of(int(acta_id)) if self._book else None
        if self._book is None or row is None:
            return data(_NO_ACTA)
        return data(self._book.detailed(row, self._feed.cut().at_ms))

    def _listed(self, question: Question, rows: Rows) -> Response:
        at_ms, book = self._feed.cut().at_ms, self._book
        return data(paged(question, rows, _USUAL_ROWS, lambda row: {} if book is None else book.listed(row, at_ms)))

    def _observed(self, question: Question) -> Rows:
        if self._book is None or self._count is None:
            return []
        at_ms, resolved = self._feed.cut().at_ms, question.get("resueltas")
        rows, asked, scope = self._book.observed(at_ms), ubigeo_of(question, "idUbigeo"), ambit_of(question)
        if resolved:
            rows = rows[(self._count.arrivals.counted[rows] <= at_ms) == (resolved == "true")]
        ubigeos = self._count.table.ubigeo[rows]
        if asked:
            rows = rows[ubigeos == asked]
        elif scope is not None:
            rows = rows[(ubigeos >= ABROAD_FROM) == (scope == ambit(ABROAD_FROM))]
        return self._in_place(rows, question)

    def _in_place(self, rows: Integers, question: Question) -> Rows:
        code = question.get("idLocalVotacion")
        if not code or self._count is None:
            return rows
        table = self._count.table
        return [row for row in rows.tolist() if table.places[table.place[row]].code == code]

    def _matching(self, question: Question) -> Rows:
        ubigeo = ubigeo_of(question, "idUbigeo")
        try:
            check_election(self._feed, question)
            scope = ambit_of(question)
        except NothingThere:
            return []
        if self._count is None or self._rows is None or ubigeo is None or scope not in (None, ambit(ubigeo)):
            return []
        return self._in_place(self._rows.rows(ubigeo), question)
