"""What holds in every answer that ONPE was seen to give in 2021, by name: true of the captures, so true of ours."""

import re
from collections.abc import Callable
from typing import Any

Payload = dict[str, Any]
Invariant = Callable[[Payload], bool]

_CAUSES = (
    "IMPUGNADA", "ERROR_MAT", "ILEGIBLE", "INCOMPLETA", "SOL_NULIDAD", "SIN_DATOS", "SIN_FIRMA", "OTRAS_OBS",
    "EXTRAVIADA", "SINIESTRADA",
)  # fmt: skip
_DISTRICTS = 2082
_SUMS = [None, "80", "81", None]  # the codes of valid, blank, null and all votes, after the lists
_REPEATED = ("ELECTORES_HABIL", "TOT_CIUDADANOS_VOTARON", "ACTAS_PROCESADAS", "POR_PROCESAR", "CONTABILIZA")
_COUNT, _PERCENT = re.compile(r"\d{1,3}(,\d{3})*"), re.compile(r"\d{1,3}\.\d{3}")


def number(text: str) -> int:
    return int(text.replace(",", ""))


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}" if whole else "0.000"


def _of(answer: Payload, *names: str) -> list[int]:
    return [number(answer["summary"][name]) for name in names]


def _lists(answer: Payload) -> list[Payload]:
    return [row for row in answer["results"] if "NOMBREe_CANDIDATO" in row]


def _sums(answer: Payload) -> list[int]:
    """Valid, blank, null and all votes."""
    return [number(row["TOTAL_VOTOS"]) for row in answer["results"] if "NOMBREe_CANDIDATO" not in row]


def _repeats(answer: Payload) -> bool:
    general = answer["generals"]["generalData"]
    return general is None or all(general[name] == answer["summary"][name] for name in _REPEATED)


def _percentages(answer: Payload) -> bool:
    general = answer["generals"]["generalData"]
    roll, voted, total = _of(answer, "ELECTORES_HABIL", "TOT_CIUDADANOS_VOTARON", "A_INSTALAR")
    counted, processed, left = _of(answer, "CONTABILIZA", "ACTAS_PROCESADAS", "POR_PROCESAR")
    return general is None or (
        general["POR_CIUDADANOS_VOTARON"] == percent(voted, roll)
        and general["POR_ACTAS_CONTABILIZADAS"] == percent(counted, total)
        and general["POR_ACTAS_PROCESADAS"] == percent(processed, total)
        and general["POR_POR_PROCESAR"] == percent(left, total)
    )


def _shares(answer: Payload) -> bool:
    valid, *_, cast = _sums(answer)
    return all(row["POR_EMITIDOS"] == percent(number(row["TOTAL_VOTOS"]), cast) for row in answer["results"]) and all(
        row["POR_VALIDOS"] == percent(number(row["TOTAL_VOTOS"]), valid) for row in _lists(answer)
    )


def _written(answer: Payload) -> bool:
    texts = {**answer["summary"], **(answer["generals"]["generalData"] or {})}
    shares = {name for name in texts if name.startswith("POR_") and name != "POR_PROCESAR"}
    return all(
        (_PERCENT if name in shares else _COUNT).fullmatch(text)
        for name, text in texts.items()
        if name != "CCODI_UBIGEO"
    )


def _progress(answer: Payload) -> bool:
    stated = answer["generals"]["actData"]["POR_AVANCE"]
    counted, total = _of(answer, "CONTABILIZA", "A_INSTALAR")
    return re.fullmatch(r" {0,2}\d{1,2}\.\d{4}|100\.0000", stated) is not None and (
        stated != "100.0000" or counted == total
    )


