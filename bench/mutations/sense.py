"""Mutations that know what the numbers mean: the ones that no schema finds."""

import json
import random
from collections.abc import Callable
from typing import Any

from bench.mutations.registry import MUTATIONS, MutationCase, edit, named, objects, on_number


def _exchange(number: int, seed: random.Random) -> int:
    digits = list(str(abs(number)))
    if len(digits) < 2:
        return number + 1
    at = seed.randrange(len(digits) - 1)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return int("".join(digits))


on_number("sense: a number one larger", lambda number, _: number + 1)
on_number("sense: a number one smaller", lambda number, _: number - 1)
on_number("sense: a number negative", lambda number, _: -number - 1)
on_number("sense: a number ten times as large", lambda number, _: number * 10)
on_number("sense: a number zero", lambda _number, _seed: 0)
on_number("sense: two digits exchanged", lambda number, seed: _exchange(number, seed))
on_number("sense: a little more or less", lambda number, seed: number + seed.choice((-7, -5, -2, 2, 5, 7)))


@named("sense: the answer to another question")
def _other(case: MutationCase, seed: random.Random) -> bytes | None:
    return seed.choice(case.others) if case.others else None


@named("sense: the numbers of another area under this one's ids")
def _echo(case: MutationCase, seed: random.Random) -> bytes | None:
    if not case.others:
        return None
    other = json.loads(seed.choice(case.others))["data"]

    def borrow(value: Any) -> bool:
        own = value["data"]
        if not isinstance(own, dict) or not isinstance(other, dict):
            return False
        taken = {name: number for name, number in other.items() if not name.startswith("idUbigeo")}
        own.update(taken)
        return True

    return edit(case, borrow)


@named("sense: the copy of the cut before")
def _old(case: MutationCase, _seed: random.Random) -> bytes | None:
    return case.before if case.before != case.body else None


def _rows(value: Any) -> list[Any]:
    data = value["data"]
    rows = data["content"] if isinstance(data, dict) and "content" in data else data
    return rows if isinstance(rows, list) else []


def _on_rows(name: str, change: Callable[[list[Any], random.Random], None], least: int = 1) -> None:
    def mutate(case: MutationCase, seed: random.Random) -> bytes | None:
        def apply(value: Any) -> bool:
            rows = _rows(value)
            if len(rows) < least:
                return False
            change(rows, seed)
            return True

        return edit(case, apply)

    MUTATIONS[name] = mutate


def _exchange_field(rows: list[Any], seed: random.Random) -> None:
    one, two = seed.sample(rows, 2)
    field = seed.choice(sorted(one.keys() & two.keys()))
    one[field], two[field] = two[field], one[field]


_on_rows("sense: a row lost", lambda rows, seed: rows.pop(seed.randrange(len(rows))))
_on_rows("sense: a row twice", lambda rows, seed: rows.append(seed.choice(rows)))
_on_rows("sense: rows in another order", lambda rows, seed: seed.shuffle(rows), 2)
_on_rows("sense: two rows exchange a field", _exchange_field, 2)


def _lines(value: Any) -> list[dict[str, Any]]:
    """Lines of votes: an acta's detalle, or the participants of an area."""
    found = [one for one in objects(value) if "adVotos" in one]
    return found or [one for one in _rows(value) if isinstance(one, dict) and "codigoAgrupacionPolitica" in one]


def _field_of(line: dict[str, Any]) -> str:
    return "adVotos" if "adVotos" in line else "totalVotosValidos"


def _on_lines(name: str, change: Callable[[list[dict[str, Any]], random.Random], bool]) -> None:
    def mutate(case: MutationCase, seed: random.Random) -> bytes | None:
        return edit(case, lambda value: len(_lines(value)) > 1 and change(_lines(value), seed))

    MUTATIONS[name] = mutate


def _shift(lines: list[dict[str, Any]], seed: random.Random) -> bool:
    """A few votes move from one line to another: every sum stays right."""
    one, two = seed.sample(lines, 2)
    field = _field_of(one)
    if not one[field] or two[field] is None:
        return False
    number = seed.randrange(1, min(40, one[field]) + 1)
    one[field], two[field] = one[field] - number, two[field] + number
    return True


def _swap_votes(lines: list[dict[str, Any]], seed: random.Random) -> bool:
    one, two = seed.sample(lines, 2)
    field = _field_of(one)
    one[field], two[field] = two[field], one[field]
    return bool(one[field] != two[field])


def _unknown_code(lines: list[dict[str, Any]], seed: random.Random) -> bool:
    line = seed.choice(lines)
    name = "adAgrupacionPolitica" if "adVotos" in line else "codigoAgrupacionPolitica"
    line[name] = type(line[name])(997)
    return True


def _all_zero(lines: list[dict[str, Any]], _seed: random.Random) -> bool:
    for line in lines:
        line[_field_of(line)] = 0
    return True


_on_lines("sense: votes moved between two lists", _shift)
_on_lines("sense: votes of two lists exchanged", _swap_votes)
_on_lines("sense: a list nobody knows", _unknown_code)
_on_lines("sense: all votes zero", _all_zero)


def _set_field(name: str, fields: dict[str, Callable[[Any, random.Random], Any]]) -> None:
    """Mutation of fields by name, wherever they stand."""

    def mutate(case: MutationCase, seed: random.Random) -> bytes | None:
        def apply(value: Any) -> bool:
            places = [(one, field) for one in objects(value) for field in fields if one.get(field) is not None]
            if not places:
                return False
            found, field = seed.choice(places)
            before = found[field]
            found[field] = fields[field](before, seed)
            return bool(found[field] != before)

        return edit(case, apply)

    MUTATIONS[name] = mutate


_HOUR = 3_600_000  # in the stamps' milliseconds
_set_field(
    "sense: a stamp in the future", {"fechaActualizacion": lambda at, seed: at + seed.randrange(1, 9**4) * _HOUR}
)
_set_field("sense: a stamp in the past", {"fechaActualizacion": lambda at, seed: at - seed.randrange(1, 999) * _HOUR})
_set_field("sense: another acta state", {"codigoEstadoActa": lambda _, seed: seed.choice("CEPX")})
_set_field("sense: another mesa", {"codigoMesa": lambda _, seed: f"{seed.randrange(1, 60):06}"})
_set_field("sense: another district", {"idUbigeo": lambda _, seed: seed.choice((140101, 140102, 150101, 999999))})
_set_field("sense: another roll", {"totalElectoresHabiles": lambda roll, seed: roll + seed.choice((-20, -1, 1, 20))})
_set_field("sense: another polling place", {"codigoLocalVotacion": lambda _, seed: f"{seed.randrange(10**4):04}"})
_set_field(
    "sense: one acta moved between two buckets", {"contabilizadas": lambda number, seed: number + seed.choice((-1, 1))}
)
