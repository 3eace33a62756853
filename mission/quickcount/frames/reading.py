"""A mission's list of mesas, read from a CSV: every fault by line and column. Pure."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mission.quickcount.frames.listing import ListedMesa, Listing, make_listing
from mission.spreadsheet import Fault, Sheet, SheetFormat, SheetLine, read_sheet
from tally.keys import MESA_LENGTH, UBIGEO_LENGTH, Level, is_digits, is_district, is_key, is_prefix, mesa_key, place_key

Field = Literal["mesa", "ubigeo", "place", "place_name", "registered"]


class FrameLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    most_lines: int
    most_mb: int
    most_registered: int
    longest_name: int
    most_told: int
    most_examples: int

    @property
    def most_bytes(self) -> int:
        """Of the file."""
        return self.most_mb * 1024 * 1024


class FrameFormat(Struct, frozen=True, forbid_unknown_fields=True):
    """See the file."""

    columns: dict[Field, list[str]]
    needed: list[frozenset[str]]
    limits: FrameLimits


class ReadListing(Struct, frozen=True):
    """What a file says, and all that is wrong with it; `listing` has the lines without fault."""

    sheet: Sheet
    listing: Listing
    faults: tuple[Fault, ...]


@cache
def load_format() -> FrameFormat:
    """The format that ships with this version."""
    return msgspec.toml.decode(Path(__file__).with_name("frame.toml").read_bytes(), type=FrameFormat)


def read_listing(data: bytes) -> ReadListing:
    """The mesas of a file. A spreadsheet takes leading zeros away: they are put back."""
    form = load_format()
    columns = {str(field): heads for field, heads in form.columns.items()}
    sheet = read_sheet(data, SheetFormat(columns, form.limits.most_lines, form.needed))
    reader = _Reader(sheet)
    mesas = [mesa for line in sheet.lines if (mesa := reader.read(line)) is not None]
    faults = sorted((*sheet.faults, *reader.faults), key=lambda one: one.line)
    if not sheet.lines and not faults:  # nothing could be drawn of it, and it would stand as the newest
        faults = [Fault(1, "no_lines")]
    return ReadListing(sheet, make_listing(mesas, reader.names), tuple(faults))


class _Reader:
    """Reads line after line: a mesa stands on one of them, a place in one district, and has one name."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._limits = sheet, load_format().limits
        self._torn = {fault.line for fault in sheet.faults}
        self._mesas: dict[str, int] = {}
        self._places: dict[str, tuple[str, int]] = {}
        self._named: dict[str, tuple[str, int]] = {}
        self.faults: list[Fault] = []

    def read(self, line: SheetLine) -> ListedMesa | None:
        before = len(self.faults)
        mesa, ubigeo = self._mesa(line), self._ubigeo(line)
        place, registered = self._place(line, ubigeo), self._registered(line)
        self._name(line, place)
        is_right = len(self.faults) == before and line.line not in self._torn
        return ListedMesa(mesa, ubigeo, place, registered) if is_right and ubigeo else None

    @property
    def names(self) -> dict[str, str]:
        """Of places, by code."""
        return {place: name for place, (name, _) in self._named.items()}

    def _blame(self, line: SheetLine, field: Field, kind: str, **said: object) -> None:
        self.faults.append(self._sheet.fault(line, field, kind, **said))

    def _mesa(self, line: SheetLine) -> str:
        mesa = line.cells.get("mesa", "").zfill(MESA_LENGTH)
        if "mesa" not in line.cells or not is_key(mesa_key(mesa), Level.MESA):
            self._blame(line, "mesa", "mesa_wrong")
        elif (first := self._mesas.setdefault(mesa, line.line)) != line.line:
            self._blame(line, "mesa", "repeated", other=first)
        return mesa

    def _ubigeo(self, line: SheetLine) -> str | None:
        ubigeo = line.cells.get("ubigeo", "").zfill(UBIGEO_LENGTH)
        if not is_prefix(ubigeo) or len(ubigeo) != UBIGEO_LENGTH or not is_district(ubigeo):
            self._blame(line, "ubigeo", "ubigeo_wrong")
            return None
        return ubigeo

    def _place(self, line: SheetLine, ubigeo: str | None) -> str | None:
        place = line.cells.get("place")
        if place is None:
            return None
        if not is_key(place_key(place), Level.POLLING_PLACE):
            self._blame(line, "place", "place_wrong")
        elif ubigeo and (first := self._places.setdefault(place, (ubigeo, line.line)))[0] != ubigeo:
            self._blame(line, "place", "place_elsewhere", other=first[1])
        return place

    def _name(self, line: SheetLine, place: str | None) -> None:
        said = line.named("place_name")
        if said is None:
            return
        name, longest = " ".join(said.split()), self._limits.longest_name
        if place is None:
            self._blame(line, "place_name", "name_of_no_place")
        elif not name.isprintable():
            self._blame(line, "place_name", "letters")
        elif len(name) > longest:
            self._blame(line, "place_name", "long", most=longest)
        elif (first := self._named.setdefault(place, (name, line.line)))[0] != name:
            self._blame(line, "place_name", "name_differs", other=first[1])

    def _registered(self, line: SheetLine) -> int | None:
        text = line.cells.get("registered")
        if text is None:
            return None
        if is_digits(text) and len(text) < 10 and int(text) <= self._limits.most_registered:
            return int(text)
        self._blame(line, "registered", "registered_wrong", most=self._limits.most_registered)
        return None
