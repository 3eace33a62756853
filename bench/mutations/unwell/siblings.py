"""Answers that are true, but of another area, mesa, level, moment or election."""

import json
import random
from collections.abc import Callable
from typing import Any

from bench.mutations.registry import objects
from bench.mutations.unwell.scene import Spoil, WireScene, add, on_value, write
from ingest.fetch import Question

_TOTALS = "/resumen-general/totales"
_PARTICIPANTS = "/eleccion-presidencial/participantes-ubicacion-geografica-nombre"
_ACTA, _LIST, _HEAT = "/actas/buscar/mesa", "/actas", "/resumen-general/mapa-calor"
_FIGURES = ("contabilizadas", "enviadasJee", "pendientesJee", "totalActas", "totalVotosEmitidos", "totalVotosValidos")


def _exchanged(path: str, *, keep: tuple[str, ...] = ()) -> Spoil:
    """Two answers of that kind change places; the fields in `keep` stay where they are."""

    def spoil(scene: WireScene, chance: random.Random) -> dict[Question, bytes] | None:
        others = scene.siblings
        if scene.question.path != path or not others:
            return None
        other = chance.choice(others)
        one, two = json.loads(scene.body), json.loads(scene.now[other])
        return {scene.question: write(_dressed(two, one, keep)), other: write(_dressed(one, two, keep))}

    return spoil


def _dressed(value: Any, like: Any, keep: tuple[str, ...]) -> Any:
    """A copy of the answer with the other's own names in it."""
    copy = json.loads(json.dumps(value))
    named = {field: one[field] for one in objects(like) for field in keep if field in one}
    for one in objects(copy):
        one.update({field: named[field] for field in keep if field in one and field in named})
    return copy


def _area(scene: WireScene) -> tuple[str, ...]:
    return tuple(value for name, value in scene.question.params if "bigeo" in name or name == "tipoFiltro")


def _both_exchanged(scene: WireScene, chance: random.Random) -> dict[Question, bytes] | None:
    """Two areas of one level change places in both of their answers, each under its own ids."""
    if scene.question.path != _TOTALS:
        return None
    level = scene.params.get("tipoFiltro")
    others = [one for one in scene.siblings if dict(one.params).get("tipoFiltro") == level]
    if not others:
        return None
    other = chance.choice(others)
    spoilt = {}
    for mine, its in ((scene.question, other), (other, scene.question)):
        own, foreign = json.loads(scene.now[mine]), json.loads(scene.now[its])
        ids = tuple(field for one in objects(own) for field in one if field.startswith("idUbigeo"))
        spoilt[mine] = write(_dressed(foreign, own, ids))
        votes = {one: _participants_of(scene, one) for one in (mine, its)}
        if votes[mine] is not None and votes[its] is not None:
            spoilt[votes[mine]] = scene.now[votes[its]]
    return spoilt


def _participants_of(scene: WireScene, totals: Question) -> Question | None:
    own = tuple(value for _, value in totals.params)
    return next(
        (one for one in scene.now if one.path == _PARTICIPANTS and tuple(v for _, v in one.params) == own), None
    )


def _from(path: str, wanted: Callable[[int, int], bool]) -> Spoil:
    """The answer of another level of area: `wanted` compares how many parameters the two questions have."""

    def spoil(scene: WireScene, chance: random.Random) -> dict[Question, bytes] | None:
        if scene.question.path != path:
            return None
        own = len(scene.question.params)
        others = [one for one in scene.siblings if wanted(len(one.params), own)]
        return {scene.question: scene.now[chance.choice(others)]} if others else None

    return spoil


def _before(*paths: str) -> Spoil:
    """The cut before, for every question of those kinds that concerns the same area."""

    def spoil(scene: WireScene, _chance: random.Random) -> dict[Question, bytes] | None:
        if scene.question.path not in paths:
            return None
        own = tuple(value for _, value in scene.question.params)
        found = {
            one: scene.before[one]
            for one in scene.now
            if one.path in paths and tuple(value for _, value in one.params) == own and one in scene.before
        }
        return {one: body for one, body in found.items() if body != scene.now[one]} or None

    return spoil


