"""Area answers in ONPE's shapes of 2021: every number a string, commas in it, labels as captured."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from ingest.rehearsal.clock import moment
from ingest.rehearsal.cut import AreaFigures
from tally.catalogue import Catalogue
from tally.election import Contest

Payload = dict[str, Any]

_EXTRA = dict.fromkeys(("IMAGENAGRUPACION", "PORC_AVANCE_ACTA", "ACTAS_COMPUTADA", "TOTAL_MESAS"))
_ALL = 100.0
_PLAIN = str.maketrans("ÁÉÍÓÚÜ", "AEIOUU")
_NOTHING_COUNTED = {"PORC_AVANCE_ACTA": "0.000", "ACTAS_COMPUTADA": "0", "TOTAL_MESAS": "0"}
# The figures of the summary in their order; of those that stand nowhere else in this module no acta was captured.
_SUMMARY = (
    "CONTABILIZA",
    "CONT_NORMAL",
    "IMPUGNADA",
    "ERROR_MAT",
    "MESAS_INSTALADAS",
    "ACTAS_PROCESADAS",
    "SOL_NULIDAD",
    "ILEGIBLE",
    "PENDIENTE",
    "OTRAS_OBS",
    "SIN_DATOS",
    "CONT_ANULADA",
    "POR_PROCESAR",
    "EXTRAVIADA",
    "SINIESTRADA",
    "INCOMPLETA",
    "SIN_FIRMA",
    "A_INSTALAR",
    "MESAS_NO_INST",
    "FUSIONADAS",
    "NTOTAL_AUTO",
    "MESAS_HABILES",
    "TOT_CIUDADANOS_VOTARON",
    "ELECTORES_HABIL",
    "ELECTORES_HABIL_50",
    "TOTAL_JEE",
)
# Causes of the summary, in the order of observations.REASONS.
CAUSES = ("IMPUGNADA", "ERROR_MAT", "OTRAS_OBS", "SIN_FIRMA", "INCOMPLETA", "ILEGIBLE", "SOL_NULIDAD")


class Beside(Struct, frozen=True):
    """What an answer says of an area beside its figures.

    `causes`: actas at the JEE in the order of CAUSES; `typed`: actas that are being typed; `progress`: POR_AVANCE.
    """

    causes: list[int]
    typed: int
    progress: float


def place_name(catalogue: Catalogue, prefix: str) -> str | None:
    """Name of an area as 2021 wrote it: no accents, but Ñ; None where the catalogue does not know it."""
    name = catalogue.name(prefix)
    return None if name is None else name.translate(_PLAIN)


def count(value: int) -> str:
    """8836380 → "8,836,380"."""
    return f"{value:,}"


def percent(part: int, whole: int | None) -> str:
    """Share in percent with three decimals."""
    return f"{100 * part / whole:.3f}" if whole else "0.000"


def results(contest: Contest, figures: AreaFigures, ubigeo: str, beside: Beside, zone: ZoneInfo) -> Payload:
    """results/10/{ubigeo}; `zone`: that of the stamps.

    A recording that does not know the roll of the counted actas gives no generalData, as the source itself once did.
    """
    return {
        "generals": {
            "generalData": None if figures.registered_counted is None else _general_data(figures),
            "actData": _stamp(figures, beside.progress, zone),
            "realImages": "1",
        },
        "results": _rows(contest, figures),
        "summary": _summary(figures, ubigeo, beside),
    }


def _general_data(figures: AreaFigures) -> Payload:
    processed = figures.counted + figures.at_jee
    return {
        "ELECTORES_HABIL": count(figures.registered_counted or 0),
        "TOT_CIUDADANOS_VOTARON": count(figures.cast),
        "POR_CIUDADANOS_VOTARON": percent(figures.cast, figures.registered_counted),
        "POR_ACTAS_CONTABILIZADAS": percent(figures.counted, figures.total),
        "POR_ACTAS_PROCESADAS": percent(processed, figures.total),
        "ACTAS_PROCESADAS": count(processed),
        "POR_PROCESAR": count(figures.pending),
        "CONTABILIZA": count(figures.counted),
        "POR_POR_PROCESAR": percent(figures.pending, figures.total),
        "N_CANDIDATOS": "0",
    }


def _stamp(figures: AreaFigures, progress: float, zone: ZoneInfo) -> Payload:
    """Local time to the minute; the share has two leading blanks, but not when all is done."""
    local: datetime = moment(figures.stamp_ms).astimezone(zone)
    share = f"{'' if progress == _ALL else '  '}{progress:.4f}"
    return {"FECHA": f"{local:%d/%m/%Y}", "HORA": f"{local:%H:%M} h", "POR_AVANCE": share}


def _rows(contest: Contest, figures: AreaFigures) -> list[Payload]:
    """Lists in ballot order, then the four sums; a recording without blank and null votes has no rows for them."""
    lists = [
        {
            "C_CODI_AGRUPOL": entry.code,
            "AGRUPACION": entry.name,
            "TOTAL_VOTOS": count(votes),
            "NLISTA": str(position),
            "POR_VALIDOS": percent(votes, figures.valid),
            "POR_EMITIDOS": percent(votes, figures.cast),
            "NOMBREe_CANDIDATO": entry.candidate,
        }
        for position, (entry, votes) in enumerate(zip(contest.lists, figures.votes, strict=True), start=1)
        if not entry.is_withdrawn
    ]
    rest = (("80", "VOTOS EN BLANCO", figures.blank), ("81", "VOTOS NULOS", figures.null))
    cast = _sum(None, "TOTAL DE VOTOS EMITIDOS", figures.cast, figures)
    cast["POR_VALIDOS"] = cast.pop("POR_VALIDOS")  # it stands last in this row alone
    return [
        *lists,
        _sum(None, "TOTAL DE VOTOS VÁLIDOS", figures.valid, figures) | {"POR_VALIDOS": "100.000"},
        *(_sum(code, name, votes, figures) | _NOTHING_COUNTED for code, name, votes in rest if votes is not None),
        cast,
    ]


def _sum(code: str | None, name: str, votes: int, figures: AreaFigures) -> Payload:
    return {
        "C_CODI_AGRUPOL": code,
        "AGRUPACION": name,
        **_EXTRA,
        "TOTAL_VOTOS": count(votes),
        "NLISTA": None,
        "POR_VALIDOS": None,
        "POR_EMITIDOS": percent(votes, figures.cast),
    }


def _summary(figures: AreaFigures, ubigeo: str, beside: Beside) -> Payload:
    annulled, absent = figures.annulled or 0, figures.not_installed or 0
    roll, processed = figures.registered_counted, figures.counted + figures.at_jee
    known = {
        "CONTABILIZA": figures.counted,
        "CONT_NORMAL": figures.counted - annulled - absent,
        "CONT_ANULADA": annulled,
        "MESAS_INSTALADAS": processed - absent,
        "MESAS_NO_INST": absent,
        "ACTAS_PROCESADAS": processed,
        "POR_PROCESAR": figures.pending,
        "PENDIENTE": figures.pending - beside.typed,
        "TOTAL_JEE": figures.at_jee,
        "A_INSTALAR": figures.total,
        "MESAS_HABILES": figures.total,
        "TOT_CIUDADANOS_VOTARON": figures.cast,
        "ELECTORES_HABIL": roll,
        "ELECTORES_HABIL_50": figures.half_roll,
        **dict(zip(CAUSES, beside.causes, strict=True)),
    }
    values = {name: known.get(name, 0) for name in _SUMMARY}
    return {"CCODI_UBIGEO": ubigeo} | {name: None if value is None else count(value) for name, value in values.items()}