RESULTS: dict[str, Invariant] = {
    "processed and not processed are all to install": lambda a: (
        sum(_of(a, "ACTAS_PROCESADAS", "POR_PROCESAR")) == _of(a, "A_INSTALAR")[0]
    ),
    "processed are counted or at the JEE": lambda a: (
        sum(_of(a, "CONTABILIZA", "TOTAL_JEE")) == _of(a, "ACTAS_PROCESADAS")[0]
    ),
    "counted are normal, annulled or not installed": lambda a: (
        sum(_of(a, "CONT_NORMAL", "CONT_ANULADA", "MESAS_NO_INST")) == _of(a, "CONTABILIZA")[0]
    ),
    "the causes are all that is at the JEE": lambda a: sum(_of(a, *_CAUSES)) == _of(a, "TOTAL_JEE")[0],
    "pending are not processed, the rest is being typed": lambda a: _of(a, "PENDIENTE")[0] <= _of(a, "POR_PROCESAR")[0],
    "installed and not installed are processed": lambda a: (
        sum(_of(a, "MESAS_INSTALADAS", "MESAS_NO_INST")) == _of(a, "ACTAS_PROCESADAS")[0]
    ),
    "mesas are as many as actas": lambda a: _of(a, "MESAS_HABILES") == _of(a, "A_INSTALAR"),
    "nothing was merged, nobody stood twice": lambda a: _of(a, "FUSIONADAS", "NTOTAL_AUTO") == [0, 0],
    "half of the roll is rounded up by district": lambda a: (
        0 <= 2 * _of(a, "ELECTORES_HABIL_50")[0] - _of(a, "ELECTORES_HABIL")[0] <= _DISTRICTS
    ),
    "general data repeat the summary": _repeats,
    "votes of the lists are the valid ones": lambda a: (
        sum(number(row["TOTAL_VOTOS"]) for row in _lists(a)) == _sums(a)[0]
    ),
    "valid, blank and null votes are all that were cast": lambda a: sum(_sums(a)[:-1]) == _sums(a)[-1],
    "who voted cast a vote": lambda a: _of(a, "TOT_CIUDADANOS_VOTARON")[0] == _sums(a)[-1],
    "nobody voted who is not on the roll": lambda a: (
        _of(a, "TOT_CIUDADANOS_VOTARON")[0] <= _of(a, "ELECTORES_HABIL")[0]
    ),
    "percentages of actas and of the roll are those of their figures": _percentages,
    "shares of lists are of the valid votes, of all rows of those cast": _shares,
    "valid votes are all of themselves, the other sums have no share of them": lambda a: (
        [row["POR_VALIDOS"] for row in a["results"][len(_lists(a)) :]] == ["100.000", None, None, None]
    ),
    "lists come first, then four sums with their codes": lambda a: (
        [row["C_CODI_AGRUPOL"] for row in a["results"] if row not in _lists(a)] == _SUMS
        and a["results"][: len(_lists(a))] == _lists(a)
    ),
    "codes of lists have eight digits and their numbers run from one": lambda a: (
        all(re.fullmatch(r"\d{8}", row["C_CODI_AGRUPOL"]) for row in _lists(a))
        and [row["NLISTA"] for row in _lists(a)] == [str(n + 1) for n in range(len(_lists(a)))]
    ),
    "the two sums that are no totals say that nothing is counted": lambda a: (
        [(row["PORC_AVANCE_ACTA"], row["ACTAS_COMPUTADA"]) for row in a["results"] if row["C_CODI_AGRUPOL"] in _SUMS]
        == [(None, None), ("0.000", "0"), ("0.000", "0"), (None, None)]
    ),
    "counts have commas, percentages three decimals": _written,
    "the stamp is a local day and minute": lambda a: (
        re.fullmatch(r"\d\d/\d\d/2021", a["generals"]["actData"]["FECHA"]) is not None
        and re.fullmatch(r"\d\d:\d\d h", a["generals"]["actData"]["HORA"]) is not None
    ),
    "its own progress has four decimals and is 100 only when all is counted": _progress,
}

# What an acta says, generalPre of mesas/detalle.
_NOTHING, _JEE = ("ACTA ELECTORAL PENDIENTE", "MESA NO INSTALADA"), "ACTA ELECTORAL PARA ENVÍO AL JEE"


def _head(acta: Payload) -> Payload:
    head: Payload = acta["presidencial"]
    return head


def _state(acta: Payload) -> str:
    return str(_head(acta)["OBSERVACION_TXT"])


def _lines(acta: Payload) -> list[Payload]:
    """The lines of the lists."""
    return [line for line in acta["votos"] if line.get("NLISTA") is not None]


