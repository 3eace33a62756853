"""CSV files by column: read once, each column turned into numbers at once, a bad value named by its line and column."""

import csv
import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, TextIO

import numpy as np

from ingest.rehearsal.mesas import Integers
from tally.errors import InvalidInput
from tally.keys import is_digits

MISSING = np.iinfo(np.int64).min
"""Marks an empty cell between reading and checking; it never leaves the readers of this package."""


class Columns:
    """A CSV file, plain or gzipped, as lists of strings by column name."""

    def __init__(
        self, path: Path, required: tuple[str, ...], optional: tuple[str, ...], prefixes: tuple[str, ...] = ()
    ) -> None:
        """`prefixes`: columns whose names begin like this are read too."""
        self.path = path
        self._prefixes = prefixes
        try:
            with _open(path) as stream:
                self._load(csv.reader(stream), required, {*required, *optional})
        except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
            raise InvalidInput(f"{path.name} cannot be read: {error}") from error
        if not self.rows:
            raise InvalidInput(f"{path.name} has a header but no rows")

    def _load(self, reader: "_Reader", required: tuple[str, ...], wanted: set[str]) -> None:
        header = [name.strip() for name in next(reader, [])]
        self._check_header(header, required)
        wanted |= {name for name in header if name.startswith(self._prefixes)}
        self.ignored = [name for name in header if name not in wanted]
        used = [(name, position) for position, name in enumerate(header) if name in wanted]
        self._cells: dict[str, list[str]] = {name: [] for name, _ in used}
        self._lines: list[int] = []
        into = [(self._cells[name].append, position) for name, position in used]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                at = f"{self.path.name}, line {reader.line_num}"
                raise InvalidInput(f"{at}: {len(row)} fields where the header has {len(header)}")
            self._lines.append(reader.line_num)
            for append, position in into:
                # Most cells repeat (small numbers, names of places): one string for all of them.
                append(sys.intern(row[position]))
        self.rows = len(self._lines)

    def _check_header(self, header: list[str], required: tuple[str, ...]) -> None:
        missing = [name for name in required if name not in header]
        if missing:
            raise InvalidInput(f"{self.path.name} lacks the column {', '.join(missing)}")
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise InvalidInput(f"{self.path.name} names the column {', '.join(repeated)} twice")

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def beginning(self, prefix: str) -> list[str]:
        """Names of the columns that begin with a prefix, in the file's order."""
        return [name for name in self._cells if name.startswith(prefix)]

    def text(self, name: str) -> Sequence[str]:
        """The column as it stands; empty strings if the file does not have it."""
        return self._cells.get(name) or [""] * self.rows

    def integers(self, name: str) -> Integers:
        """The column as integers ("84.0" is 84), MISSING where empty.

        Raises: InvalidInput: a value that is not a whole number from 0 on.
        """
        cells = self._cells[name]
        try:
            numbers = np.array([cell or "nan" for cell in cells], dtype=np.float64)
        except ValueError:
            numbers = np.array([_number(cell) for cell in cells])
            self.reject(name, np.isinf(numbers), "is not a number")
        empty = np.isnan(numbers)
        self.reject(name, ~empty & (numbers != np.floor(numbers)), "is not a whole number")
        self.reject(name, ~empty & ((numbers < 0) | (numbers > 2**53)), "is not a count")
        return np.where(empty, MISSING, np.nan_to_num(numbers)).astype(np.int64)

    def required(self, name: str) -> Integers:
        """The column as integers, none of them missing."""
        numbers = self.integers(name)
        self.reject(name, numbers == MISSING, "is empty")
        return numbers

    def moments(self, name: str) -> Integers:
        """The column of ISO 8601 moments with zone as epoch milliseconds, MISSING where empty."""
        return self._convert(name, _epoch_ms, "is not a moment with a time zone, like 2026-06-08T02:12:03Z")

    def codes(self, name: str) -> Integers:
        """The column of codes of up to six digits as integers."""
        return self._convert(name, _code, "is not a code of six digits")

    def reject(self, name: str, bad: "np.ndarray", reason: str) -> None:
        """Raises: InvalidInput: naming line and column of the first row marked bad, if any."""
        if bad.any():
            row = int(np.argmax(bad))
            cell = self.text(name)[row]
            raise InvalidInput(f"{self.path.name}, line {self._lines[row]}, column {name}: {cell!r} {reason}")

    def _convert(self, name: str, convert: Callable[[str], int], reason: str) -> Integers:
        known: dict[str, int] = {}
        numbers = np.empty(self.rows, dtype=np.int64)
        for row, cell in enumerate(self._cells[name]):
            if cell not in known:
                try:
                    known[cell] = convert(cell)
                except ValueError as error:
                    raise InvalidInput(
                        f"{self.path.name}, line {self._lines[row]}, column {name}: {cell!r} {reason}"
                    ) from error
            numbers[row] = known[cell]
        return numbers


class _Reader(Protocol):
    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def _open(path: Path) -> TextIO:
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
    if is_gzip:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _number(cell: str) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return float("inf")


def _epoch_ms(cell: str) -> int:
    if not cell:
        return int(MISSING)
    moment = datetime.fromisoformat(cell)
    if moment.tzinfo is None:
        raise ValueError(cell)
    return round(moment.timestamp() * 1000)


def _code(cell: str) -> int:
    if not is_digits(cell) or len(cell) > 6:
        raise ValueError(cell)
    return int(cell)
