"""Area answers in ONPE's shapes of 2021: every number a string, commas in it, labels as captured."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.rehearsal.clock import moment
from ingest.rehearsal.cut import AreaFigures
from tally.election import Contest

Payload = dict[str, Any]

_EXTRA = dict.fromkeys(("IMAGENAGRUPACION", "PORC_AVANCE_ACTA", "ACTAS_COMPUTADA", "TOTAL_MESAS"))
_NOTHING_COUNTED = {"PORC_AVANCE_ACTA": "0.000", "ACTAS_COMPUTADA": "0", "TOTAL_MESAS": "0"}
# Causes of the summary, in the order of observations.REASONS, and those of which no acta was captured.
CAUSES = ("IMPUGNADA", "ERROR_MAT", "OTRAS_OBS", "SIN_FIRMA", "INCOMPLETA", "ILEGIBLE", "SOL_NULIDAD")
_OTHER_CAUSES = ("SIN_DATOS", "EXTRAVIADA", "SINIESTRADA")


def count(value: int) -> str:
    """8836380 → "8,836,380"."""
    return f"{value:,}"


def percent(part: int, whole: int | None) -> str:
    """Share in percent with three decimals."""
    return f"{100 * part / whole:.3f}" if whole else "0.000"


def results(contest: Contest, figures: AreaFigures, ubigeo: str, causes: list[int], zone: ZoneInfo) -> Payload:
    """results/10/{ubigeo}. `causes`: actas at the JEE in the order of CAUSES.

    A recording that does not know the roll of the counted actas gives no generalData, as the source itself once did.
    """
    return {
        "generals": {
            "generalData": None if figures.registered_counted is None else _general_data(figures),
            "actData": _stamp(figures, zone),
            "realImages": "1",
        },
        "results": _rows(contest, figures),
        "summary": _summary(figures, ubigeo, causes),
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


def _stamp(figures: AreaFigures, zone: ZoneInfo) -> Payload:
    """Local time to the minute; the share has leading blanks."""
    local: datetime = moment(figures.stamp_ms).astimezone(zone)
    share = 100 * (figures.counted + figures.at_jee) / figures.total if figures.total else 0.0
    return {"FECHA": f"{local:%d/%m/%Y}", "HORA": f"{local:%H:%M} h", "POR_AVANCE": f"{share:9.4f}"}


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
    return [
        *lists,
        _sum(None, "TOTAL DE VOTOS VÁLIDOS", figures.valid, figures) | {"POR_VALIDOS": "100.000"},
        *(_sum(code, name, votes, figures) | _NOTHING_COUNTED for code, name, votes in rest if votes is not None),
        _sum(None, "TOTAL DE VOTOS EMITIDOS", figures.cast, figures),
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


def _summary(figures: AreaFigures, ubigeo: str, causes: list[int]) -> Payload:
    annulled, absent = figures.annulled or 0, figures.not_installed or 0
    roll, processed = figures.registered_counted, figures.counted + figures.at_jee
    return {
        "CCODI_UBIGEO": ubigeo,
        "CONTABILIZA": count(figures.counted),
        "CONT_NORMAL": count(figures.counted - annulled - absent),
        "CONT_ANULADA": count(annulled),
        "ACTAS_PROCESADAS": count(processed),
        "POR_PROCESAR": count(figures.pending),
        "PENDIENTE": count(figures.pending),
        "TOTAL_JEE": count(figures.at_jee),
        **{name: count(actas) for name, actas in zip(CAUSES, causes, strict=True)},
        **dict.fromkeys(_OTHER_CAUSES, "0"),
        "A_INSTALAR": count(figures.total),
        "MESAS_INSTALADAS": count(processed - absent),
        "MESAS_NO_INST": count(absent),
        "MESAS_HABILES": count(figures.total),
        "FUSIONADAS": "0",
        "NTOTAL_AUTO": "0",
        "TOT_CIUDADANOS_VOTARON": count(figures.cast),
        "ELECTORES_HABIL": None if roll is None else count(roll),
        "ELECTORES_HABIL_50": None if roll is None else count(roll // 2 + 1),
    }
