"""Fields that are confused with one another, or wrong together so that each still fits the others."""

import random
from collections.abc import Callable
from typing import Any

from bench.mutations.registry import numbers, objects
from bench.mutations.unwell.scene import on_fields, on_value

_BUCKETS = ("contabilizadas", "enviadasJee", "pendientesJee")
_VOTES = ("totalVotosEmitidos", "totalVotosValidos")
_ROLL = ("totalElectoresHabiles", "totalVotosEmitidos")


def _exchange(one: str, two: str) -> Callable[[dict[str, Any], random.Random], None]:
    return lambda found, _: found.update({one: found[two], two: found[one]})


def _copy(source: str, target: str) -> Callable[[dict[str, Any], random.Random], None]:
    return lambda found, _: found.update({target: found[source]})


def _all_numbers(change: Callable[[int], int]) -> Callable[[Any, random.Random], bool]:
    def apply(value: Any, _chance: random.Random) -> bool:
        places = [place for place in numbers(value) if "ubigeo" not in place[1].lower() and place[1] != "idEleccion"]
        for found, field in places:
            found[field] = change(found[field])
        return bool(places)

    return apply


def _lines(value: Any, change: Callable[[list[dict[str, Any]], str], None]) -> bool:
    for field in ("adVotos", "totalVotosValidos"):
        lines = [
            one for one in objects(value) if field in one and ("adVotos" in one or "codigoAgrupacionPolitica" in one)
        ]
        if len(lines) > 1:
            change(lines, field)
            return True
    return False


def _rotate(lines: list[dict[str, Any]], field: str) -> None:
    figures = [line[field] for line in lines]
    for line, figure in zip(lines, figures[1:] + figures[:1], strict=True):
        line[field] = figure


def _pour(lines: list[dict[str, Any]], field: str) -> None:
    total = sum(line[field] or 0 for line in lines)
    for line in lines:
        line[field] = 0
    lines[0][field] = total


def _level(lines: list[dict[str, Any]], field: str) -> None:
    total = sum(line[field] or 0 for line in lines)
    for line in lines:
        line[field] = total // len(lines)


def _same_code(lines: list[dict[str, Any]], _field: str) -> None:
    for name in ("adAgrupacionPolitica", "codigoAgrupacionPolitica"):
        if name in lines[0]:
            lines[0][name] = lines[1][name]


def _exchange_codes(lines: list[dict[str, Any]], _field: str) -> None:
    for name in ("adAgrupacionPolitica", "codigoAgrupacionPolitica"):
        if name in lines[0]:
            lines[0][name], lines[1][name] = lines[1][name], lines[0][name]


for _one, _two in ((0, 1), (0, 2), (1, 2)):
    _names = _BUCKETS[_one], _BUCKETS[_two]
    on_fields(f"field: {_names[0]} and {_names[1]} exchanged", _names, _exchange(*_names))
on_fields("field: cast and valid votes exchanged", _VOTES, _exchange(*_VOTES))
on_fields("field: all cast votes valid", _VOTES, _copy(*_VOTES))
on_fields("field: only the valid ones cast", _VOTES, _copy(_VOTES[1], _VOTES[0]))
on_fields("field: everybody voted", _ROLL, _copy(*_ROLL))
on_fields("field: a roll of those who voted", _ROLL, _copy(_ROLL[1], _ROLL[0]))
on_fields("field: an empty roll", _ROLL[:1], lambda found, _: found.update(totalElectoresHabiles=0))
on_fields("field: all actas counted", ("totalActas", _BUCKETS[0]), _copy("totalActas", _BUCKETS[0]))
on_fields("field: no actas at all", ("totalActas",), lambda found, _: found.update(totalActas=0))
on_fields("field: votes without counted actas", (_BUCKETS[0],), lambda found, _: found.update(contabilizadas=0))
on_fields(
    "field: one acta more in a bucket and in all",
    ("totalActas", _BUCKETS[0]),
    lambda found, _: found.update(totalActas=found["totalActas"] + 1, contabilizadas=found["contabilizadas"] + 1),
)
on_fields(
    "field: one acta from pending to counted",
    _BUCKETS,
    lambda found, _: found.update(
        contabilizadas=found["contabilizadas"] + 1, pendientesJee=max(0, found["pendientesJee"] - 1)
    ),
)
on_fields(
    "field: a turnout of another roll",
    ("participacionCiudadana",),
    lambda found, chance: found.update(participacionCiudadana=round(100 * chance.random(), 3)),
)
on_fields(
    "field: a percentage of actas that is none",
    ("actasContabilizadas",),
    lambda found, _: found.update(actasContabilizadas=-1),
)
on_fields(
    "field: a stamp of the year 1",
    ("fechaActualizacion",),
    lambda found, _: found.update(fechaActualizacion=-62135596800000),
)
on_fields(
    "field: a stamp in seconds",
    ("fechaActualizacion",),
    lambda found, _: found.update(fechaActualizacion=found["fechaActualizacion"] // 1000),
)
on_fields(
    "field: a stamp in words", ("fechaActualizacion",), lambda found, _: found.update(fechaActualizacion="hace un rato")
)
on_fields(
    "field: a stamp before election day",
    ("fechaActualizacion",),
    lambda found, _: found.update(fechaActualizacion=found["fechaActualizacion"] - 10 * 86_400_000),
)
for _times in (2, 10, 1000):
    on_value(f"field: every number times {_times}", _all_numbers(lambda number, times=_times: number * times))  # type: ignore[misc]
on_value("field: every number zero", _all_numbers(lambda _: 0))
on_value("field: every number negative", _all_numbers(lambda number: -number))
on_value("field: every number one more", _all_numbers(lambda number: number + 1))
on_value("line: the lists' votes move on by one", lambda value, _: _lines(value, _rotate))
on_value("line: all votes on one list", lambda value, _: _lines(value, _pour))
on_value("line: all lists alike", lambda value, _: _lines(value, _level))
on_value("line: two lists under one code", lambda value, _: _lines(value, _same_code))
on_value("line: two lists' codes exchanged", lambda value, _: _lines(value, _exchange_codes))
on_value(
    "line: the last list lost", lambda value, _: _lines(value, lambda lines, field: lines[-1].update({field: None}))
)