def _mixed(fields: tuple[str, ...]) -> Spoil:
    """Totals of now with those fields of the cut before."""

    def spoil(scene: WireScene, _chance: random.Random) -> dict[Question, bytes] | None:
        if scene.question.path != _TOTALS or not scene.before.get(scene.question):
            return None
        value, old = scene.value, json.loads(scene.before[scene.question])
        value["data"].update({field: old["data"][field] for field in fields})
        return {scene.question: write(value)}

    return spoil


def _every(path: str, body: bytes | None) -> Spoil:
    """That answer to all questions of a kind; None: the one the chosen question should get."""

    def spoil(scene: WireScene, _chance: random.Random) -> dict[Question, bytes] | None:
        if scene.question.path != path:
            return None
        said = scene.body if body is None else body
        return {one: said for one in scene.now if one.path == path and scene.now[one] != said}

    return spoil


def _election(number: int) -> Callable[[Any, random.Random], bool]:
    def apply(value: Any, _chance: random.Random) -> bool:
        rows = [one for one in objects(value) if "idEleccion" in one]
        for one in rows:
            one["idEleccion"] = number
        return bool(rows)

    return apply


def _two_elections(value: Any, _chance: random.Random) -> bool:
    """The same mesa's acta of another race, with other figures, stands before the one that is asked for."""
    data = value["data"]
    rows = data.get("content") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not rows or "codigoMesa" not in rows[0]:
        return False
    other = json.loads(json.dumps(rows[0]))
    other["totalVotosEmitidos"] = (other["totalVotosEmitidos"] or 0) + 9
    rows.insert(0, other)
    return True


add("sibling: two totals exchanged", _exchanged(_TOTALS))
add("sibling: two lists of votes exchanged", _exchanged(_PARTICIPANTS))
add("sibling: two areas exchanged whole", _both_exchanged)
add("sibling: two actas exchanged", _exchanged(_ACTA))
add("sibling: two actas exchanged under their own numbers", _exchanged(_ACTA, keep=("codigoMesa", "idMesa", "id")))
add(
    "sibling: two actas exchanged under all of their own names",
    _exchanged(_ACTA, keep=("codigoMesa", "idMesa", "id", "idUbigeo", "codigoLocalVotacion", "nombreLocalVotacion")),
)
add("sibling: two districts' lists exchanged", _exchanged(_LIST))
add("sibling: two districts' lists exchanged under their own codes", _exchanged(_LIST, keep=("idUbigeo",)))
add("sibling: two maps exchanged", _exchanged(_HEAT))
add("level: a larger area's totals", _from(_TOTALS, lambda other, own: other < own))
add("level: a smaller area's totals", _from(_TOTALS, lambda other, own: other > own))
add("level: a larger area's votes", _from(_PARTICIPANTS, lambda other, own: other < own))
add("level: a smaller area's votes", _from(_PARTICIPANTS, lambda other, own: other > own))
add("level: one area's totals for all", _every(_TOTALS, None))
add("level: one area's votes for all", _every(_PARTICIPANTS, None))
add("level: one mesa's acta for all", _every(_ACTA, None))
add("before: the totals of the cut before", _before(_TOTALS))
add("before: the votes of the cut before", _before(_PARTICIPANTS))
add("before: totals and votes of the cut before", _before(_TOTALS, _PARTICIPANTS))
add("before: the list of the cut before", _before(_LIST))
add("before: the map of the cut before", _before(_HEAT))
add("before: the figures under the stamp of now", _mixed(_FIGURES))
add("before: the stamp over the figures of now", _mixed(("fechaActualizacion",)))
add("before: the actas of before, the votes of now", _mixed(_FIGURES[:4]))
add("before: the votes of before, the actas of now", _mixed(_FIGURES[4:]))
on_value("election: a senator's", _election(11))
on_value("election: none", _election(0))
on_value("election: two acta rows of one mesa", _two_elections)
add("nothing: every area says that it has nothing", _every(_TOTALS, b""))
add("nothing: no area has votes by list", _every(_PARTICIPANTS, b""))
add(
    "nothing: every list is empty",
    _every(
        _LIST,
        b'{"success":true,"message":"","data":{"content":[],"totalRegistros":0,"totalPaginas":0,"paginaActual":0}}',
    ),
)
add("nothing: every map is empty", _every(_HEAT, b'{"success":true,"message":"","data":[]}'))
