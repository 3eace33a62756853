"""Lines and events of one sheet, in the two spellings the source has for them: ad… and n… names."""

from msgspec import Struct

from ingest.rehearsal.onpe2026.events import ActaEvent
from ingest.rehearsal.onpe2026.payloads import CHALLENGED, Payload, percent
from ingest.rehearsal.onpe2026.people import person
from tally.election import ListEntry

_RUNNING, _WITHDRAWN = 1, 20

# Presidential lines carry one empty entry where other races have preferential votes.
_NO_PREFERENCE: Payload = {
    "id": None,
    "lista": None,
    "votos": 0,
    "posicionOpcionVoto": None,
    "codigoOpcionVoto": None,
    "descripcionOpcionVoto": None,
    "posicion": None,
    "porcentajeVotosValidos": None,
    "porcentajeVotosEmitidos": None,
}


class ActaLine(Struct, frozen=True):
    """One line of a sheet; `votes` is None for a list that no longer runs, `entry` for a line that is no list's."""

    code: int
    label: str
    name: str
    position: int
    votes: int | None
    entry: ListEntry | None = None

    @property
    def is_list(self) -> bool:
        """Whether its votes are a list's."""
        return self.entry is not None


def searched_line(line: ActaLine, cast: int, valid: int) -> Payload:
    """A line as actas/buscar/mesa gives it."""
    runs = line.votes is not None
    return {
        "adAgrupacionPolitica": line.code,
        "adPosicion": line.position,
        "adCodigo": line.label,
        "adDescripcion": line.name,
        "adEstado": _RUNNING if runs else _WITHDRAWN,
        "adVotos": line.votes,
        "adTotalVotosValidos": 0,
        "adCargo": None,
        "adPorcentajeVotosValidos": percent(line.votes or 0, valid) if line.is_list else None,
        "adPorcentajeVotosEmitidos": percent(line.votes or 0, cast),
        "adGrafico": int(line.is_list or line.code == CHALLENGED),
        "candidato": [_NO_PREFERENCE] if line.is_list and runs else [],
    }


def detailed_line(line: ActaLine, cast: int, valid: int) -> Payload:
    """A line as actas/{id} gives it: null votes are 0."""
    runs = line.votes is not None
    return {
        "descripcion": line.name,
        "estado": _RUNNING if runs else _WITHDRAWN,
        "grafico": int(line.is_list or line.code == CHALLENGED),
        "cargo": None,
        "sexo": None,
        "totalCandidatos": 0,
        "candidato": [person(line.entry)] if line.entry is not None and runs else [],
        "nagrupacionPolitica": line.code,
        "nporcentajeVotosValidos": percent(line.votes or 0, valid) if line.is_list else None,
        "nporcentajeVotosEmitidos": percent(line.votes or 0, cast),
        "ccodigo": line.label,
        "nposicion": line.position,
        "nvotos": line.votes or 0,
    }


def event_row(event: ActaEvent) -> Payload:
    """A row of lineaTiempo."""
    return {
        "codigoEstadoActa": event.code,
        "descripcionEstadoActa": event.description,
        "descripcionEstadoActaResolucion": event.reason,
        "fechaRegistro": event.at_ms,
    }
