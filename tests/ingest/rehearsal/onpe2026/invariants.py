"""What holds in every answer that ONPE was seen to give in 2026, by name: true of the captures, so true of ours."""

import re
from collections.abc import Callable
from typing import Any

Data = Any
Invariant = Callable[[Data], bool]

_ECHO = ("idUbigeoDepartamento", "idUbigeoProvincia", "idUbigeoDistrito", "idUbigeoDistritoElectoral")
_HEAD = ("totalVotosEmitidos", "totalVotosValidos", "totalAsistentes", "porcentajeParticipacionCiudadana")
_OTHERS = {80: ("VOTOS EN BLANCO", 0), 81: ("VOTOS NULOS", 0), 82: ("VOTOS IMPUGNADOS", 1)}
_WITHDRAWN = 20
_STATES = {"C": "Contabilizada", "E": "Para envío al JEE", "P": "Pendiente"}
_MS_2026 = range(1_767_000_000_000, 1_800_000_000_000)


def percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0.0


def adds_up_to_100(*percentages: float) -> bool:
    return round(sum(percentages), 3) == 100


TOTALS: dict[str, Invariant] = {
    "counted, at the JEE and pending are all": lambda t: (
        t["contabilizadas"] + t["enviadasJee"] + t["pendientesJee"] == t["totalActas"]
    ),
    "what is counted and at the JEE has its share of all": lambda t: (
        t["actasContabilizadas"] == percent(t["contabilizadas"], t["totalActas"])
        and t["actasEnviadasJee"] == percent(t["enviadasJee"], t["totalActas"])
    ),
    "what is pending has what the other shares leave": lambda t: (
        adds_up_to_100(t["actasContabilizadas"], t["actasEnviadasJee"], t["actasPendientesJee"])
        and abs(t["actasPendientesJee"] - percent(t["pendientesJee"], t["totalActas"])) < 0.0011
    ),
    "valid votes are some of those cast": lambda t: 0 <= t["totalVotosValidos"] <= t["totalVotosEmitidos"],
    "both kinds of votes are all of themselves": lambda t: (
        (t["porcentajeVotosEmitidos"], t["porcentajeVotosValidos"]) == (100, 100)
    ),
    "turnout is a share": lambda t: 0 <= t["participacionCiudadana"] <= 100,
}
# Only of the nation's answer.
NATIONAL: dict[str, Invariant] = {
    "the nation's ids are Lima's": lambda t: [t[name] for name in _ECHO] == [140000, 140100, 140101, 15],
    "turnout is of the whole roll of 2026": lambda t: (
        t["participacionCiudadana"] == percent(t["totalVotosEmitidos"], 27_325_432)
    ),
    "the stamp is in milliseconds": lambda t: t["fechaActualizacion"] in _MS_2026,
}


def _codes(rows: list[Data]) -> list[str]:
    return [str(row["codigoAgrupacionPolitica"]) for row in rows]


def _people(rows: list[Data]) -> bool:
    numbers = [row["dniCandidato"] for row in rows]
    return all(re.fullmatch(r"\d{8}", number) for number in numbers) and len(set(numbers)) == len(numbers)


def _valid(rows: list[Data]) -> int:
    return sum(row["totalVotosValidos"] for row in rows if "porcentajeVotosValidos" in row)


