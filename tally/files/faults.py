"""What is wrong with a file of ours that a person writes: every fault in one sentence, with its place."""

import tomllib
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, UnsetType

T = TypeVar("T", bound=Struct)


class Fault(Struct, frozen=True):
    """One thing that is wrong, and where: "contests[6] (cusco) · lists[2] (somos_peru) · color"."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" if self.place else self.what


def read_struct(data: bytes, kind: type[T]) -> tuple[T | None, list[Fault]]:
    """What a file's bytes say, in TOML; None, and every fault of their form, where they do not say that."""
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault("", f"not TOML: {error}")]
    except RecursionError:
        return None, [Fault("", "its values lie too deep in each other")]
    except ValueError:  # what Python says of it advises how to lift its limit
        return None, [Fault("", "a number in it has too many digits")]
    try:
        return msgspec.convert(raw, kind), []
    except msgspec.ValidationError:
        return None, list(_shape(raw, kind, ""))


def twice(place: str, field: str, values: Iterable[Hashable]) -> Iterator[Fault]:
    """A fault for each value that stands more than once."""
    for value, number in Counter(values).items():
        if number > 1:
            yield Fault(place, f"{field} {value!r} stands {number} times")


def _shape(value: Any, kind: Any, place: str) -> Iterator[Fault]:
    """Faults of a value that has not the form of its type; a decoder names only the first, and no list's number."""
    if isinstance(kind, UnionType):
        kinds = [one for one in get_args(kind) if one not in (NoneType, UnsetType)]
        kind = kinds[0] if len(kinds) == 1 else kind
    if isinstance(kind, type) and issubclass(kind, Struct) and isinstance(value, dict):
        yield from _fields(value, kind, place)
    elif get_origin(kind) is tuple and get_args(kind)[-1] is ... and isinstance(value, list):
        for at, one in enumerate(value):
            yield from _shape(one, get_args(kind)[0], f"{place}[{at}]{_named(one)}")
    else:
        yield from _converted(value, kind, place)


def _fields(value: dict[str, Any], kind: type[Struct], place: str) -> Iterator[Fault]:
    within = f"{place} · " if place else ""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    faults = [Fault(place, f"there is no field `{name}`") for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            faults += _shape(value[name], field.type, within + name)
        elif field.required:
            faults.append(Fault(place, f"missing required field `{name}`"))
    yield from faults or _converted(value, kind, place)


def _converted(value: Any, kind: Any, place: str) -> Iterator[Fault]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield Fault(place, str(error).partition(" - at `$")[0])


def _named(value: Any) -> str:
    name = value.get("id") or value.get("ubigeo") if isinstance(value, dict) else None
    return f" ({name})" if isinstance(name, str) else ""
