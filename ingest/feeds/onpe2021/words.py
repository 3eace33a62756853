"""ONPE's words of 2021 and ours: the payloads' fields by the source's names. Fields nobody needs are skipped."""

from msgspec import Struct, field

from tally import keys
from tally.model import ActaState

NATION, DOMESTIC, ABROAD = "000000", "800000", "900000"
# The source's own words for the three areas that have no ubigeo.
TOP_NAMES = {keys.NATION: "TODOS", keys.DOMESTIC: "PERÚ", keys.ABROAD: "EXTRANJERO"}
BLANK, NULL = "80", "81"  # C_CODI_AGRUPOL in results; on an acta everything that is no list has code 80 or none
ILLEGIBLE = "#"

# The rows that are not lists, by their names without accents: ours, and the two spellings of each total.
LABELS = {
    "VOTOS EN BLANCO": "blank",
    "VOTOS NULOS": "null",
    "VOTOS IMPUGNADOS": "challenged",
    "TOTAL DE VOTOS VALIDOS": "valid",
    "TOTAL VOTOS VALIDOS": "valid",
    "TOTAL DE VOTOS EMITIDOS": "cast",
    "TOTAL VOTOS EMITIDOS": "cast",
}

# OBSERVACION_TXT without accents; of a resolved acta OBSERVACION tells whether it was annulled.
STATES = {
    "ACTA ELECTORAL NORMAL": ActaState.COUNTED,
    "ACTA ELECTORAL PARA ENVIO AL JEE": ActaState.AT_JEE,
    "ACTA ELECTORAL PENDIENTE": ActaState.PENDING,
    "ACTA ELECTORAL RESUELTA": ActaState.COUNTED,
    "MESA NO INSTALADA": ActaState.NOT_INSTALLED,
}
RESOLVED = "ACTA ELECTORAL RESUELTA"
ANNULLED = "ACTA ELECTORAL ANULADA"
COUNTED = "CONTABILIZADAS NORMALES"

Number = str | int


class Refusal(Struct):
    """What the source answers instead of data."""

    status: Number = field(name="statusCode")
    message: str | None = None


class Stamp(Struct):
    """generals.actData: "07/06/2021" and "04:48 h"."""

    day: str | None = field(name="FECHA", default=None)
    minute: str | None = field(name="HORA", default=None)


class General(Struct):
    """generals.generalData: percentages of what the summary says."""

    counted_share: str | None = field(name="POR_ACTAS_CONTABILIZADAS", default=None)
    processed_share: str | None = field(name="POR_ACTAS_PROCESADAS", default=None)


class Generals(Struct):
    """generals; its generalData says nothing that the summary does not, and may be null."""

    stamp: Stamp = field(name="actData")
    general: General | None = field(name="generalData", default=None)


class ResultRow(Struct):
    """One row of results: a list, or one of four sums among them."""

    votes: Number = field(name="TOTAL_VOTOS")
    name: str = field(name="AGRUPACION")
    code: str | None = field(name="C_CODI_AGRUPOL", default=None)
    candidate: str | None = field(name="NOMBREe_CANDIDATO", default=None)
    share: str | None = field(name="POR_VALIDOS", default=None)


class Summary(Struct):
    """summary: acta buckets, and the causes for which actas stand at the JEE."""

    ubigeo: str = field(name="CCODI_UBIGEO")
    counted: Number = field(name="CONTABILIZA")
    normal: Number = field(name="CONT_NORMAL")
    annulled: Number = field(name="CONT_ANULADA")
    not_installed: Number = field(name="MESAS_NO_INST")
    at_jee: Number = field(name="TOTAL_JEE")
    processed: Number = field(name="ACTAS_PROCESADAS")
    pending: Number = field(name="POR_PROCESAR")
    total: Number = field(name="A_INSTALAR")
    challenged: Number = field(name="IMPUGNADA")
    wrong_sums: Number = field(name="ERROR_MAT")
    illegible: Number = field(name="ILEGIBLE")
    incomplete: Number = field(name="INCOMPLETA")
    contested: Number = field(name="SOL_NULIDAD")
    without_data: Number = field(name="SIN_DATOS")
    unsigned: Number = field(name="SIN_FIRMA")
    otherwise: Number = field(name="OTRAS_OBS")
    lost: Number = field(name="EXTRAVIADA")
    destroyed: Number = field(name="SINIESTRADA")


