"""Lines, events and files of one sheet, in the two spellings the source has for them: ad… and n… names."""

from msgspec import Struct

from ingest.rehearsal.onpe2026.events import ActaEvent
from ingest.rehearsal.onpe2026.payloads import CHALLENGED, Payload, percent

_RUNNING, _WITHDRAWN = 1, 20
_FILES = ((1, "ACTA DE ESCRUTINIO"), (2, "ACTA DE INSTALACIÓN Y SUFRAGIO"))

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
    """One line of a sheet. `votes` is None for a list that no longer runs."""

    code: int
    label: str
    name: str
    position: int
    votes: int | None
    candidate: str = ""
    is_list: bool = True


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
    person = {"apellidoPaterno": "", "apellidoMaterno": "", "nombres": line.candidate, "cdocumentoIdentidad": ""}
    return {
        "descripcion": line.name,
        "estado": _RUNNING if runs else _WITHDRAWN,
        "grafico": int(line.is_list or line.code == CHALLENGED),
        "cargo": None,
        "sexo": None,
        "totalCandidatos": 0,
        "candidato": [person] if line.is_list and runs else [],
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


def sheet_files(mesa: int, at_ms: int) -> list[Payload]:
    """The scans of a counted sheet, as actas/{id} lists them."""
    return [
        {
            "id": f"{mesa * 16 + kind:024x}",
            "tipo": kind,
            "nombre": f"{mesa:06d}-{kind}.pdf",
            "descripcion": name,
            "daudFechaCreacion": at_ms,
        }
        for kind, name in _FILES
    ]
