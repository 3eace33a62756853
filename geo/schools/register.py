"""A register of schools: CSV, plain or gzipped, one row a school or one a service of it."""

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from geo.places import Point
from geo.schematic import load_capitals
from geo.schools.columns import Columns, read_mapping, settle_columns
from geo.schools.names import SchoolName, read_name
from geo.schools.within import distance_km
from geo.ubigeo import load_catalogue, load_crosswalk
from tally.catalogue import Catalogue
from tally.election import slug
from tally.errors import InvalidInput
from tally.keys import is_digits

# So near its capital a school tells whose code its district has: the same digits lie elsewhere in the other's table.
_NEAR_KM = 60.0
_DELIMITERS = ",;\t|"
_UBIGEO = 6

Row = Mapping[str, str]


class School(Struct, frozen=True):
    """A row; `place_code` is ONPE's of a polling place, `code` the register's own, `ubigeo` ONPE's; None: not said."""

    row: int
    place_code: str | None
    code: str | None
    name: str
    level: str
    ubigeo: str | None
    address: str
    point: Point | None
    area: str = ""

    @property
    def read(self) -> SchoolName:
        """Its name taken apart, with the service it gives ("Inicial - Jardín")."""
        return read_name(f"{self.name} {self.level.partition('-')[0]}".strip())


def read_register(path: Path, mapping: Path | None = None) -> list[School]:
    """All rows; a point that is empty or zero is None.

    `mapping` is TOML that names columns (see `Columns`).
    Raises: InvalidInput: it is no such table, or nobody can tell whose district codes it has.
    """
    named = read_mapping(mapping)
    try:
        raw = path.read_bytes()
        rows = _rows(_text(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw), named.delimiter)
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise InvalidInput(f"{path} is not a register of schools: {error!r}") from error
    if not rows:
        raise InvalidInput(f"{path} is not a register of schools: it has no rows")
    columns = settle_columns(named, list(rows[0]))
    district_of = _by_code(rows, columns) if columns.ubigeo else _by_name(columns)
    return [_school(number, row, columns, district_of) for number, row in enumerate(rows, start=2)]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:  # as spreadsheets of the ministry are saved
        return raw.decode("cp1252", "replace")


def _rows(text: str, delimiter: str | None) -> list[Row]:
    lines = text.splitlines()
    split = delimiter or max(_DELIMITERS, key=lines[0].count) if lines else ","
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(lines, delimiter=split)]


def _school(number: int, row: Row, columns: Columns, district_of: Callable[[Row], str | None]) -> School:
    def cell(column: str | None) -> str:
        return row.get(column, "") if column else ""

    return School(
        row=number,
        place_code=cell(columns.place_code) or None,
        code=cell(columns.code) or None,
        name=cell(columns.name),
        level=cell(columns.level),
        ubigeo=district_of(row),
        address=cell(columns.address),
        area=cell(columns.area),
        point=_point(row, columns),
    )


def _point(row: Row, columns: Columns) -> Point | None:
    try:
        lon, lat = (float(row.get(name or "", "").replace(",", ".")) for name in (columns.lon, columns.lat))
    except ValueError:
        return None
    is_somewhere = lon != 0 and lat != 0 and abs(lon) <= 180 and abs(lat) <= 90  # false for NaN too
    return (lon, lat) if is_somewhere else None


def _by_code(rows: Iterable[Row], columns: Columns) -> Callable[[Row], str | None]:
    """ONPE's district by the register's code, which may be INEI's."""
    catalogue, to_onpe = load_catalogue(), load_crosswalk().onpe
    readings: dict[str, Callable[[str], str | None]] = {
        "inei": to_onpe,
        "onpe": lambda code: code if code in catalogue.districts else None,
    }

    def code_of(row: Row) -> str:
        code = row.get(columns.ubigeo or "", "")
        return code.zfill(_UBIGEO) if is_digits(code) else code

    chosen = readings[columns.codes or _whose(((code_of(row), _point(row, columns)) for row in rows), readings)]
    return lambda row: chosen(code_of(row))


def _whose(located: Iterable[tuple[str, Point | None]], readings: Mapping[str, Callable[[str], str | None]]) -> str:
    """Under which reading more schools lie near the capital of their district."""
    capitals = load_capitals()
    near: Counter[str] = Counter(dict.fromkeys(readings, 0))
    for code, point in located:
        for name, reading in readings.items():
            capital = capitals.get(reading(code) or "")
            if point and capital:
                near[name] += distance_km(point, (capital.lon, capital.lat)) <= _NEAR_KM
    (first, most), (_, less) = near.most_common()
    if most == less:
        raise InvalidInput('nobody can tell whose district codes the register has: say codes = "inei" or "onpe"')
    return first


def _by_name(columns: Columns) -> Callable[[Row], str | None]:
    """ONPE's district by its name and those above it that the register says; None where several have it."""
    catalogue: Catalogue = load_catalogue()
    found: dict[tuple[str, ...], str | None] = {}
    for ubigeo, district in catalogue.districts.items():
        names = (district.department, district.province, district.name)
        said = [
            slug(name)
            for name, column in zip(names, (columns.department, columns.province, columns.district), strict=True)
            if column
        ]
        found[tuple(said)] = None if tuple(said) in found else ubigeo
    return lambda row: found.get(tuple(slug(row.get(column, "")) for column in columns.names))