# resumen-general/participantes.
PARTICIPANTS: dict[str, Invariant] = {
    "codes are numbers, each once, none of blank or null votes": lambda rows: (
        all(type(row["codigoAgrupacionPolitica"]) is int for row in rows)
        and len(set(_codes(rows))) == len(rows)
        and not {"80", "81"} & set(_codes(rows))
    ),
    "fewest votes come first": lambda rows: (
        [row["totalVotosValidos"] for row in rows] == sorted(row["totalVotosValidos"] for row in rows)
    ),
    "shares are of the votes of all lists": lambda rows: all(
        row["porcentajeVotosValidos"] == percent(row["totalVotosValidos"], _valid(rows)) for row in rows
    ),
    "a share of the votes cast is never the larger one": lambda rows: all(
        row["porcentajeVotosEmitidos"] <= row["porcentajeVotosValidos"] for row in rows
    ),
    "every candidate has a name and a personal number of his or her own": lambda rows: (
        _people(rows) and all(row["nombreCandidato"] for row in rows)
    ),
}
# eleccion-presidencial/participantes-…-nombre.
CANDIDATES: dict[str, Invariant] = {
    "codes are texts, each once, blank and null votes among them": lambda rows: (
        all(type(row["codigoAgrupacionPolitica"]) is str for row in rows)
        and len(set(_codes(rows))) == len(rows)
        and {"80", "81"} <= set(_codes(rows))
    ),
    "most votes come first": lambda rows: (
        [row["totalVotosValidos"] for row in rows] == sorted((row["totalVotosValidos"] for row in rows), reverse=True)
    ),
    "only lists have a share of the valid votes": lambda rows: all(
        ("porcentajeVotosValidos" in row) == (row["codigoAgrupacionPolitica"] not in ("80", "81")) for row in rows
    ),
    "blank and null votes have nobody": lambda rows: all(
        (row["nombreCandidato"], row["dniCandidato"]) == ("", "")
        for row in rows
        if row["codigoAgrupacionPolitica"] in ("80", "81")
    ),
    "every candidate has a personal number of his or her own": lambda rows: _people(
        [row for row in rows if "porcentajeVotosValidos" in row]
    ),
}
# Both forms of a list and the totals of one cut.
CUT: dict[str, Callable[[Data, list[Data]], bool]] = {
    "shares of all votes are of those that the totals state": lambda totals, rows: all(
        row["porcentajeVotosEmitidos"] == percent(row["totalVotosValidos"], totals["totalVotosEmitidos"])
        for row in rows
    ),
    "shares of valid votes are of those that the totals state": lambda totals, rows: all(
        row["porcentajeVotosValidos"] == percent(row["totalVotosValidos"], totals["totalVotosValidos"])
        for row in rows
        if "porcentajeVotosValidos" in row
    ),
}
HEAT: dict[str, Invariant] = {
    "an area with nothing counted is absent": lambda rows: all(row["actasContabilizadas"] > 0 for row in rows),
    "a share of all actas is more than nothing and at most all": lambda rows: all(
        0 < row["porcentajeActasContabilizadas"] <= 100 for row in rows
    ),
}
MESAS: dict[str, Invariant] = {
    "installed, not installed and pending are 92,766": lambda m: (
        m["mesasInstaladas"] + m["mesasNoInstaladas"] + m["mesasPendientes"] == 92_766
    ),
}
ELECTIONS: dict[str, Invariant] = {
    "three buckets are no more than all actas of the country": lambda rows: all(
        row["actasContabilizadas"] + row["actasObservadasEnviadas"] + row["actasPendientes"] <= 92_766 for row in rows
    ),
    "three shares add up to 100": lambda rows: all(
        adds_up_to_100(
            row["porcentajeActasContabilizadas"],
            row["porcentajeActasObservadasEnviadas"],
            row["porcentajeActasPendientes"],
        )
        for row in rows
    ),
    "rolls are not told here": lambda rows: all(
        row["totalActas"] is None and row["totalElectoresHabiles"] is None for row in rows
    ),
}
MENU: dict[str, Invariant] = {
    "one entry leads to the main race": lambda rows: [row["idEleccion"] for row in rows if row["esPrincipal"]] == [10],
    "an entry that opens a page is not one that opens a submenu": lambda rows: all(
        bool(row["url"]) != row["hijos"] for row in rows
    ),
    "ids are given once and the order is a line": lambda rows: (
        len({row["id"] for row in rows}) == len({row["orden"] for row in rows}) == len(rows)
    ),
}


def _lists(acta: Data) -> list[Data]:
    return [line for line in acta["detalle"] if line["adAgrupacionPolitica"] not in _OTHERS]


def _cast(acta: Data) -> tuple[int, int]:
    """Votes cast and valid, from the lines."""
    cast = sum(line["adVotos"] or 0 for line in acta["detalle"])
    return cast, sum(line["adVotos"] or 0 for line in _lists(acta))


def _is_counted(acta: Data) -> bool:
    return bool(acta["codigoEstadoActa"] == "C")


def _line_shares(acta: Data) -> bool:
    cast, valid = _cast(acta)
    return all(
        line["adPorcentajeVotosEmitidos"] == percent(line["adVotos"] or 0, cast)
        and line["adPorcentajeVotosValidos"] == (percent(line["adVotos"] or 0, valid) if line in _lists(acta) else None)
        for line in acta["detalle"]
    )


