"""Rows of a table of results: one a key, at any level, of any version, as JSON and as CSV's raw material."""

import msgspec
from msgspec import UNSET, Struct

from api.http.components import AnyOf, Beside
from tally.changes import Entry
from tally.errors import InvalidInput
from tally.keys import (
    NATION,
    Level,
    code_of,
    is_area,
    is_within,
    level_of,
    parent,
    start_of,
    ubigeo_of,
)
from tally.model import Acta, AreaState, PlaceState
from tally.topics import DISTRICTS, PROVINCES
from tally.view import View

# The topic that holds every key of a level; places and mesas have none.
_TOPIC = {
    Level.NATION: NATION,
    Level.SCOPE: NATION,
    Level.DEPARTMENT: NATION,
    Level.PROVINCE: PROVINCES,
    Level.DISTRICT: DISTRICTS,
}


class NamedKey(Struct, frozen=True):
    """A key with the name of what it stands for, None where that is not known."""

    key: str
    name: str | None


class RowHead(Struct, frozen=True):
    """What a row says beside the key's own value."""

    key: str
    level: Level
    parent: str | None
    changed_at: str
    changed_seq: int


class AreaRow(RowHead, frozen=True):
    """An area."""

    ubigeo: str | None
    own: Beside[AreaState] = UNSET


class PlaceRow(RowHead, frozen=True):
    """A polling place."""

    own: Beside[PlaceState] = UNSET


class MesaRow(RowHead, frozen=True):
    """A mesa; its name is its number."""

    name: str
    own: Beside[Acta] = UNSET


class TableMoment(Struct, frozen=True):
    """The version that stood at a moment by our clock, and the stamp of the source's figures in it."""

    seq: int
    as_of: str
    source_at: str | None


class ResultTable(Struct, frozen=True):
    """The rows of one level, by key or as they were asked for; `votes` of each follow `lists`.

    as_of: our clock, when this version was published; source_at: the source's, of its own figures of the whole.
    since: where changes are counted from. Rows of chosen columns have these alone. matching: how many rows there are,
    of which `top` may have left some out.
    """

    election: str
    level: Level
    within: str | None
    epoch: str
    seq: int
    as_of: str
    source_at: str | None
    since: TableMoment | None
    is_test: bool
    lists: list[str]
    rows: list[AnyOf[tuple[AreaRow, PlaceRow, MesaRow, dict[str, int | float | str | None]]]]
    matching: int


class Row(Struct, frozen=True):
    """One key's value with its place in the tree."""

    key: str
    level: Level
    parent: str | None
    entry: Entry

    @property
    def head(self) -> RowHead:
        """What it says beside the value."""
        head = self.key, self.level, self.parent, self.entry.at, self.entry.seq
        if self.level is Level.MESA:
            return MesaRow(*head, code_of(self.key))
        return PlaceRow(*head) if self.level is Level.POLLING_PLACE else AreaRow(*head, ubigeo_of(self.key))

    @property
    def whole(self) -> bytes:
        """Its JSON."""
        return join(self.head, self.entry.change.data)


def row_of(view: View, level: Level, entry: Entry) -> Row:
    """The row of a value; its place in the tree is the one it has in that view."""
    key = entry.change.key
    return Row(key, level, parent_of(view, key), entry)


def select_keys(view: View, level: Level, within: str | None = None) -> list[str]:
    """Keys of a level's rows, sorted; with `within` only those in that area or polling place.

    Raises: InvalidInput: `within` is neither an area nor a polling place.
    """
    check_within(within)
    start, topics = start_of(level), topics_of_rows(view, level, within)
    found = view.entries if topics is None else view.keys(topics)
    own = (key for key in found if key.startswith(start))
    return sorted(
        own if within is None or topics != [_TOPIC.get(level)] else (key for key in own if is_within(key, within))
    )


def check_within(within: str | None) -> None:
    """Return if rows may be asked for of that area or polling place, or of all (None).

    Raises: InvalidInput.
    """
    if within is not None and not (is_area(within) or within.startswith(start_of(Level.POLLING_PLACE))):
        raise InvalidInput(f"within={within[:40]!r} is not the key of an area or a polling place")


def parent_of(view: View, key: str) -> str | None:
    """The key above: of a mesa its polling place if it names one, of a polling place its district."""
    if is_area(key):
        return parent(key)
    own = view.topics(key)
    return own[-2]


def parents_of(view: View, key: str) -> list[str]:
    """All keys above, the nation first."""
    chain: list[str] = []
    above = parent_of(view, key)
    while above is not None:
        chain.append(above)
        # A place may be named by its mesas before its own description was read.
        is_known = is_area(above) or above in view.entries
        above = parent_of(view, above) if is_known else view.topics(key)[0]
    return chain[::-1]


def join(head: Struct, data: bytes) -> bytes:
    """One JSON object of both; `data` is a JSON object with at least one member."""
    return msgspec.json.encode(head)[:-1] + b"," + data[1:]


def topics_of_rows(view: View, level: Level, within: str | None) -> list[str] | None:
    """The topics that rows are chosen from, None for all keys."""
    if level in _TOPIC:
        return [_TOPIC[level]]
    if within is None or within == NATION:
        return None
    if level_of(within) in (Level.DISTRICT, Level.POLLING_PLACE):
        return [within]
    return [key for key in view.keys([DISTRICTS]) if is_within(key, within)]
