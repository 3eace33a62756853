"""What a mutation is, and how one is made from a change of the decoded answer."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from ingest.feeds.onpe2026 import words


class MutationCase(Struct, frozen=True):
    """A true answer, the same question's answer at the cut before, and the answers to other questions."""

    body: bytes
    before: bytes
    others: tuple[bytes, ...]


Mutation = Callable[[MutationCase, random.Random], bytes | None]
MUTATIONS: dict[str, Mutation] = {}


def named(name: str) -> Callable[[Mutation], Mutation]:
    def register(mutation: Mutation) -> Mutation:
        MUTATIONS[name] = mutation
        return mutation

    return register


def edit(case: MutationCase, change: Callable[[Any], bool]) -> bytes | None:
    """The answer with its decoded form changed in place; None if `change` found nothing to do."""
    value = json.loads(case.body)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() if change(value) else None


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from objects(member)
    elif isinstance(value, list):
        for member in value:
            yield from objects(member)


# Fields that Escrutinio reads; what it skips cannot mislead it.
_READ = {
    name
    for kind in vars(words).values()
    if isinstance(kind, type) and issubclass(kind, Struct)
    for name in kind.__struct_encode_fields__
}


def numbers(value: Any) -> list[tuple[dict[str, Any], str]]:
    """Every whole number of the answer that is read, as object and field."""
    return [
        (found, name)
        for found in objects(value)
        for name, number in found.items()
        if isinstance(number, int) and not isinstance(number, bool) and name in _READ
    ]


def on_number(name: str, change: Callable[[int, random.Random], Any]) -> None:
    def mutate(case: MutationCase, seed: random.Random) -> bytes | None:
        def apply(value: Any) -> bool:
            places = numbers(value)
            if not places:
                return False
            found, field = seed.choice(places)
            before = found[field]
            found[field] = change(before, seed)
            return bool(found[field] != before or type(found[field]) is not int)

        return edit(case, apply)

    MUTATIONS[name] = mutate
