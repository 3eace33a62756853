"""A roster's file as lines: its encoding and separator found out, its columns known by their heads. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence

from msgspec import Struct

from mission.people.roster.format import Field, load_format

UTF_8, WINDOWS, UTF_16 = "utf-8", "windows-1252", "utf-16"
_SEPARATORS = (",", ";", "\t")
# In a cell: what was there is to be nothing. An empty cell changes nothing.
NOTHING = ("-", "–", "—")
# One of these says who a line is about.
NAMING: frozenset[Field] = frozenset({"reference", "name", "phone"})


class Near(Struct, frozen=True):
    """A place that may be meant."""

    key: str
    name: str


class Fault(Struct, frozen=True):
    """What is wrong with a line, and in which column (its head; None: the whole line). `kind` has a sentence in texts.

    `value` is the cell; `other` another line; `most` a limit; `near` what may be meant.
    """

    line: int
    kind: str
    column: str | None = None
    value: str | None = None
    other: int | None = None
    most: int | None = None
    near: tuple[Near, ...] = ()


class RosterLine(Struct, frozen=True):
    """One person's line: its number in the file, and what is not empty in it, by field."""

    line: int
    cells: Mapping[Field, str]

    def named(self, field: Field) -> str | None:
        """What a cell says; None: nothing, also where it says that there is to be nothing."""
        cell = self.cells.get(field)
        return None if cell in NOTHING else cell


class Sheet(Struct, frozen=True):
    """What the file says. `heads` are those of the fields it has; `ignored` the heads of columns nobody reads.

    `faults`: why nothing of it can be read, or why a line cannot.
    """

    encoding: str
    separator: str
    heads: Mapping[Field, str] = {}
    ignored: tuple[str, ...] = ()
    lines: tuple[RosterLine, ...] = ()
    faults: tuple[Fault, ...] = ()

    def fault(self, line: RosterLine, field: Field | None, kind: str, **said: object) -> Fault:
        """A fault of a cell of that line."""
        column = None if field is None else self.heads.get(field)
        value = None if field in (None, "phone") else line.cells.get(field)  # no number is told to anybody
        return Fault(line.line, kind, column, value, **said)  # type: ignore[arg-type]  # said: the fields after


def read_sheet(data: bytes) -> Sheet:
    """What a roster's file says, whatever a spreadsheet made of its letters."""
    text, encoding = _decode(data)
    try:
        rows = {each: _rows(text, each) for each in _SEPARATORS}
    except csv.Error:
        return Sheet(encoding, ",", faults=(Fault(1, "unreadable"),))
    # The separator with which most columns are known.
    separator = max(rows, key=lambda each: len(_known(rows[each][0][1]) if rows[each] else ()))
    return _sheet(encoding, separator, rows[separator])


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), UTF_16
    try:
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), WINDOWS


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Rows that are not empty, each with the number of its first line."""
    found, begins = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        row = [cell.strip() for cell in cells]
        if any(row):
            found.append((begins, row))
        begins = reader.line_num + 1
    return found


def _known(heads: Sequence[str]) -> list[Field]:
    return [field for head in heads if (field := load_format().field_of(head)) is not None]


def _sheet(encoding: str, separator: str, rows: list[tuple[int, list[str]]]) -> Sheet:
    form = load_format()
    first, heads = rows[0] if rows else (1, [])
    fields = [form.field_of(head) for head in heads]
    known = _known(heads)
    ignored = tuple(head for head, field in zip(heads, fields, strict=True) if field is None and head)
    sheet = Sheet(encoding, separator, _heads(heads), ignored)
    if not NAMING & set(known):
        return _refused(sheet, Fault(first, "head"))
    if len(known) > len(set(known)):
        twice = next(head for head, field in zip(heads, fields, strict=True) if field and known.count(field) > 1)
        return _refused(sheet, Fault(first, "head_twice", twice))
    if len(rows) - 1 > form.limits.most_lines:
        return _refused(sheet, Fault(rows[form.limits.most_lines + 1][0], "lines", most=form.limits.most_lines))
    lines, faults = [], []
    for number, cells in rows[1:]:
        lines.append(RosterLine(number, {f: cell for f, cell in zip(fields, cells, strict=False) if f and cell}))
        if any(cells[len(heads) :]):
            faults.append(Fault(number, "ragged", most=len(heads)))
    return Sheet(encoding, separator, sheet.heads, ignored, tuple(lines), tuple(faults))


def _heads(heads: Sequence[str]) -> dict[Field, str]:
    return {field: head for head in heads if (field := load_format().field_of(head)) is not None}


def _refused(sheet: Sheet, fault: Fault) -> Sheet:
    return Sheet(sheet.encoding, sheet.separator, sheet.heads, sheet.ignored, (), (fault,))
