"""ONPE's words of 2026 and ours: the payloads' fields by the source's names. Fields nobody needs are skipped."""

from typing import Generic, TypeVar

from msgspec import Struct, field

from ingest.strict import Figure, Percentage
from tally import keys
from tally.model import ActaState

T = TypeVar("T")

BLANK, NULL, CHALLENGED = "80", "81", "82"
NOT_INSTALLED = "N"  # estadoActa
STATES = {"C": ActaState.COUNTED, "E": ActaState.AT_JEE, "P": ActaState.PENDING}  # codigoEstadoActa
WITHDRAWN = 20  # adEstado / estado: the list is on the ballot, not in the race
DOMESTIC, ABROAD = "1", "2"  # idAmbitoGeografico
# The source's own words for the three areas that have no ubigeo.
TOP_NAMES = {keys.NATION: "TODOS", keys.DOMESTIC: "PERÚ", keys.ABROAD: "EXTRANJERO"}


class Envelope(Struct, Generic[T]):
    """What every answer is wrapped in."""

    success: bool
    data: T | None = None
    message: str | None = None


class ActiveProcess(Struct):
    """proceso/proceso-electoral-activo"""

    id: Figure
    acronym: str | None = field(name="acronimo", default=None)
    name: str | None = field(name="nombre", default=None)
    day_ms: int | None = field(name="fechaProceso", default=None)


class MenuEntry(Struct):
    """proceso/{id}/elecciones: the site's menu, not all of whose entries are races, and which lacks some."""

    race: Figure = field(name="idEleccion")
    name: str = field(name="nombre")


class Totals(Struct):
    """resumen-general/totales; the plain `contabilizadas` is the count, `actasContabilizadas` the percentage."""

    counted: Figure = field(name="contabilizadas")
    at_jee: Figure = field(name="enviadasJee")
    pending: Figure = field(name="pendientesJee")
    total: Figure = field(name="totalActas")
    cast: Figure = field(name="totalVotosEmitidos")
    valid: Figure = field(name="totalVotosValidos")
    turnout: Percentage | None = field(name="participacionCiudadana", default=None)  # of the whole roll
    counted_share: Percentage | None = field(name="actasContabilizadas", default=None)
    at_jee_share: Percentage | None = field(name="actasEnviadasJee", default=None)
    pending_share: Percentage | None = field(name="actasPendientesJee", default=None)
    stamp: int | str | None = field(name="fechaActualizacion", default=None)
    department: Figure | str | None = field(name="idUbigeoDepartamento", default=None)
    province: Figure | str | None = field(name="idUbigeoProvincia", default=None)
    district: Figure | str | None = field(name="idUbigeoDistrito", default=None)


class Participant(Struct):
    """One list's row. In the presidential form blank (80) and null (81) votes are rows too, and codes are strings."""

    code: Figure | str = field(name="codigoAgrupacionPolitica")
    votes: Figure = field(name="totalVotosValidos")
    share: Percentage | None = field(name="porcentajeVotosValidos", default=None)


class Running(Struct):
    """The same row, as it names who runs; a candidate may be "" for a real list."""

    code: Figure | str = field(name="codigoAgrupacionPolitica")
    name: str = field(name="nombreAgrupacionPolitica")
    votes: Figure = field(name="totalVotosValidos")
    candidate: str | None = field(name="nombreCandidato", default=None)


class BallotLine(Struct):
    """One line of an acta's detalle, as it shows the ballot."""

    code: Figure = field(name="adAgrupacionPolitica")
    name: str = field(name="adDescripcion")
    status: Figure | None = field(name="adEstado", default=None)
    position: Figure | None = field(name="adPosicion", default=None)


class BallotActa(Struct):
    """One acta of actas/buscar/mesa, as it shows the ballot."""

    race: Figure = field(name="idEleccion")
    lines: list[BallotLine] | None = field(name="detalle", default=None)


class Heat(Struct):
    """resumen-general/mapa-calor: here `actasContabilizadas` is the count. Areas with nothing counted are absent."""

    counted: Figure = field(name="actasContabilizadas")
    level1: Figure | None = field(name="ubigeoNivel01", default=None)
    level2: Figure | None = field(name="ubigeoNivel02", default=None)
    level3: Figure | None = field(name="ubigeoNivel03", default=None)


class Ubigeo(Struct):
    """ubigeos/*: a code and its name; flat leaves are named "DEP \\ PROV \\ DIST"."""

    ubigeo: str
    name: str = field(name="nombre")


class LocalOption(Struct):
    """ubigeos/locales"""

    code: str = field(name="codigoLocalVotacion")
    name: str = field(name="nombreLocalVotacion")


class TimelineRow(Struct):
    """One row of an acta's lineaTiempo; repeats and disorder are normal."""

    code: str | None = field(name="codigoEstadoActa", default=None)
    resolution: str | None = field(name="descripcionEstadoActaResolucion", default=None)
    at_ms: int | None = field(name="fechaRegistro", default=None)


class DetailRow(Struct):
    """One line of an acta's detalle as actas/buscar/mesa gives it."""

    code: Figure = field(name="adAgrupacionPolitica")
    status: Figure | None = field(name="adEstado", default=None)
    votes: Figure | None = field(name="adVotos", default=None)


class ActaRow(Struct):
    """One acta of actas (lists) and actas/buscar/mesa; in lists detalle and lineaTiempo are null."""

    election: Figure = field(name="idEleccion")
    mesa: str | None = field(name="codigoMesa")
    ubigeo: Figure = field(name="idUbigeo")
    code: str = field(name="codigoEstadoActa")
    state: str | None = field(name="estadoActa", default=None)
    place: str | None = field(name="codigoLocalVotacion", default=None)
    place_name: str | None = field(name="nombreLocalVotacion", default=None)
    populated_place: str | None = field(name="centroPoblado", default=None)
    registered: Figure | None = field(name="totalElectoresHabiles", default=None)
    cast: Figure | None = field(name="totalVotosEmitidos", default=None)
    valid: Figure | None = field(name="totalVotosValidos", default=None)
    turnout: Percentage | None = field(name="porcentajeParticipacionCiudadana", default=None)
    lines: list[DetailRow] | None = field(name="detalle", default=None)
    events: list[TimelineRow] | None = field(name="lineaTiempo", default=None)


class PageOfActas(Struct):
    """actas?pagina&tamanio: `pagina` starts at 0."""

    rows: list[ActaRow] = field(name="content")
    page: Figure = field(name="paginaActual")
    pages: Figure = field(name="totalPaginas")
    records: Figure = field(name="totalRegistros")