# One acta of actas/buscar/mesa.
ACTAS: dict[str, Invariant] = {
    "the id is mesa, ubigeo and race in one number": lambda a: (
        a["id"] == int(a["codigoMesa"]) * 10**8 + a["idUbigeo"] * 100 + a["idEleccion"]
        and a["idMesa"] == int(a["codigoMesa"])
    ),
    "a mesa has six digits": lambda a: re.fullmatch(r"\d{6}", a["codigoMesa"]) is not None,
    "abroad begins at 910000": lambda a: (a["idUbigeo"] >= 910_000) == (a["idAmbitoGeografico"] == 2),
    "the state has its words": lambda a: _STATES[a["codigoEstadoActa"]] == a["descripcionEstadoActa"],
    "only a counted acta has totals": lambda a: (
        all(a[name] is not None for name in _HEAD) if _is_counted(a) else all(a[name] is None for name in _HEAD)
    ),
    "the totals of a counted acta are those of its lines": lambda a: (
        not _is_counted(a) or (a["totalVotosEmitidos"], a["totalVotosValidos"]) == _cast(a)
    ),
    "who came cast a vote": lambda a: a["totalAsistentes"] == a["totalVotosEmitidos"],
    "turnout is of the mesa's roll": lambda a: (
        not _is_counted(a)
        or a["porcentajeParticipacionCiudadana"] == percent(a["totalVotosEmitidos"], a["totalElectoresHabiles"])
    ),
    "no list stands twice, nor does a position": lambda a: (
        len({line["adAgrupacionPolitica"] for line in a["detalle"]})
        == len({line["adPosicion"] for line in a["detalle"]})
        == len(a["detalle"])
    ),
    "blank, null and challenged votes are 80, 81 and 82": lambda a: (
        not a["detalle"]
        or {
            line["adAgrupacionPolitica"]: (line["adDescripcion"], line["adGrafico"])
            for line in a["detalle"]
            if line["adAgrupacionPolitica"] in _OTHERS
        }
        == _OTHERS
    ),
    "the label of a list is its code in eight digits": lambda a: all(
        line["adCodigo"] == f"{line['adAgrupacionPolitica']:08d}" for line in _lists(a)
    ),
    "a list that runs has votes, one that does not has none": lambda a: all(
        (line["adEstado"] == _WITHDRAWN) == (line["adVotos"] is None) for line in a["detalle"]
    ),
    "shares are of valid and of all votes, and of nothing they are 0": _line_shares,
    "lines and events come in no order that a reader could rely on": lambda a: (
        len(a["detalle"]) < 3
        or [line["adPosicion"] for line in a["detalle"]] != sorted(line["adPosicion"] for line in a["detalle"])
    ),
    "what happened is told in whole seconds": lambda a: all(
        event["fechaRegistro"] in _MS_2026 and event["fechaRegistro"] % 1000 == 0 for event in a["lineaTiempo"]
    ),
    "a counted acta tells when it was counted": lambda a: (
        not _is_counted(a) or "C" in {event["codigoEstadoActa"] for event in a["lineaTiempo"]}
    ),
}


def _detail_shares(sheet: Data) -> bool:
    cast, valid = sheet["totalVotosEmitidos"], sheet["totalVotosValidos"]
    return cast is None or all(
        line["nporcentajeVotosEmitidos"] == percent(line["nvotos"], cast)
        and line["nporcentajeVotosValidos"]
        == (None if line["nagrupacionPolitica"] in _OTHERS else percent(line["nvotos"], valid))
        for line in sheet["detalle"]
    )


def _ranks(sheet: Data) -> bool:
    ranks = [(-line["nvotos"], line["nposicion"]) for line in sheet["detalle"]]
    return ranks == sorted(ranks)


# actas/{id}.
SHEETS: dict[str, Invariant] = {
    "the mesa is named twice and has no number of its own": lambda s: (
        s["codigoMesa"] == s["descripcionMesa"] and s["idMesa"] is None
    ),
    "areas are names": lambda s: all(
        re.search(r"[A-Z]", s[name]) for name in ("ubigeoNivel01", "ubigeoNivel02", "ubigeoNivel03")
    ),
    "most votes come first, then the position": _ranks,
    "shares are of valid and of all votes": _detail_shares,
    "a list has one candidate, in three parts and with a personal number": lambda s: all(
        all(person[name] for name in ("apellidoPaterno", "apellidoMaterno", "nombres"))
        and re.fullmatch(r"\d{8}", person["cdocumentoIdentidad"])
        for line in s["detalle"]
        for person in line["candidato"]
    ),
    "only a list that runs has a candidate": lambda s: all(
        len(line["candidato"]) == int(line["estado"] != _WITHDRAWN and line["nagrupacionPolitica"] not in _OTHERS)
        for line in s["detalle"]
    ),
    "turnout is of the mesa's roll": lambda s: (
        s["totalVotosEmitidos"] is None
        or s["porcentajeParticipacionCiudadana"] == percent(s["totalVotosEmitidos"], s["totalElectoresHabiles"])
    ),
}

BY_ANSWER = {
    "totals": TOTALS,
    "national totals": NATIONAL,
    "participants": PARTICIPANTS,
    "candidates": CANDIDATES,
    "heat": HEAT,
    "mesas": MESAS,
    "elections": ELECTIONS,
    "menu": MENU,
    "acta": ACTAS,
    "acta by id": SHEETS,
}
