"""An election as the text of its file: what is as by default is left out."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from tally.election import Contest, Election


def write_election(election: Election, comments: tuple[str, ...] = ()) -> str:
    """The TOML of an election, as `ingest/elections` has them, under those lines of comment."""
    return "\n".join([*(f"# {line}" for line in comments), *_election(election)]) + "\n"


def _election(election: Election) -> Iterator[str]:
    tables = ("process", "contests", "polling", "official", "official_final")
    yield from _fields(election, without=tables)
    for name in ("process", "polling", "official_final"):
        part = getattr(election, name)
        lines = list(_fields(part)) if part is not None else []
        if lines or name == "process":
            yield from ("", f"[{name}]", *lines)
    for contest in election.contests:
        yield from _contest(contest)
    if election.official is not None:
        areas = (f"  {_inline(area)}," for area in election.official.areas)
        yield from ("", "[official]", *_fields(election.official, without=("areas",)), "areas = [", *areas, "]")


def _contest(contest: Contest) -> Iterator[str]:
    yield from ("", "[[contests]]", *_fields(contest, without=("lists",)), "lists = [")
    yield from (f"  {_inline(entry)}," for entry in contest.lists)
    yield "]"


def _fields(value: Struct, without: tuple[str, ...] = ()) -> Iterator[str]:
    for name, one in _stated(value).items():
        if name not in without:
            yield f"{name} = {_value(one)}"


def _inline(value: Struct) -> str:
    return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in _stated(value).items()) + " }"


def _stated(value: Struct) -> dict[str, Any]:
    """Fields that are not as by default."""
    stated = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
    return {field.name: one for field, one in stated if one is not None and (field.required or one != field.default)}


def _value(value: Any) -> str:
    if isinstance(value, Struct):
        return _inline(value)
    if isinstance(value, Enum):
        return _value(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return msgspec.json.encode(value).decode()  # a number, or a text: TOML escapes as JSON does
