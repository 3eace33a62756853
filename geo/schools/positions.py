"""What a join found, as CSV files in one folder: positions for the server, and both lists of what did not match."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.places import Point, SchoolPoints
from tally.election import slug
from tally.errors import InvalidInput

if TYPE_CHECKING:  # a server reads positions and joins nothing
    from geo.schools.joining import Joined, Match
    from geo.schools.register import School

POSITIONS, PLACES_LEFT, SCHOOLS_LEFT = "positions.csv", "places_without_school.csv", "schools_without_place.csv"
_SCHOOL = ("row", "school", "code", "address", "area", "lon", "lat")
_PLACE = ("place", "ubigeo", "name", "confidence", "score", "doubts")


def write_joined(joined: "Joined", folder: Path) -> None:
    """The three files; `positions.csv` last, and in one move: a server reads the old one or the new one.

    Raises: InvalidInput: the folder cannot be written.
    """
    found = [_line(match) for match in joined.matches if match.confidence != "none"]
    left = [_line(match) for match in joined.matches if match.confidence == "none"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / PLACES_LEFT, (*_PLACE, *_SCHOOL), left)
        _write(folder / SCHOOLS_LEFT, ("ubigeo", *_SCHOOL), [(one.ubigeo, *_cells(one)) for one in joined.unused])
        _write(folder / POSITIONS, (*_PLACE, *_SCHOOL), found)
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be written: {error}") from error


def read_positions(folder: Path) -> SchoolPoints:
    """Points of the places whose confidence is "exact"; none without the file. Somebody may have changed a "check".

    Raises: InvalidInput: the file is another one.
    """
    path = folder / POSITIONS
    if not path.is_file():
        return {}
    found: dict[tuple[str, str, str], Point] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["confidence"] == "exact":
                    key = row["place"], row["ubigeo"], slug(row["name"])
                    found[key] = float(row["lon"]), float(row["lat"])
    except (OSError, csv.Error, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is no file of `escrutinio geo places`: {error!r}") from error
    return found


def _line(match: "Match") -> Sequence[object]:
    place, school = match.place, match.school
    cells = [""] * len(_SCHOOL) if school is None else _cells(school)
    said = (match.confidence, match.score, " ".join(match.doubts))
    return (place.code, place.ubigeo, place.name, *said, *cells)


def _cells(school: "School") -> Sequence[object]:
    return (school.row, school.name, school.code, school.address, school.area, *(school.point or ("", "")))


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
    part.replace(path)
