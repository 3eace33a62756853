"""Whether a polling place is in a town or in the country: where a register says so, and nowhere else."""

import csv
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from geo.places import DescribedPlace, place_id, read_rows
from geo.schools.positions import POSITIONS
from geo.ubigeo import load_crosswalk
from tally.election import slug
from tally.errors import InvalidInput

Area = Literal["urban", "rural"]
_WORDS: Mapping[str, Area] = {
    **dict.fromkeys(("urban", "urbano", "urbana"), "urban"),
    "rural": "rural",
}


class PlaceAreas(Struct, frozen=True):
    """`populated`: by (ONPE ubigeo, slug of the populated place); `schools`: by what `SchoolPoints` are keyed by."""

    populated: Mapping[tuple[str, str], Area] = {}
    schools: Mapping[tuple[str, str, str], Area] = {}

    def of(self, place: DescribedPlace) -> Area | None:
        """As its school has it, else as the populated place it is named for."""
        return self.schools.get(place_id(place)) or self.populated.get(
            (place.ubigeo, slug(place.populated_place or ""))
        )


def read_place_areas(populated: Path | None, schools: Path) -> PlaceAreas:
    """What both registers say: a table of populated places with a column `tipo`, and the folder of joined schools.

    A name that a district has twice is left out where the two are not alike.
    Raises: InvalidInput: a file cannot be read.
    """
    return PlaceAreas({} if populated is None else _populated(populated), _schools(schools / POSITIONS))


def read_area(word: str) -> Area | None:
    """Urban or rural, in the words of registers."""
    return _WORDS.get(word.strip().lower())


def _populated(path: Path) -> dict[tuple[str, str], Area]:
    crosswalk, found = load_crosswalk(), dict[tuple[str, str], set[Area | None]]()
    try:
        for row in read_rows(path):
            key = (crosswalk.onpe(row["inei_distrito"]) or "", slug(row["ccpp"]))
            found.setdefault(key, set()).add(read_area(row.get("tipo") or ""))
    except (OSError, EOFError, zlib.error, csv.Error, ValueError, KeyError) as error:
        raise InvalidInput(f"{path} is not a table of populated places: {error!r}") from error
    return {key: area for key, (area, *others) in found.items() if key[0] and area is not None and not others}


def _schools(path: Path) -> dict[tuple[str, str, str], Area]:
    if not path.is_file():
        return {}
    found = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                area = read_area(row.get("area") or "")  # files of earlier versions have no such column
                if row["confidence"] == "exact" and area is not None:
                    found[row["place"], row["ubigeo"], slug(row["name"])] = area
    except (OSError, csv.Error, KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is no file of `escrutinio geo places`: {error!r}") from error
    return found