def _figures(acta: Payload) -> list[int]:
    """Valid, blank, null, challenged and all votes."""
    return [int(line["congresal"]) for line in acta["votos"] if line.get("NLISTA") is None]


def _share(part: int, whole: int) -> str:
    return percent(part, whole) if whole else "0"


def _acta_shares(acta: Payload) -> bool:
    valid, *_, cast = _figures(acta)
    shares = [(_share(int(line["congresal"]), valid)) for line in _lines(acta)]
    return [line["CON_EMITIDOS"] for line in acta["votos"]] == [
        _share(int(line["congresal"]), cast) for line in acta["votos"]
    ] and [line["CON_VALIDOS"] for line in acta["votos"]] == [
        *shares, _share(valid, valid), None, None, None, _share(valid, cast),
    ]  # fmt: skip


def _image(acta: Payload) -> bool:
    head, image = _head(acta), acta.get("imageActa")
    if _state(acta) in _NOTHING or (head["OBSERVACION"], bool(acta["resoluciones"])) == (
        "CONTABILIZADAS NORMALES",
        True,
    ):
        return image is None
    folder = "AC" if _state(acta) == "ACTA ELECTORAL NORMAL" else "AO"
    return f"/{folder}/{head['CCENT_COMPU']}/SEP/ACPRE{head['CCENT_COMPU']}" in image and "X-Amz-Expires=3600" in image


def _resolutions(acta: Payload) -> bool:
    return all(
        row["CCENT_COMPU"] == _head(acta)["CCENT_COMPU"]
        and re.fullmatch(rf"{row['CCENT_COMPU']}\d{{6}}", row["CNUME_RESOL"])
        and len(row["CNUME_RESOL_JNE"]) > 50
        and row["CNUME_RESOL_JNE"][49] == " "
        and (row["CESTADO_RESOL"], row["CPROCED_RESOL"]) == ("P", "JE")
        and f"/RE/{row['CCENT_COMPU']}/SEP/RESEP{row['CNUME_RESOL']}.PDF?" in row["IMAGEN"]
        for row in acta["resoluciones"]
    )


VOTES: dict[str, Invariant] = {
    "votes of the lists are the valid ones": lambda a: (
        sum(int(line["congresal"]) for line in _lines(a)) == _figures(a)[0]
    ),
    "valid, blank, null and challenged votes are all that were cast": lambda a: (
        sum(_figures(a)[:-1]) == _figures(a)[-1]
    ),
    "shares are of valid and of all votes, and of nothing they are 0 without decimals": _acta_shares,
    "blank, null and challenged votes have one code, totals have none": lambda a: (
        [line["CCODI_AUTO"] for line in a["votos"]][len(_lines(a)) :] == [None, "80", "80", "80", None]
    ),
}
ACTAS: dict[str, Invariant] = {
    **VOTES,
    "who voted cast a vote": lambda a: _head(a)["TOT_CIUDADANOS_VOTARON"] == _figures(a)[-1],
    "no more voted than could": lambda a: _head(a)["TOT_CIUDADANOS_VOTARON"] <= _head(a)["NNUME_HABILM"],
    "an acta that is not in, or of a mesa that never opened, is all zeros": lambda a: (
        _state(a) not in _NOTHING or not any(_figures(a))
    ),
    "every vote of an annulled acta is null": lambda a: (
        _head(a)["OBSERVACION"] != "ACTA ELECTORAL ANULADA" or _figures(a)[2] == _figures(a)[-1]
    ),
    "a resolved acta has its resolution, another has none": lambda a: (
        bool(a["resoluciones"]) == (_state(a) == "ACTA ELECTORAL RESUELTA")
    ),
    "a resolution is of the acta's centre, with both numbers and a scan": _resolutions,
    "the scan of an observed acta stands in another folder": _image,
    "the centre has a number and the copy a letter": lambda a: (
        re.fullmatch(r"C45\d{3}", _head(a)["CCENT_COMPU"]) is not None
        and re.fullmatch(r"\d\d[A-Z]", _head(a)["CCOPIA_ACTA"]) is not None
    ),
}
