"""Every word on screen, from `texts/<language>/*.toml`; Spanish is the default and English complete."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_LANGUAGE = "es"
_BROWSER_SECTIONS = (
    "moments",
    "status",
    "outlook",
    "announce",
    "map",
    "measures",
    "levels_shown",
    "badges",
    "sorting",
    "search",
    "abroad_level",
    "mesa_state",
    "pause",
    "issues",
    "news",
    "share",
    "member",
    "past",
    "replay",
    "count",
    "why",
    "actas",
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """One language's texts by "section.key". `at`: the moment whose count is shown, None for now; links keep it."""

    language: str
    texts: Mapping[str, Mapping[str, str]]
    at: str | None = None

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of a key, its {placeholders} filled in."""
        return self._text(name).format(**values)

    def parts(self, name: str, /, **values: Any) -> list[Any]:
        """The text of a key as a list of children, each {placeholder} replaced by the component given for it."""
        pieces = _PLACEHOLDER.split(self._text(name))
        return [values[piece] if index % 2 else piece for index, piece in enumerate(pieces) if piece]

    def of(self, texts: Mapping[str, str] | None) -> str:
        """This language's side of a {"es", "en"} text of the API."""
        return (texts or {}).get(self.language) or (texts or {}).get(DEFAULT_LANGUAGE, "")

    def href(self, path: str) -> str:
        """A link within the dashboard that keeps the language and the moment."""
        kept = path if self.at is None else with_query(path, f"at={self.at}")
        return kept if self.language == DEFAULT_LANGUAGE else in_language(kept, self.language)

    def for_browser(self) -> dict[str, Mapping[str, str]]:
        """The sections that the client-side modules of the count read."""
        return {section: self.texts[section] for section in _BROWSER_SECTIONS}

    def _text(self, name: str) -> str:
        section, _, key = name.partition(".")
        return self.texts[section][key]


def in_language(path: str, language: str) -> str:
    """The path of a page in a language, said in its query."""
    return with_query(path, f"lang={language}")


def with_query(path: str, part: str) -> str:
    """The path with one more part in its query."""
    return f"{path}{'&' if '?' in path else '?'}{part}"


def load_words(folder: Path) -> dict[str, Words]:
    """Every language of a folder, by its code: one subfolder each, whose TOML files share no section."""
    return {path.name: Words(path.name, _merge(path)) for path in sorted(folder.iterdir()) if path.is_dir()}


def _merge(folder: Path) -> dict[str, Mapping[str, str]]:
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        sections = tomllib.loads(path.read_text("utf-8"))
        assert not texts.keys() & sections.keys(), f"{path.name} repeats a section of another file"  # noqa: S101 - ours
        texts |= sections
    return texts
