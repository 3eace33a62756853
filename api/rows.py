"""Rows of a table of results: one a key, at any level, of any version, as JSON and as CSV's raw material."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

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
from tally.view import View

# The topic that holds every key of a level; places and mesas have none.
_TOPIC = {
    Level.NATION: NATION,
    Level.SCOPE: NATION,
    Level.DEPARTMENT: NATION,
    Level.PROVINCE: "provinces",
    Level.DISTRICT: "districts",
}


class Row(Struct, frozen=True):
    """One key's value with its place in the tree."""

    key: str
    level: Level
    parent: str | None
    entry: Entry

    @property
    def head(self) -> dict[str, Any]:
        """What a row says beside the key's own data."""
        return {
            "key": self.key,
            "level": self.level,
            "parent": self.parent,
            "changed_at": self.entry.at,
            "changed_seq": self.entry.seq,
            **_missing_names(self.key, self.level),
        }


def select_rows(view: View, level: Level, within: str | None = None) -> list[Row]:
    """Rows of a level, sorted by key; with `within` only those in that area or polling place.

    Raises: InvalidInput: `within` is neither.
    """
    if within is not None and not (is_area(within) or within.startswith(start_of(Level.POLLING_PLACE))):
        raise InvalidInput(f"within={within[:40]!r} is not the key of an area or a polling place")
    keys = sorted(key for key in _candidates(view, level, within) if level_of(key) is level)
    return [
        Row(key, level, parent_of(view, key), view.entries[key])
        for key in keys
        if within is None or _lies_within(view, key, within)
    ]


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


def join(head: dict[str, Any], data: bytes) -> bytes:
    """One JSON object of both; `data` is a JSON object with at least one member."""
    return msgspec.json.encode(head)[:-1] + b"," + data[1:]


def join_list(parts: Iterable[bytes]) -> bytes:
    """JSON array of those values."""
    return b"[" + b",".join(parts) + b"]"


def write_rows(envelope: dict[str, Any], rows: Iterable[Row]) -> bytes:
    """The JSON answer: the envelope with the rows as its last member."""
    body = join_list(join(row.head, row.entry.change.data) for row in rows)
    return msgspec.json.encode(envelope)[:-1] + b',"rows":' + body + b"}"


def _candidates(view: View, level: Level, within: str | None) -> Iterable[str]:
    if level in _TOPIC:
        return view.keys([_TOPIC[level]])
    if within is not None and level_of(within) in (Level.DISTRICT, Level.POLLING_PLACE):
        return view.keys([within])
    return [key for key in view.entries if key.startswith(start_of(level))]


def _lies_within(view: View, key: str, within: str) -> bool:
    if level_of(within) is Level.POLLING_PLACE:
        return within in view.topics(key)
    return is_within(key if is_area(key) else view.topics(key)[0], within)


def _missing_names(key: str, level: Level) -> dict[str, Any]:
    """Members every row has and this level's data does not bring by itself."""
    if level is Level.MESA:
        return {"name": code_of(key)}
    return {} if level is Level.POLLING_PLACE else {"ubigeo": ubigeo_of(key)}
