"""What a column of a set holds: its type in a table schema, its unit, and what it is in words."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from api.tables.kinds import kind_of
from tally.election import ListEntry
from tally.model import BUCKETS, FIGURES
from texts.language import DEFAULT_LANGUAGE, LANGUAGES, Language, load_languages

# What a figure's column begins with; the longer first.
_SIDES = ("published", "computed", "before", "after", "resolved_votes", "resolved", "votes", "since")
_ACTAS, _VOTERS = (*BUCKETS, "total"), ("registered", "registered_counted")
# Who reads a package without asking for a language.
_PLAIN = "en"


class _Figure(Struct, frozen=True):
    """A column taken apart: whose side, and which figure or list; `side` None of one that has none."""

    side: str | None
    name: str
    list: ListEntry | None


class Fields:
    """The columns of a contest's tables in all languages."""

    def __init__(self, lists: tuple[ListEntry, ...]) -> None:
        self._lists = {entry.id: entry for entry in lists}
        self.languages = load_languages()

    def field(self, name: str, kind: type) -> dict[str, Any]:
        """A field of a table schema (Frictionless)."""
        unit = self._unit(name)
        measured = {} if unit is None else {"unit": unit, "units": self.words(f"file_units.{unit}")}
        described = {code: self._describe(name, words) for code, words in self.languages.items()}
        return {"name": name, "type": kind_of(name, kind), **plainly("description", described), **measured}

    def words(self, name: str, **values: Any) -> dict[str, str]:
        """A text in every language."""
        return {code: words(name, **values) for code, words in self.languages.items()}

    def _describe(self, name: str, words: Language) -> str:
        if words.says(f"file_columns.{name}"):
            return words(f"file_columns.{name}")
        figure = self._figure(name)
        named = figure.list
        what = words(f"file_figures.{figure.name}") if named is None else words("file_figures.list", list=named.name)
        return what if figure.side is None else words(f"file_sides.{figure.side}", what=what)

    def _figure(self, name: str) -> _Figure:
        side = next((one for one in _SIDES if name.startswith(f"{one}_")), None)
        rest = name if side is None else name.removeprefix(f"{side}_")
        return _Figure(side, rest, self._lists.get(rest))

    def _unit(self, name: str) -> str | None:
        figure = self._figure(name)
        if figure.list is not None or figure.name in FIGURES[len(_ACTAS) :]:
            return "votes"
        if figure.name in _ACTAS:
            return "actas"
        return "voters" if figure.name in _VOTERS else None


def plainly(name: str, told: Mapping[str, str]) -> dict[str, Any]:
    """A text as a package has it: in English where every program looks, and beside that in every language."""
    plain = _PLAIN if _PLAIN in LANGUAGES else DEFAULT_LANGUAGE
    return {name: told[plain], f"{name}s": dict(told)}
