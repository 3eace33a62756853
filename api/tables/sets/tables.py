"""The tables of a set: columns, named as everywhere else, what names a row, and to which rows of others it refers."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec import Struct

from api.tables import ledger_csv, queue_csv, results_csv
from api.tables.rows import Row
from tally.election import ListEntry
from tally.model import BUCKETS

# Columns of results that only a mesa can fill, and those that it cannot: it is one acta.
_OF_ACTAS = ("registered", "state", "code", "observation")
_OF_MANY = tuple(f"published_{name}" for name in (*BUCKETS, "total"))
# Column of the ledger that stays out of files: what somebody of ours wrote, and under which name.
_WRITTEN = "note"
_LIST_TEXTS = ("id", "code", "name", "short", "candidate", "color", "is_withdrawn", "is_test")
_STATE = ("key", "name", "ubigeo", "state", "code", "observation", "published_source_at")

Cells = Sequence[Any]


class Reference(Struct, frozen=True):
    """That a column holds what names a row of another table, or nothing."""

    column: str
    table: str
    field: str


class SetTable(Struct, frozen=True):
    """A table. key: columns whose cells name a row, none where a row has no name."""

    name: str
    columns: Mapping[str, type]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


class ResultColumns:
    """Which of a result's cells the tables of areas, places, mesas and changes have."""

    def __init__(self, lists: Sequence[str]) -> None:
        self.every = results_csv.columns(lists)
        names = list(self.every)
        self.areas = [name for name in names if name not in _OF_ACTAS]
        self.places = [name for name in self.areas if name.partition("_")[0] not in ("published", "held")]
        self.mesas = [name for name in names if name not in _OF_MANY and name.partition("_")[0] != "computed"]
        self._place = {name: place for place, name in enumerate(names)}

    def kinds(self, names: Sequence[str]) -> dict[str, type]:
        """Those columns, each with what its cells are."""
        return {name: self.every[name] for name in names}

    def pick(self, names: Sequence[str]) -> "itemgetter[Any]":
        """What takes those columns' cells, at least two, out of a row of all of them."""
        return itemgetter(*(self._place[name] for name in names))

    @property
    def state(self) -> "itemgetter[Any]":
        """What takes the cells that say where an acta is."""
        return self.pick(_STATE)


def make_tables(lists: Sequence[str]) -> dict[str, SetTable]:
    """All tables of a contest with those lists, by name; who is referred to stands before who refers."""
    own = ResultColumns(lists)
    in_area, of_mesa = Reference("ubigeo", "areas", "ubigeo"), Reference("key", "mesas", "key")
    ledger = {name: kind for name, kind in ledger_csv.columns(lists).items() if name != _WRITTEN}
    states = {"changed_seq": int, "changed_at": str, **dict.fromkeys(_STATE, str), "is_test": str}
    tables = (
        SetTable("lists", {"position": int, **dict.fromkeys(_LIST_TEXTS, str)}, ("id",)),
        SetTable("areas", own.kinds(own.areas), ("key",), (Reference("parent", "areas", "key"),)),
        SetTable("places", own.kinds(own.places), ("key",), (in_area,)),
        SetTable("mesas", own.kinds(own.mesas), ("key",), (in_area,)),
        SetTable("acta_states", states, ("key", "changed_seq"), (of_mesa,)),
        SetTable("queue", queue_csv.columns(lists), (), (Reference("mesa", "mesas", "name"),)),
        SetTable("corrections", ledger, ("seq", "key", "side")),
        SetTable("changes", {**own.every, "kind": str, "src": str}, ("changed_seq", "key")),
    )
    return {table.name: table for table in tables}


def list_rows(lists: Sequence[ListEntry], *, is_test: bool) -> Iterator[Cells]:
    """The contest's lists, in the order of its votes."""
    for position, one in enumerate(lists):
        texts = (one.id, one.code, one.name, one.short, one.candidate, one.color)
        yield position, *texts, _told(one.is_withdrawn), _told(is_test)


def change_row(row: Row, width: int, *, is_test: bool) -> list[Any]:
    """A change of the log, for a contest of `width` lists."""
    change = row.entry.change
    return [*results_csv.cells(row, width, is_test=is_test), change.kind.value, change.src]


def _told(fact: bool) -> str:
    return "true" if fact else "false"
