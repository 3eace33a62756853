"""One table written into several files at once, as its rows come: CSV, Parquet, and what else takes rows."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from api.tables.results_csv import write_csv
from api.tables.results_files import AT_ONCE, open_parquet
from api.tables.sets.index import CSV, PACKED_CSV, PARQUET
from api.tables.sets.tables import Cells, SetTable

TakeRows = Callable[[list[Cells]], None]
# Of all changes the plain text is a hundred megabytes, and a tenth of that packed.
_PACKED = "changes"
_GZIP_LEVEL = 6


class WrittenTable(Struct):
    """A table while it is written, and afterwards: how many rows it has, and its file in each format."""

    table: SetTable
    files: dict[str, str]
    rows: int = 0


class TableSink:
    """Takes the rows of one table; `close` writes what is left of them."""

    def __init__(self, written: WrittenTable, outputs: list[TakeRows]) -> None:
        self._written, self._outputs = written, outputs
        self._waiting: list[Cells] = []

    def add(self, row: Cells) -> None:
        """The next row."""
        self._waiting.append(row)
        if len(self._waiting) == AT_ONCE:
            self._flush()

    def add_all(self, rows: Iterable[Cells]) -> None:
        """The next rows."""
        for row in rows:
            self.add(row)

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._flush()

    def _flush(self) -> None:
        rows, self._waiting = self._waiting, []
        self._written.rows += len(rows)
        for take in self._outputs:
            take(rows)


@contextmanager
def open_table(
    folder: Path, table: SetTable, about: Mapping[str, Any], *others: TakeRows
) -> Iterator[tuple[TableSink, WrittenTable]]:
    """What takes the table's rows and writes them into its files in a folder, and to `others`."""
    form = PACKED_CSV if table.name == _PACKED else CSV
    written = WrittenTable(table, {one: f"{table.name}.{one}" for one in (form, PARQUET)})
    with ExitStack() as files:
        outputs = [
            files.enter_context(_open_csv(folder / written.files[form], table, is_packed=form == PACKED_CSV)),
            files.enter_context(
                open_parquet(folder / written.files[PARQUET], table.columns, {**about, "table": table.name})
            ),
        ]
        sink = TableSink(written, [*outputs, *others])
        yield sink, written
        sink.close()


@contextmanager
def _open_csv(path: Path, table: SetTable, *, is_packed: bool) -> Iterator[TakeRows]:
    with path.open("wb") as raw, ExitStack() as packing:
        write: Callable[[bytes], int] = raw.write
        if is_packed:
            # The same rows are the same bytes: no time, no name.
            write = packing.enter_context(gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0)).write

        def take(rows: list[Cells]) -> None:
            write(write_csv(None, rows))

        write(write_csv(table.columns, ()))
        yield take
