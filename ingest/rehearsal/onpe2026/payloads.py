"""Area answers in ONPE's shapes of 2026, with the names, types and traps of the captures."""

from typing import Any

from ingest.rehearsal.clock import moment
from ingest.rehearsal.cut import AreaFigures
from ingest.rehearsal.onpe2026.filters import echo
from ingest.rehearsal.onpe2026.people import identity_number
from tally.election import Contest, ListEntry

Payload = dict[str, Any]

BLANK, NULL, CHALLENGED = 80, 81, 82
BLANK_NAME, NULL_NAME, CHALLENGED_NAME = "VOTOS EN BLANCO", "VOTOS NULOS", "VOTOS IMPUGNADOS"

# The national answer repeats these ids whatever was asked: 601 of 601 captures.
_JUNK_IDS = (140000, 140100, 140101, 15)


def percent(part: int, whole: int | None) -> float:
    """Share in percent with the three decimals the source gives."""
    return round(100 * part / whole, 3) if whole else 0.0


def percent_pending(figures: AreaFigures) -> float:
    """What the other two percentages leave of 100: the three always add up to it, however they are rounded."""
    others = percent(figures.counted, figures.total) + percent(figures.at_jee, figures.total)
    return round(100 - others, 3) if figures.pending else 0.0


def totals(figures: AreaFigures, ubigeo: int, *, is_national: bool, is_regional: bool = False) -> Payload:
    """resumen-general/totales. actasContabilizadas is a percentage here, contabilizadas the count.

    `is_regional`: as in October 2026, with a stamp in ISO text, and null for levels that were not asked about.
    """
    department, province, district = echo(ubigeo)
    ids = _JUNK_IDS if is_national and not is_regional else (department, province, district, None)
    return {
        "actasContabilizadas": percent(figures.counted, figures.total),
        "contabilizadas": figures.counted,
        "totalActas": figures.total,
        "participacionCiudadana": percent(figures.cast, figures.registered),
        "actasEnviadasJee": percent(figures.at_jee, figures.total),
        "enviadasJee": figures.at_jee,
        "actasPendientesJee": percent_pending(figures),
        "pendientesJee": figures.pending,
        "fechaActualizacion": _iso(figures.stamp_ms) if is_regional else figures.stamp_ms,
        "idUbigeoDepartamento": ids[0],
        "idUbigeoProvincia": ids[1],
        "idUbigeoDistrito": ids[2],
        "idUbigeoDistritoElectoral": ids[3],
        "totalVotosEmitidos": figures.cast,
        "totalVotosValidos": figures.valid,
        "porcentajeVotosEmitidos": 100,
        "porcentajeVotosValidos": 100,
    }


def _iso(stamp_ms: int) -> str:
    return moment(stamp_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def participants(contest: Contest, figures: AreaFigures) -> list[Payload]:
    """resumen-general/participantes: integer codes, lists only, fewest votes first."""
    rows = [
        _participant(entry, int(entry.code), votes, figures)
        for entry, votes in zip(contest.lists, figures.votes, strict=True)
        if not entry.is_withdrawn
    ]
    return sorted(rows, key=_votes)


def candidates(contest: Contest, figures: AreaFigures) -> list[Payload]:
    """eleccion-presidencial/participantes-…: string codes, blank and null among the lists, most votes first.

    A recording that does not know blank and null votes gives no rows for them.
    """
    rows = [
        _participant(entry, str(int(entry.code)), votes, figures)
        for entry, votes in zip(contest.lists, figures.votes, strict=True)
        if not entry.is_withdrawn
    ]
    for code, name, votes in ((BLANK, BLANK_NAME, figures.blank), (NULL, NULL_NAME, figures.null)):
        if votes is not None:
            rows.append(
                {
                    "nombreAgrupacionPolitica": name,
                    "codigoAgrupacionPolitica": str(code),
                    "nombreCandidato": "",
                    "dniCandidato": "",
                    "totalVotosValidos": votes,
                    "porcentajeVotosEmitidos": percent(votes, figures.cast),
                }
            )
    return sorted(rows, key=_votes, reverse=True)


def heat(figures: AreaFigures, ubigeo: int, ambit: int | None, electoral: int | None = None) -> Payload:
    """A row of mapa-calor. actasContabilizadas is the count here."""
    department, province, district = echo(ubigeo)
    return {
        "ambitoGeografico": ambit,
        "ubigeoNivel01": department,
        "ubigeoNivel02": province,
        "ubigeoNivel03": district,
        "distritoElectoral": electoral,
        "porcentajeActasContabilizadas": percent(figures.counted, figures.total),
        "actasContabilizadas": figures.counted,
    }


def heat_participant(contest: Contest, figures: AreaFigures, code: int) -> Payload | None:
    """The part of a mapa-calor row that answers codigoAgrupacionPolitica, None for an unknown code."""
    return next((row for row in participants(contest, figures) if row["codigoAgrupacionPolitica"] == code), None)


def election_summary(contest: Contest, name: str, figures: AreaFigures) -> Payload:
    """A row of resumen-general/elecciones. actasContabilizadas is the count; rolls are always null."""
    return {
        "id": contest.source_id,
        "nombre": name,
        "totalElectoresHabiles": None,
        "participacionCiudadana": None,
        "porcentajeParticipacionCiudadana": None,
        "totalActas": None,
        "actasContabilizadas": figures.counted,
        "porcentajeActasContabilizadas": percent(figures.counted, figures.total),
        "actasObservadasEnviadas": figures.at_jee,
        "porcentajeActasObservadasEnviadas": percent(figures.at_jee, figures.total),
        "actasPendientes": figures.pending,
        "porcentajeActasPendientes": percent_pending(figures),
        "ubigeoNivel01": None,
        "ubigeoNivel02": None,
        "ubigeoNivel03": None,
        "ubigeoDesc": None,
    }


def _participant(entry: ListEntry, code: int | str, votes: int, figures: AreaFigures) -> Payload:
    return {
        "nombreAgrupacionPolitica": entry.name,
        "codigoAgrupacionPolitica": code,
        "nombreCandidato": entry.candidate,
        "dniCandidato": identity_number(entry),
        "totalVotosValidos": votes,
        "porcentajeVotosValidos": percent(votes, figures.valid),
        "porcentajeVotosEmitidos": percent(votes, figures.cast),
    }


def _votes(row: Payload) -> int:
    return int(row["totalVotosValidos"])
