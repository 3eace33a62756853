"""Mutations that know JSON, but not what the numbers mean."""

import json
import random
from typing import Any

from bench.mutations.registry import MutationCase, edit, named, numbers, objects, on_number

on_number("shape: a number as text", lambda number, _: str(number))
on_number("shape: a number as fraction", lambda number, _: number + 0.5)
on_number("shape: a number missing (null)", lambda _number, _seed: None)
on_number("shape: a number as list", lambda number, _: [number])
on_number("shape: a number as truth value", lambda _number, _seed: True)
on_number("shape: a number beyond all counts", lambda number, _: number + 10**20)
on_number("shape: a number not finite", lambda _number, seed: float(seed.choice(("nan", "inf"))))


@named("shape: failure with data")
def _failure(case: MutationCase, _seed: random.Random) -> bytes | None:
    return edit(case, lambda value: value.update(success=False) is None)


@named("shape: no data")
def _no_data(case: MutationCase, _seed: random.Random) -> bytes | None:
    return edit(case, lambda value: value.update(data=None) is None)


@named("shape: data wrapped in a list")
def _wrapped(case: MutationCase, _seed: random.Random) -> bytes | None:
    return edit(case, lambda value: value.update(data=[value["data"]]) is None)


@named("shape: a field lost")
def _field_lost(case: MutationCase, seed: random.Random) -> bytes | None:
    def lose(value: Any) -> bool:
        found = seed.choice([one for one in objects(value) if one])
        del found[seed.choice(sorted(found))]
        return True

    return edit(case, lose)


@named("shape: a field twice")
def _field_twice(case: MutationCase, seed: random.Random) -> bytes | None:
    value = json.loads(case.body)
    found, field = seed.choice(numbers(value) or [({}, "")])
    if not field:
        return None
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    doubled = text[:-1] + "," + json.dumps(field) + ":" + str(found[field] + seed.randrange(1, 9)) + "}"
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return body.replace(text, doubled, 1).encode()


@named("shape: depth without end")
def _deep(case: MutationCase, _seed: random.Random) -> bytes | None:
    return case.body[:-1] + b',"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
