"""The run-offs of 2021 and 2026 as they were tallied, elections judged clean: what the flags are calibrated on."""

import csv
import gzip
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from mission.flags.sheets import UNKNOWN, Integers, Sheets
from tally.model import ActaState

REFERENCE = Path(os.environ.get("ESCRUTINIO_REFERENCE", Path(__file__).parents[2] / "shared"))
_STATES = {
    "CONTABILIZADA": ActaState.COUNTED,
    "COMPUTADA RESUELTA": ActaState.COUNTED,
    "ANULADA": ActaState.ANNULLED,
    "EN PROCESO": ActaState.AT_JEE,
    "SIN INSTALAR": ActaState.NOT_INSTALLED,
}


class RunoffFile(Struct, frozen=True):
    """A file of mesas: the columns of its two lists, and those that together name a polling place."""

    name: str
    lists: tuple[str, str]
    place: tuple[str, ...]


# The file of 2021 has no codes of places; that of 2026 has no states, only 37 mesas without votes.
RUNOFFS = {
    2021: RunoffFile("eg2021_round2_tables", ("peru_libre", "fuerza_popular"), ("ubigeo_onpe", "local", "direccion")),
    2026: RunoffFile("eg2026_round2_tables", ("fuerza_popular", "juntos_por_el_peru"), ("ubigeo_onpe", "cod_local")),
}


class Runoff(Struct, frozen=True):
    """All mesas of a run-off, and the name of each of their polling places."""

    sheets: Sheets
    place_names: Sequence[str]


def read_runoff(folder: Path = REFERENCE, year: int = 2021) -> Sheets:
    """Its mesas, 86,488 or 92,766."""
    return read_places(folder, year).sheets


def read_places(folder: Path, year: int) -> Runoff:
    """The same with the names of places, as the file writes them."""
    file = RUNOFFS[year]
    with gzip.open(folder / "data" / f"{file.name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    codes: dict[tuple[str, ...], int] = {}
    place = [codes.setdefault(tuple(row[name] for name in file.place), len(codes)) for row in rows]
    names = dict(zip(reversed(place), (row["local"] for row in reversed(rows)), strict=True))
    votes = np.column_stack([_column(rows, name) for name in file.lists])
    states = list(ActaState)
    sheets = Sheets(
        mesas=[row["mesa"] for row in rows],
        ubigeos=[row["ubigeo_onpe"] for row in rows],
        places=[str(number) for number in range(len(codes))],
        place=np.array(place, dtype=np.int64),
        states=np.array([states.index(state) for state in _read_states(rows, file)], dtype=np.int64),
        is_held=np.zeros(len(rows), dtype=np.bool_),
        registered=_column(rows, "electores"),
        cast=_column(rows, "emitidos"),
        valid=np.where((votes > UNKNOWN).all(axis=1), votes.sum(axis=1), UNKNOWN),
        blank=_column(rows, "blancos"),
        null=_column(rows, "nulos"),
        challenged=_column(rows, "impugnados"),
        votes=votes,
    )
    return Runoff(sheets, [names[number] for number in range(len(codes))])


def _read_states(rows: Sequence[dict[str, str]], file: RunoffFile) -> Iterable[ActaState]:
    for row in rows:
        if "estado_acta" in row:
            yield _STATES[row["estado_acta"]]
        else:
            yield ActaState.COUNTED if row[file.lists[0]] else ActaState.NOT_INSTALLED


def _column(rows: Sequence[dict[str, str]], name: str) -> Integers:
    return np.array([int(float(row[name])) if row[name] else UNKNOWN for row in rows], dtype=np.int64)
