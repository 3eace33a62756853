"""Tables of results as files that other programs open as they are: columns of Parquet, a workbook."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from api.tables.kinds import CellKind, kind_of
from tally.errors import InvalidInput

# Rows that are in memory at a time, and become one group of rows in the file.
AT_ONCE = 20_000
_TYPES: Mapping[CellKind, pa.DataType] = {
    "integer": pa.int64(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
    "string": pa.string(),
}
# What a workbook can hold, by its format.
_MOST_ROWS, _MOST_TEXT = 1_048_575, 32_767
# A file of the same table is the same bytes, whenever it is made.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_parquet(
    path: Path, columns: Mapping[str, type], rows: Iterable[Sequence[Any]], about: Mapping[str, Any]
) -> None:
    """Write it; `about` stands in the file's own metadata as "escrutinio", in JSON."""
    with open_parquet(path, columns, about) as write:
        for piece in _pieces(rows):
            write(piece)


@contextmanager
def open_parquet(
    path: Path, columns: Mapping[str, type], about: Mapping[str, Any]
) -> Iterator[Callable[[Sequence[Sequence[Any]]], None]]:
    """What writes the next rows, at least one, as a group of their own."""
    fields = [pa.field(name, _TYPES[kind_of(name, cells)]) for name, cells in columns.items()]
    given = [_TYPES["integer" if cells is int else "string"] for cells in columns.values()]
    schema = pa.schema(fields, {"escrutinio": json.dumps(about, ensure_ascii=False)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(rows: Sequence[Sequence[Any]]) -> None:
            told = zip(zip(*rows, strict=True), given, fields, strict=True)
            arrays = [pa.array(own, kind).cast(field.type) for own, kind, field in told]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield write


def write_workbook(
    path: Path, columns: Mapping[str, type], rows: Iterable[Sequence[Any]], about: Mapping[str, Any]
) -> None:
    """Write it: a sheet with the rows, its head in sight and filtered, and one with `about`. No text is a formula.

    Raises: InvalidInput: a workbook cannot hold so many rows.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        book.set_properties({"created": _MADE})
        sheet, bold = book.add_worksheet("results"), book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, columns, bold)
        number = 0
        for number, row in enumerate(rows, 1):
            if number > _MOST_ROWS:
                raise InvalidInput(f"a workbook holds {_MOST_ROWS} rows, and there are more: use csv or parquet")
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell[:_MOST_TEXT])
                elif cell is not None:
                    sheet.write_number(number, place, cell)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        told = book.add_worksheet("about")
        told.set_column(0, 1, 30)
        for line, (name, value) in enumerate(about.items()):
            told.write_string(line, 0, name, bold)
            told.write_string(line, 1, str(value))


def write_file(write: Callable[..., object], path: Path, *about: Any) -> None:
    """Call `write(path, *about)` so that the file is there whole or not at all.

    Raises: InvalidInput: the disk refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        write(part, *about)
        part.replace(path)
    except (OSError, FileCreateError) as error:
        raise InvalidInput(f"{path} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _pieces(rows: Iterable[Sequence[Any]]) -> Iterable[list[Sequence[Any]]]:
    piece: list[Sequence[Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece
