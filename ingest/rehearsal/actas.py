"""Actas in ONPE's shapes of 2026: the same sheet in a list (ad… names, no votes), in a search, and by id (n… names)."""

from collections.abc import Iterator

from ingest.rehearsal.acta_lines import Line, detailed_line, event_row, searched_line, sheet_files
from ingest.rehearsal.areas import ambit
from ingest.rehearsal.events import AT_JEE, COUNTED, DESCRIPTIONS, PENDING, events, reason
from ingest.rehearsal.mesa_count import MesaCount
from ingest.rehearsal.payloads import (
    BLANK,
    BLANK_NAME,
    CHALLENGED,
    CHALLENGED_NAME,
    NULL,
    NULL_NAME,
    Payload,
    percent,
)
from ingest.rehearsal.ubigeos import text_of
from tally.catalogue import Catalogue
from tally.election import Contest
from tally.keys import Level, prefix_of

# Internal letters of estadoActa (D processed, N not installed are public; A and H were never captured).
_SHEET_STATES = {COUNTED: "D", AT_JEE: "H", PENDING: "A"}
_NOT_INSTALLED = "N"


class ActaBook:
    """Every acta of a count, as the source shows it at a moment."""

    def __init__(self, count: MesaCount, contest: Contest, catalogue: Catalogue) -> None:
        self._count = count
        self._contest = contest
        self._catalogue = catalogue

    def id_of(self, row: int) -> int:
        """ONPE's id of an acta: mesa, ubigeo and election in one number of up to 14 digits."""
        table = self._count.table
        return int(table.mesa[row]) * 10**8 + int(table.ubigeo[row]) * 100 + self._contest.source_id

    def row_of(self, acta_id: int) -> int | None:
        """Row of an acta id, None if there is no such acta."""
        row = self._count.table.row(acta_id // 10**8)
        return row if row is not None and self.id_of(row) == acta_id else None

    def state(self, row: int, at_ms: int) -> str:
        """C, E or P."""
        if self._count.arrivals.counted[row] <= at_ms:
            return COUNTED
        return AT_JEE if self._count.arrivals.received[row] <= at_ms else PENDING

    def listed(self, row: int, at_ms: int) -> Payload:
        """A row of actas?pagina&tamanio: lines and events are null."""
        table, state = self._count.table, self.state(row, at_ms)
        place = table.places[table.place[row]]
        ubigeo, mesa = int(table.ubigeo[row]), int(table.mesa[row])
        return {
            "id": self.id_of(row),
            "idMesa": mesa,
            "codigoMesa": f"{mesa:06d}",
            "numeroCopia": None,
            "idUbigeoEleccion": None,
            "idEleccion": self._contest.source_id,
            "idAmbitoGeografico": ambit(ubigeo),
            "idUbigeo": ubigeo,
            "centroPoblado": table.populated_places[table.populated_place[row]],
            "nombreLocalVotacion": place.name,
            "codigoLocalVotacion": place.code,
            **self._head(row, state),
            "detalle": None,
            "lineaTiempo": None,
        }

    def searched(self, row: int, at_ms: int) -> Payload:
        """An entry of actas/buscar/mesa: the row of a list with its lines and events."""
        state = self.state(row, at_ms)
        cast, valid = self._sums(row)
        lines = [searched_line(line, cast, valid) for line in self._lines(row, state)]
        return {**self.listed(row, at_ms), "detalle": lines, "lineaTiempo": self._events(row, at_ms)}

    def detailed(self, row: int, at_ms: int) -> Payload:
        """The answer of actas/{id}: areas are names, null votes are 0."""
        table, state = self._count.table, self.state(row, at_ms)
        mesa, ubigeo = f"{int(table.mesa[row]):06d}", text_of(int(table.ubigeo[row]))
        cast, valid = self._sums(row)
        via_jee = bool(self._count.arrivals.received[row] < self._count.arrivals.counted[row]) and state != PENDING
        is_annulled = table.annulled is not None and bool(table.annulled[row]) and state == COUNTED
        return {
            "id": self.id_of(row),
            "idMesa": None,
            "codigoMesa": mesa,
            "descripcionMesa": mesa,
            "idEleccion": self._contest.source_id,
            "ubigeoNivel01": self._catalogue.name(prefix_of(ubigeo, Level.DEPARTMENT)),
            "ubigeoNivel02": self._catalogue.name(prefix_of(ubigeo, Level.PROVINCE)),
            "ubigeoNivel03": self._catalogue.name(ubigeo),
            "centroPoblado": table.populated_places[table.populated_place[row]],
            "nombreLocalVotacion": table.places[table.place[row]].name,
            **self._head(row, state),
            "estadoActaResolucion": "",
            "estadoDescripcionActaResolucion": reason(int(mesa)) if via_jee else None,
            "descripcionSubEstadoActa": "Anulada" if is_annulled else None,
            "codigoSolucionTecnologica": None,
            "descripcionSolucionTecnologica": None,
            "detalle": [detailed_line(line, cast, valid) for line in self._lines(row, state)],
            "lineaTiempo": self._events(row, at_ms),
            "archivos": sheet_files(int(mesa), self._when(row)) if state == COUNTED else [],
        }

    def _head(self, row: int, state: str) -> Payload:
        """Roll, totals and state; the totals are null until the acta is counted."""
        table = self._count.table
        registered, (cast, valid) = int(table.registered[row]), self._sums(row)
        is_counted = state == COUNTED
        return {
            "totalElectoresHabiles": registered,
            "totalVotosEmitidos": cast if is_counted else None,
            "totalVotosValidos": valid if is_counted else None,
            "totalAsistentes": cast if is_counted else None,
            "porcentajeParticipacionCiudadana": percent(cast, registered) if is_counted else None,
            "estadoActa": _SHEET_STATES[state] if table.installed[row] or not is_counted else _NOT_INSTALLED,
            "estadoComputo": "N",
            "codigoEstadoActa": state,
            "descripcionEstadoActa": DESCRIPTIONS[state],
        }

    def _sums(self, row: int) -> tuple[int, int]:
        return int(self._count.table.cast[row]), int(self._count.table.votes[row].sum())

    def _when(self, row: int) -> int:
        return int(self._count.arrivals.counted[row]) // 1000 * 1000

    def _events(self, row: int, at_ms: int) -> list[Payload]:
        arrivals = self._count.arrivals
        mesa = int(self._count.table.mesa[row])
        life = events(mesa, int(arrivals.received[row]), int(arrivals.counted[row]), at_ms)
        return [event_row(event) for event in life]

    def _lines(self, row: int, state: str) -> list[Line]:
        """Lines of the sheet, in no order; none for a pending acta or a mesa that never opened."""
        table = self._count.table
        if state == PENDING or not table.installed[row]:
            return []
        lines = list(self._every_line(row))
        first = int(table.mesa[row]) % len(lines)
        return lines[first:] + lines[:first]

    def _every_line(self, row: int) -> Iterator[Line]:
        table = self._count.table
        for position, (entry, votes) in enumerate(
            zip(self._contest.lists, table.votes[row].tolist(), strict=True), start=1
        ):
            code = int(entry.code)
            counted = None if entry.is_withdrawn else votes
            yield Line(code, f"{code:08d}", entry.name, position, counted, entry.candidate)
        for code, name, column in (
            (BLANK, BLANK_NAME, table.blank),
            (NULL, NULL_NAME, table.null),
            (CHALLENGED, CHALLENGED_NAME, table.challenged),
        ):
            yield Line(code, str(code), name, code, int(column[row]), is_list=False)
