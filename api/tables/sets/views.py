"""Views of the database: the same rows as people read them, in each language, with names instead of codes."""

import sqlite3
from collections.abc import Mapping, Sequence

from tally.election import ListEntry
from tally.keys import PREFIX_LENGTH
from tally.model import FIGURES
from texts.language import Language, load_languages

# What the source publishes of an area; our own sum where it has published nothing: never some of both.
_AREA = 'CASE WHEN a.published_total IS NULL THEN a."computed_{0}" ELSE a."published_{0}" END'
_SHARE = "round(100.0 * {0} / nullif({1}, 0), 3)"
_LEVELS = {level.value: length for level, length in PREFIX_LENGTH.items()}


def write_views(connection: sqlite3.Connection, lists: Sequence[ListEntry]) -> None:
    """Make the views of every language; names that two of them share are made once."""
    for words in load_languages().values():
        for name, view in _views(words, lists).items():
            connection.execute(f"CREATE VIEW IF NOT EXISTS {quote(words(f'file_views.{name}'))} AS {view}")


def _views(words: Language, lists: Sequence[ListEntry]) -> Mapping[str, str]:
    return {
        "results": _results(words, lists),
        "mesas": _mesas(words, lists),
        "votes": _votes(words, lists),
        "queue": _queue(words),
    }


def _results(words: Language, lists: Sequence[ListEntry]) -> str:
    counted, total = _AREA.format("counted"), _AREA.format("total")
    columns = {
        "key": "a.key",
        "level": "a.level",
        "name": "a.name",
        "parent": "above.name",
        "actas": total,
        **{name: _AREA.format(name) for name in FIGURES if name != "total"},
        "counted_pct": _SHARE.format(counted, total),
    }
    votes = {entry: _AREA.format(entry.id) for entry in lists}
    return f"{_select(words, columns, votes)} FROM areas a LEFT JOIN areas above ON above.key = a.parent"


def _mesas(words: Language, lists: Sequence[ListEntry]) -> str:
    columns = {
        "mesa": "m.name",
        **{level: f"{level}.name" for level in _LEVELS},
        "place": "place.name",
        "state": "m.state",
        "registered": "m.registered",
        "turnout_pct": _SHARE.format("m.published_cast", "m.registered"),
        **{name: f"m.published_{name}" for name in FIGURES[4:]},
    }
    votes = {entry: f'm."published_{entry.id}"' for entry in lists}
    above = " ".join(
        f"LEFT JOIN areas {level} ON {level}.key = '{level}/' || substr(m.ubigeo, 1, {length})"
        for level, length in _LEVELS.items()
    )
    return f"{_select(words, columns, votes)} FROM mesas m {above} LEFT JOIN places place ON place.key = m.parent"


def _votes(words: Language, lists: Sequence[ListEntry]) -> str:
    valid, parts = _AREA.format("valid"), list[str]()
    for entry in lists:
        own = _AREA.format(entry.id)
        columns = {
            "key": "a.key",
            "level": "a.level",
            "name": "a.name",
            "list": "l.name",
            "candidate": "l.candidate",
            "list_votes": own,
            "valid_pct": _SHARE.format(own, valid),
        }
        parts.append(f"{_select(words, columns)} FROM areas a JOIN lists l ON l.id = {_text(entry.id)}")
    return " UNION ALL ".join(parts)


def _queue(words: Language) -> str:
    names = ("mesa", "department", "province", "district", "place", "reasons", "observation", "registered", "cast")
    columns = {**{name: f"q.{name}" for name in names}, "since": "coalesce(q.since_source_at, q.since_at)"}
    return f"{_select(words, columns)} FROM queue q WHERE q.state = 'open'"


def _select(words: Language, columns: Mapping[str, str], votes: Mapping[ListEntry, str] | None = None) -> str:
    """Columns by the name of their word, and those of lists by their short name, or by their id where that is taken."""
    named = {words(f"file_views.{name}"): value for name, value in columns.items()}
    for entry, value in (votes or {}).items():
        is_taken = entry.short.lower() in {name.lower() for name in named}
        named[entry.id if is_taken else entry.short] = value
    return "SELECT " + ", ".join(f"{value} AS {quote(name)}" for name, value in named.items())


def quote(name: str) -> str:
    """A name as SQL takes any."""
    return f'"{name.replace(chr(34), chr(34) * 2)}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
