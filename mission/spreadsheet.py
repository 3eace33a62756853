"""A spreadsheet's file as lines: its encoding and separator found out, its columns known by their heads. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

UTF_8, WINDOWS, UTF_16 = "utf-8", "windows-1252", "utf-16"
_SEPARATORS = (",", ";", "\t")
# Blanks of other widths, and those at which no line is parted: copied from a page or a document nobody sees them.
_BLANK = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
# What some programs write above the head, for others that open the file.
_TOLD_SEPARATOR = re.compile(r"sep=[,;\t]\s*", re.IGNORECASE)
# In a cell: what was there is to be nothing. An empty cell changes nothing.
NOTHING = ("-", "–", "—")


class SheetFormat(Struct, frozen=True):
    """What a file may be: heads by field, in small letters without accents, and how many lines it has at most.

    `needed`: of each of these sets it has one column at least. `secret`: fields whose cells are told to nobody.
    """

    columns: Mapping[str, Collection[str]]
    most_lines: int
    needed: Sequence[frozenset[str]]
    secret: frozenset[str] = frozenset()

    def field_of(self, head: str) -> str | None:
        """What a column of that head holds; None: nothing that is read."""
        word = plain(head)
        return next((field for field, heads in self.columns.items() if word in heads), None)

    def has_needed(self, fields: Collection[str]) -> bool:
        """Whether those columns are enough to read it by."""
        return all(one & set(fields) for one in self.needed)


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


class SheetLine(Struct, frozen=True):
    """One line: its number in the file, and what is not empty in it, by field."""

    line: int
    cells: Mapping[str, str]

    def named(self, field: str) -> str | None:
        """What a cell says; None: nothing, also where it says that there is to be nothing."""
        cell = self.cells.get(field)
        return None if cell in NOTHING else cell


class Sheet(Struct, frozen=True):
    """What the file says. `heads` are those of the fields it has; `ignored` the heads of columns nobody reads.

    `faults`: why nothing of it can be read, or why a line cannot. `secret`: see the format.
    """

    encoding: str
    separator: str
    heads: Mapping[str, str] = {}
    ignored: tuple[str, ...] = ()
    lines: tuple[SheetLine, ...] = ()
    faults: tuple[Fault, ...] = ()
    secret: frozenset[str] = frozenset()

    def fault(self, line: SheetLine, field: str | None, kind: str, **said: object) -> Fault:
        """A fault of a cell of that line."""
        column = None if field is None else self.heads.get(field)
        value = None if field is None or field in self.secret else line.cells.get(field)
        return Fault(line.line, kind, column, value, **said)  # type: ignore[arg-type]  # said: the fields after


def plain(text: str) -> str:
    """Small letters without accents, single blanks between words."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(letters.replace("_", " ").split())


def read_sheet(data: bytes, form: SheetFormat) -> Sheet:
    """What a file says, whatever a spreadsheet made of its letters."""
    text, encoding = _decode(data)
    # The separator with which most columns are known.
    separator = max(_SEPARATORS, key=lambda each: len(_known(_head(text, each), form)))
    try:
        rows = [*_read_rows(text, separator)]
    except csv.Error:
        return Sheet(encoding, separator, faults=(Fault(1, "unreadable"),))
    return _sheet(Sheet(encoding, separator, secret=form.secret), rows, form)


def _head(text: str, separator: str) -> list[str]:
    """The first row that is not empty; nothing where there is none that can be read."""
    try:
        return next((cells for _, cells in _read_rows(text, separator)), [])
    except csv.Error:
        return []


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), UTF_16
    try:
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), WINDOWS


def _read_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the number of its first line. A blank that keeps words together is a blank."""
    begins = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        row = [_BLANK.sub(" ", cell).strip() for cell in cells]
        if any(row) and not (begins == 1 and _TOLD_SEPARATOR.fullmatch(separator.join(cells))):
            yield begins, row
        begins = reader.line_num + 1


def _known(heads: Sequence[str], form: SheetFormat) -> list[str]:
    return [field for head in heads if (field := form.field_of(head)) is not None]


def _sheet(sheet: Sheet, rows: list[tuple[int, list[str]]], form: SheetFormat) -> Sheet:
    first, heads = rows[0] if rows else (1, [])
    fields = [form.field_of(head) for head in heads]
    pairs = list(zip(heads, fields, strict=True))
    known = [field for field in fields if field is not None]
    ignored = tuple(head for head, field in pairs if field is None and head)
    sheet = replace(sheet, heads={field: head for head, field in pairs if field is not None}, ignored=ignored)
    if not form.has_needed(known):
        return replace(sheet, faults=(Fault(first, "head"),))
    if len(known) > len(set(known)):
        twice = next(head for head, field in pairs if field and known.count(field) > 1)
        return replace(sheet, faults=(Fault(first, "head_twice", twice),))
    if len(rows) - 1 > form.most_lines:
        return replace(sheet, faults=(Fault(rows[form.most_lines + 1][0], "lines", most=form.most_lines),))
    lines, faults = [], []
    for number, cells in rows[1:]:
        lines.append(SheetLine(number, {f: cell for f, cell in zip(fields, cells, strict=False) if f and cell}))
        if any(cells[len(heads) :]):
            faults.append(Fault(number, "ragged", most=len(heads)))
    return replace(sheet, lines=tuple(lines), faults=tuple(faults))
