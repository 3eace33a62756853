"""A register of schools made by hand from published names of polling places, and which row is which place.

Source: ONPE, polling places of 2026 (`published`); `listed` is how a register might write it, typed name by name; a row
without `published` is a school that is no polling place, one without `listed` a place that no register has. `lies_in`
is the district its point is in, where that is not its own.
"""

import csv
from pathlib import Path

from msgspec import Struct

from geo.schematic import load_capitals
from geo.schools.register import School
from tally.model import PollingPlace

FILE = Path(__file__).parents[2] / "data" / "schools_by_hand.csv"
# Degrees between schools, so that none is another's site.
STEP = 0.002


class ByHand(Struct, frozen=True):
    """Places, schools, and for each place the row of its school; moved: places whose school lies elsewhere."""

    places: list[PollingPlace]
    schools: list[School]
    truth: dict[str, int]
    moved: set[str]


def read_by_hand() -> ByHand:
    """The set."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), start=2))
    return ByHand(
        [
            PollingPlace(code=row["place"], name=row["published"], ubigeo=row["ubigeo"])
            for _, row in rows
            if row["place"]
        ],
        [_school(number, row) for number, row in rows if row["listed"]],
        {row["place"]: number for number, row in rows if row["place"] and row["listed"]},
        {row["place"] for _, row in rows if row["lies_in"]},
    )


def _school(number: int, row: dict[str, str]) -> School:
    capital = load_capitals()[row["lies_in"] or row["ubigeo"]]
    point = (capital.lon + STEP * (number % 10), capital.lat + STEP * (number // 10 % 10))
    return School(number, None, str(number), row["listed"], row["level"], row["ubigeo"], "", point)
