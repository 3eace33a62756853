"""The log of a count folded up to a version, and what each change and the state at the end give as rows of tables."""

from collections.abc import Iterator, Mapping

import msgspec

from api.tables import ledger_csv, queue_csv, results_csv
from api.tables.queue_lines import line_of
from api.tables.rows import Row, row_of, select_keys
from api.tables.sets.outputs import TableSink
from api.tables.sets.tables import Cells, ResultColumns, change_row, list_rows
from tally.changes import NOTED, ChangeSet, Entry
from tally.election import Contest
from tally.keys import AREA_LEVELS, Level, code_of, level_of
from tally.ledger import LedgerEntry
from tally.queue import Queue
from tally.storage.store import CountInfo
from tally.view import View


class _Named(msgspec.Struct):
    """Of a value only the name is asked for."""

    name: str | None = None


class Fold:
    """Takes the log, change set by change set; then `finish`. Rows go to the sinks as soon as they are known."""

    def __init__(self, info: CountInfo, contest: Contest, sinks: Mapping[str, TableSink]) -> None:
        self._contest, self._sinks, self._is_test = contest, sinks, info.is_test
        self._lists = [entry.id for entry in contest.lists]
        self._columns = ResultColumns(self._lists)
        self._state_of = self._columns.state
        self._view, self._queue = View(info), Queue()
        # Where each acta was last: its state and what the source says of it.
        self._states = dict[str, Cells]()

    def take(self, changes: ChangeSet) -> None:
        """The next version."""
        before = {change.key: self._view.entries.get(change.key) for change in changes.changes if change.kind in NOTED}
        self._view.apply(changes)
        for change in changes.changes:
            entry, level = Entry(changes.seq, changes.at, change), level_of(change.key)
            cells = change_row(row_of(self._view, level, entry), len(self._lists), is_test=self._is_test)
            self._sinks["changes"].add(cells)
            if level is Level.MESA:
                self._note_state(entry, self._state_of(cells))
                self._queue.take((entry,))
            if change.key in before:
                self._sinks["corrections"].add_all(self._correction(entry, before[change.key]))

    def finish(self) -> None:
        """The state that the log has led to."""
        own, sinks = self._columns, self._sinks
        sinks["lists"].add_all(list_rows(self._contest.lists, is_test=self._is_test))
        for name, columns, levels in (
            ("areas", own.areas, AREA_LEVELS),
            ("places", own.places, (Level.POLLING_PLACE,)),
            ("mesas", own.mesas, (Level.MESA,)),
        ):
            pick = own.pick(columns)
            for row in self._rows(*levels):
                sinks[name].add(pick(results_csv.cells(row, len(self._lists), is_test=self._is_test)))
        names = {key: told for key in self._view.entries if (told := self._name(key)) is not None}
        for stay in sorted(self._queue.stays(self._view.seq), key=lambda stay: (stay.key, stay.moved.seq)):
            sinks["queue"].add(queue_csv.cells(line_of(stay, names), self._lists, is_test=self._is_test))

    def _rows(self, *levels: Level) -> Iterator[Row]:
        for level in levels:
            for key in select_keys(self._view, level):
                yield row_of(self._view, level, self._view.entries[key])

    def _note_state(self, entry: Entry, cells: Cells) -> None:
        state = cells[3:6]
        if self._states.get(entry.change.key) != state:
            self._states[entry.change.key] = state
            self._sinks["acta_states"].add((entry.seq, entry.at, *cells, "true" if self._is_test else "false"))

    def _correction(self, entry: Entry, before: Entry | None) -> Iterator[Cells]:
        change, was = entry.change, None if before is None else before.change
        line = LedgerEntry(
            entry.seq,
            entry.at,
            change.kind,
            change.key,
            None if was is None else was.data,
            change.data,
            None if was is None else was.src,
            change.src,
            None,
        )
        for cells in ledger_csv.cells(line, len(self._lists), self._name(change.key), is_test=self._is_test):
            yield cells[:-1]  # what somebody wrote about it is the last

    def _name(self, key: str) -> str | None:
        """Name of an area or place, number of a mesa."""
        if level_of(key) is Level.MESA:
            return code_of(key)
        return msgspec.json.decode(self._view.entries[key].change.data, type=_Named).name
