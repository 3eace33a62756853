"""The answers of 2026: an envelope, areas named by filters, stamps in epoch milliseconds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from ingest.rehearsal.faults.exchange import FaultRequest
from tally.moments import read, write

_BASE = "/presentacion-backend/"
_TOTALS = f"{_BASE}resumen-general/totales"
_VOTES = (
    f"{_BASE}resumen-general/participantes",
    f"{_BASE}eleccion-presidencial/participantes-ubicacion-geografica",
    f"{_BASE}eleccion-presidencial/participantes-ubicacion-geografica-nombre",
)
_ACTAS = f"{_BASE}actas"
_STAMP = "fechaActualizacion"
_COUNTED = "C"
_FIGURES = ("totalVotosEmitidos", "totalVotosValidos", "totalAsistentes", "porcentajeParticipacionCiudadana")
_VOTES_OF_LINE = ("adVotos", "nvotos")
_OTHER = 900  # added to the codes of lists: no process has so many


class Shapes2026:
    """See Shapes."""

    def area(self, question: FaultRequest) -> str | None:
        """See Shapes: the smallest area that the filters name."""
        if question.path != _TOTALS and question.path not in _VOTES:
            return None
        named = [value for name, value in question.params if name.startswith(("idUbigeo", "ubigeoNivel"))]
        scope = question.query.get("idAmbitoGeografico", "")
        return named[-1] if named else scope

    def is_totals(self, question: FaultRequest) -> bool:
        """See Shapes."""
        return question.path == _TOTALS

    def is_about_actas(self, question: FaultRequest) -> bool:
        """See Shapes."""
        return question.path.startswith(_ACTAS)

    def counted(self, payload: Any) -> int:
        """See Shapes."""
        return payload["data"].get("contabilizadas", 0) if isinstance(payload["data"], dict) else 0

    def about_nation(self, question: FaultRequest) -> FaultRequest:
        """See Shapes."""
        election = question.query.get("idEleccion", "")
        return FaultRequest(question.path, (("idEleccion", election), ("tipoFiltro", "eleccion")))

    def echo(self, payload: Any, own: Any) -> None:
        """See Shapes: totals repeat the area's ids; lists do not say where they are from."""
        if isinstance(payload["data"], dict) and isinstance(own["data"], dict):
            payload["data"] |= {name: value for name, value in own["data"].items() if name.startswith("idUbigeo")}

    def copy_stamp(self, payload: Any, other: Any) -> None:
        """See Shapes."""
        if _is_stamped(payload) and _is_stamped(other):
            payload["data"][_STAMP] = other["data"][_STAMP]

    def shift_stamp(self, payload: Any, seconds: int) -> None:
        """See Shapes."""
        if not _is_stamped(payload):
            return
        stamp = payload["data"][_STAMP]
        if isinstance(stamp, int):
            payload["data"][_STAMP] = stamp + seconds * 1000
        else:
            payload["data"][_STAMP] = write(read(stamp) + timedelta(seconds=seconds))

    def empty_general(self, payload: Any) -> None:
        """See Shapes: this generation has nothing beside the data itself."""
        payload["data"] = None

    def empty_actas(self, question: FaultRequest, payload: Any, is_meant: Callable[[str], bool]) -> None:
        """See Shapes."""
        for row in _actas(payload):
            if row.get("codigoEstadoActa") == _COUNTED and is_meant(str(row.get("codigoMesa"))):
                row |= {name: 0 for name in _FIGURES if name in row}
                for line in row.get("detalle") or ():
                    line |= {name: 0 for name in _VOTES_OF_LINE if line.get(name) is not None}

    def double_mesa(self, payload: Any) -> None:
        """See Shapes."""
        data = payload["data"]
        rows = data.get("content") if isinstance(data, dict) else data
        if isinstance(rows, list) and rows and "codigoMesa" in rows[0]:
            rows.append(rows[0])

    def rename_election(self, payload: Any) -> None:
        """See Shapes: the process, the codes of lists among participants, the election of actas."""
        data = payload["data"]
        if isinstance(data, dict) and "acronimo" in data:
            data |= {"id": data["id"] + 1, "acronimo": "OTRO", "nombre": "OTRO PROCESO"}
        for row in data if isinstance(data, list) else ():
            if "codigoAgrupacionPolitica" in row:
                code = row["codigoAgrupacionPolitica"]
                row["codigoAgrupacionPolitica"] = type(code)(int(code) + _OTHER)
        for row in _actas(payload):
            row["idEleccion"] = (row.get("idEleccion") or 0) + 1


def _is_stamped(payload: Any) -> bool:
    return isinstance(payload["data"], dict) and isinstance(payload["data"].get(_STAMP), int | str)


def _actas(payload: Any) -> Iterator[Any]:
    """Every acta of a list, a search, or an answer about one."""
    data = payload["data"]
    rows = data.get("content", [data]) if isinstance(data, dict) else data or ()
    yield from (row for row in rows if isinstance(row, dict) and "codigoMesa" in row)
