"""What a class of false answers is given, and how most are made: one answer, its decoded form, or one of its fields."""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from bench.mutations.registry import numbers, objects
from ingest.fetch import Question


class WireScene(Struct, frozen=True):
    """True answers now and at the cut before, and the question about which something is wrong."""

    question: Question
    now: Mapping[Question, bytes]
    before: Mapping[Question, bytes]

    @property
    def body(self) -> bytes:
        """What the source should say."""
        return self.now[self.question]

    @property
    def value(self) -> Any:
        """The same, decoded."""
        return json.loads(self.body)

    @property
    def siblings(self) -> list[Question]:
        """Questions of the same kind with another answer."""
        path, body = self.question.path, self.body
        return [one for one, other in self.now.items() if one.path == path and other not in (b"", body)]

    @property
    def params(self) -> dict[str, str]:
        """The question's parameters."""
        return dict(self.question.params)


Spoil = Callable[[WireScene, random.Random], dict[Question, bytes] | None]
CLASSES: dict[str, Spoil] = {}


def write(value: Any) -> bytes:
    """Canonical enough: as the source writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def add(name: str, spoil: Spoil) -> None:
    """One more class.

    Raises: ValueError: there is one of that name.
    """
    if name in CLASSES:
        raise ValueError(f"two classes are called {name!r}")
    CLASSES[name] = spoil


def on_body(name: str, change: Callable[[bytes], bytes]) -> None:
    """The bytes of one answer."""
    add(name, lambda scene, _chance: {scene.question: change(scene.body)})


def on_value(name: str, change: Callable[[Any, random.Random], bool | None]) -> None:
    """The decoded answer, changed in place; `change` says False where it cannot."""

    def spoil(scene: WireScene, chance: random.Random) -> dict[Question, bytes] | None:
        value = scene.value
        return None if change(value, chance) is False else {scene.question: write(value)}

    add(name, spoil)


def on_number(name: str, change: Callable[[int, random.Random], Any]) -> None:
    """One whole number that is read."""

    def apply(value: Any, chance: random.Random) -> bool:
        places = numbers(value)
        if places:
            found, field = chance.choice(places)
            found[field] = change(found[field], chance)
        return bool(places)

    on_value(name, apply)


def on_lexeme(name: str, lexeme: Callable[[int], str]) -> None:
    """One number, written as JSON would not by itself."""

    def spoil(scene: WireScene, chance: random.Random) -> dict[Question, bytes] | None:
        value = scene.value
        places = numbers(value)
        if not places:
            return None
        found, field = chance.choice(places)
        number, found[field] = found[field], "<number>"
        return {scene.question: write(value).replace(b'"<number>"', lexeme(number).encode())}

    add(name, spoil)


def having(value: Any, fields: Iterable[str]) -> list[dict[str, Any]]:
    """Objects of the answer that have all those fields, none of them null."""
    return [one for one in objects(value) if all(one.get(field) is not None for field in fields)]


def on_fields(name: str, fields: tuple[str, ...], change: Callable[[dict[str, Any], random.Random], None]) -> None:
    """One object that has those fields."""

    def apply(value: Any, chance: random.Random) -> bool:
        places = having(value, fields)
        if places:
            change(chance.choice(places), chance)
        return bool(places)

    on_value(name, apply)
