"""Logs of format 1, which told an issue in two sentences: recorded ones, and the writer that wrote them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tally import changes
from tally.changes import Change, ChangeSet, Kind
from tally.rules.arithmetic import BEFORE, FORMER

# Written by the last program of format 1: one issue a rule, and a log of four change sets with the hash of its history.
RECORDED: dict[str, Any] = msgspec.json.decode((Path(__file__).parent / "format_1.json").read_bytes())

_SENTENCES = {
    "negative": ("hay una cifra negativa", "a figure is negative"),
    "buckets": (
        "contabilizadas + JEE + pendientes = {sum}, pero el total es {total}",
        "counted + at JEE + pending = {sum}, but the total is {total}",
    ),
    "valid_sum": (
        "los votos de las listas suman {sum}, pero los válidos son {valid}",
        "the lists' votes sum to {sum}, but valid votes are {valid}",
    ),
    "cast_sum": (
        "válidos + blancos + nulos + impugnados = {sum}, pero los emitidos son {cast}",
        "valid + blank + null + challenged = {sum}, but votes cast are {cast}",
    ),
    "over_roll": (
        "{cast} votos emitidos con {registered} electores hábiles",
        "{cast} votes cast with {registered} registered voters",
    ),
    "lists": (
        "hay cifras de {given} listas, la elección tiene {lists}",
        "figures of {given} lists, the election has {lists}",
    ),
    "unknown_area": (
        "el ubigeo {ubigeo} no está en el catálogo de la fuente",
        "ubigeo {ubigeo} is not in the source's catalogue",
    ),
    "scope_echo": (
        "las cifras son las de todo el país, no las del área pedida",
        "the figures are the whole country's, not those of the area asked for",
    ),
    "above_parent": (
        "una cifra es mayor que la del área que la contiene, en el mismo corte",
        "a figure is larger than that of the area around it, at the same cut",
    ),
    "figures_missing": ("acta contabilizada sin todas sus cifras", "counted acta lacks figures"),
    "all_zero": (
        "acta contabilizada con todas sus cifras en cero, sin constar como mesa no instalada",
        "counted acta with all its figures zero, though the mesa is not said to be uninstalled",
    ),
    "votes_without_count": (
        "acta en estado «{code}» con votos, aunque ese estado no los tiene",
        "acta in state “{code}” carries votes, which that state cannot have",
    ),
    "annulled_null": (
        "acta anulada con {cast} votos emitidos, pero solo {null} nulos",
        "annulled acta with {cast} votes cast, but only {null} null",
    ),
    "reconciliation": (
        "lo publicado y la suma de las {actas} actas contabilizadas difieren ({es})",
        "what is published and the sum of the {actas} counted actas differ ({en})",
    ),
}
_SPANISH = {
    "at_jee": "en JEE",
    "pending": "pendientes",
    "cast": "emitidos",
    "valid": "válidos",
    "votes": "votos de las listas",
    "blank": "blancos",
    "null": "nulos",
    "challenged": "impugnados",
    "turnout": "participación",
}


def recorded_log() -> list[ChangeSet]:
    """The recorded change sets."""
    return [ChangeSet(one["seq"], one["at"], tuple(_change(*row) for row in one["changes"])) for one in RECORDED["log"]]


def _change(key: str, kind: str, data: str, src: str | None, note: str | None) -> Change:
    return Change(key, Kind(kind), data.encode(), src, note)


def tell(issue: dict[str, Any]) -> dict[str, str]:
    """An issue as format 1 told it."""
    figures = {key: value for key, value in issue["figures"].items() if key != "figures"}
    names = issue["figures"].get("figures", ())
    figures["es"] = ", ".join(_SPANISH.get(name, name) for name in names)
    figures["en"] = ", ".join(name.replace("_", " ") for name in names)
    spanish, english = _SENTENCES[issue["rule"]]
    return {"en": english.format(**figures), "es": spanish.format(**figures), "rule": issue["rule"]}


def encode(value: Any) -> bytes:
    """A published value as format 1 had it. One that stands in a log of format 1 is said again as it was said there."""
    data = changes.encode(value)
    if b'"rule":' not in data:
        return data
    plain = msgspec.json.decode(data)
    for side in {"held", "flags"} & plain.keys():
        plain[side] = [tell(issue) for issue in plain[side]]
    return changes.encode(plain)


@contextmanager
def format_1() -> Iterator[None]:
    """Whatever a board makes meanwhile, and a writer writes, is what a program of format 1 would have made of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tally.board.encode", encode)
        patch.setattr("tally.board.PRESENT", FORMER)
        patch.setattr("tally.storage.writer.LOG_FORMAT", 1)
        yield


@contextmanager
def format_3() -> Iterator[None]:
    """The same of a program of format 3, to which a contest's only area was an echo of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tally.board.PRESENT", BEFORE)
        patch.setattr("tally.storage.writer.LOG_FORMAT", 3)
        yield


@contextmanager
def format_2() -> Iterator[None]:
    """The same of a program of format 2, whose issues have figures and whose rules were fewer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tally.board.PRESENT", FORMER)
        patch.setattr("tally.storage.writer.LOG_FORMAT", 2)
        yield