CAUSES = (
    "challenged",
    "wrong_sums",
    "illegible",
    "incomplete",
    "contested",
    "without_data",
    "unsigned",
    "otherwise",
    "lost",
    "destroyed",
)


class Results(Struct):
    """results/10/{ubigeo}"""

    generals: Generals
    rows: list[ResultRow] = field(name="results")
    summary: Summary


class Department(Struct):
    """A department or continent."""

    ubigeo: str = field(name="CDGO_DEP")
    parent: str = field(name="CDGO_PADRE")
    name: str = field(name="DESC_DEP")


class Province(Struct):
    """A province or country."""

    ubigeo: str = field(name="CDGO_PROV")
    parent: str = field(name="CDGO_PADRE")
    name: str = field(name="DESC_PROV")


class DistrictRow(Struct):
    """A district or city."""

    ubigeo: str = field(name="CDGO_DIST")
    parent: str = field(name="CDGO_PADRE")
    name: str = field(name="DESC_DIST")


class DomesticTree(Struct):
    """ubigeos of ecp/ubigeos/P"""

    departments: list[Department]
    provinces: list[Province]
    districts: list[DistrictRow]


class AbroadTree(Struct):
    """ubigeos of ecp/ubigeos/E"""

    departments: list[Department] = field(name="continents")
    provinces: list[Province] = field(name="countries")
    districts: list[DistrictRow] = field(name="states")


class Ubigeos(Struct):
    """ecp/ubigeos/P"""

    tree: DomesticTree = field(name="ubigeos")


class UbigeosAbroad(Struct):
    """ecp/ubigeos/E"""

    tree: AbroadTree = field(name="ubigeos")


class LocalRow(Struct):
    """A row of mesas/locales; the code is unique only within the district."""

    code: str = field(name="CCODI_LOCAL")
    ubigeo: str = field(name="CCODI_UBIGEO")
    name: str = field(name="TNOMB_LOCAL")
    address: str | None = field(name="TDIRE_LOCAL", default=None)


class LocalRows(Struct):
    """mesas/locales/{ubigeo}"""

    rows: list[LocalRow] = field(name="locales")


class MesaActaRow(Struct):
    """A row of mesas/actas; PROCESADO was seen as 1 and 3, what it means is not certain."""

    mesa: str = field(name="NUMMESA")
    processed: Number | None = field(name="PROCESADO", default=None)


class Mesas(Struct):
    """mesas/actas/11/{ubigeo}/{codLocal}"""

    rows: list[MesaActaRow] = field(name="mesasVotacion")


class ActaGeneral(Struct):
    """generalPre.presidencial: where the mesa stands and what became of its acta."""

    ubigeo: str = field(name="CCODI_UBIGEO")
    registered: Number | None = field(name="NNUME_HABILM")
    observation: str = field(name="OBSERVACION")
    state: str = field(name="OBSERVACION_TXT")


class VoteRow(Struct):
    """One row of votos; `congresal` holds the votes of the president's lists too."""

    name: str = field(name="AUTORIDAD")
    votes: Number | None = field(name="congresal")
    code: str | None = field(name="CCODI_AUTO", default=None)


class ResolutionRow(Struct):
    """One row of resoluciones: the only place where an answer names its mesa."""

    mesa: str | None = field(name="CNUME_ACTA", default=None)


class President(Struct):
    """procesos.generalPre"""

    head: ActaGeneral = field(name="presidencial")
    lines: list[VoteRow] = field(name="votos")
    resolutions: list[ResolutionRow] | None = field(name="resoluciones", default=None)


class Processes(Struct):
    """procesos: the elections of one mesa; generalPre is absent where the mesa does not exist."""

    president: President | None = field(name="generalPre", default=None)


class Detail(Struct):
    """mesas/detalle/{mesa}"""

    processes: Processes = field(name="procesos")
