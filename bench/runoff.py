"""The run-off of 6 June 2021 as it was tallied, an election judged clean: what the flags are calibrated on."""

import csv
import gzip
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mission.flags.sheets import UNKNOWN, Integers, Sheets
from tally.model import ActaState

REFERENCE = Path(os.environ.get("ESCRUTINIO_REFERENCE", Path(__file__).parents[2] / "shared"))
LISTS = ("peru_libre", "fuerza_popular")
NAMES = ("PERÚ LIBRE", "FUERZA POPULAR")
_STATES = {
    "CONTABILIZADA": ActaState.COUNTED,
    "COMPUTADA RESUELTA": ActaState.COUNTED,
    "ANULADA": ActaState.ANNULLED,
    "EN PROCESO": ActaState.AT_JEE,
    "SIN INSTALAR": ActaState.NOT_INSTALLED,
}


def read_runoff(folder: Path = REFERENCE) -> Sheets:
    """All 86,488 mesas; a polling place is ubigeo + name + address, because the file has no codes."""
    with gzip.open(folder / "data" / "eg2021_round2_tables.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes: dict[tuple[str, str, str], int] = {}
    place = [codes.setdefault((row["ubigeo_onpe"], row["local"], row["direccion"]), len(codes)) for row in rows]
    votes = np.column_stack([_column(rows, name) for name in LISTS])
    states = list(ActaState)
    return Sheets(
        mesas=[row["mesa"] for row in rows],
        ubigeos=[row["ubigeo_onpe"] for row in rows],
        places=[str(number) for number in range(len(codes))],
        place=np.array(place, dtype=np.int64),
        states=np.array([states.index(_STATES[row["estado_acta"]]) for row in rows], dtype=np.int64),
        is_held=np.zeros(len(rows), dtype=np.bool_),
        registered=_column(rows, "electores"),
        cast=_column(rows, "emitidos"),
        valid=np.where((votes > UNKNOWN).all(axis=1), votes.sum(axis=1), UNKNOWN),
        blank=_column(rows, "blancos"),
        null=_column(rows, "nulos"),
        challenged=_column(rows, "impugnados"),
        votes=votes,
    )


def _column(rows: Sequence[dict[str, str]], name: str) -> Integers:
    return np.array([int(row[name]) if row[name] else UNKNOWN for row in rows], dtype=np.int64)
