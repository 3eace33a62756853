"""The words of the pages: a language's texts, the moment that links keep, and what the browser is given of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.routes import root_of
from texts.language import DEFAULT_LANGUAGE, Language, Text, load_languages, sections_in, sections_of

# Files of the texts whose sections the client-side modules of the count read.
_BROWSER_FILES = ("browser", "map", "rules")

# The spaces inside a number, as `browser/text/dom.js` has them.
_INSIDE_A_NUMBER = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9])|%)")

_EMBED_SECTIONS = ("embed_live", "embed", "map", "lists", "standing")


@dataclass(frozen=True)
class Words(Language):
    """One language's texts. `at`: the moment whose count is shown, None for now; links keep it.

    copied_at: when a page was copied that stands in for the live one; None on the live page.
    contest: whose pages these are, where an election has many. whole: what all of it is called, "" for the country.
    """

    at: str | None = None
    copied_at: str | None = None
    contest: str | None = None
    whole: str = ""

    @property
    def root(self) -> str:
        """What the paths of the contest's pages begin with."""
        return root_of(self.contest)

    def href(self, path: str) -> str:
        """A link to a page of the same contest that keeps the language and the moment."""
        return self.front(f"{self.root}{path}")

    def front(self, path: str) -> str:
        """The same to a page of any contest or of none, by its whole path."""
        kept = path if self.at is None else with_query(path, f"at={self.at}")
        return self.own(kept)

    def own(self, path: str) -> str:
        """The path in this language, whatever moment is shown."""
        return path if self.code == DEFAULT_LANGUAGE else in_language(path, self.code)

    def spans(self, name: str, /, **values: Any) -> list[Any]:
        """The text of a key as children whose numbers never break across lines."""
        return self.parts(name, unbroken, **values)

    def notice(self, notice: Mapping[str, Any] | None) -> str:
        """What is to be said beside a map that is not exact; "" if nothing."""
        return self(f"map_notice.{notice['id']}", **notice["figures"]) if notice else ""

    def for_browser(self) -> dict[str, Mapping[str, Text]]:
        """The sections that the client-side modules of the count read."""
        return sections_of(self, sections_in(*_BROWSER_FILES))

    @cached_property
    def for_embed(self) -> dict[str, Mapping[str, Text]]:
        """The sections that the script of an embed reads: every page of theirs carries them."""
        return sections_of(self, _EMBED_SECTIONS)


def unparted(text: str) -> str:
    """A sentence none of whose numbers is parted at the end of a line."""
    return _INSIDE_A_NUMBER.sub("\u00a0", text)


def unbroken(number: str) -> Component:
    """A number that never breaks across lines."""
    return html.Span(number, className="n")


def in_language(path: str, code: str) -> str:
    """The path of a page in a language, said in its query."""
    return with_query(path, f"lang={code}")


def with_query(path: str, part: str) -> str:
    """The path with one more part in its query."""
    return f"{path}{'&' if '?' in path else '?'}{part}"


def load_words() -> dict[str, Words]:
    """Every language by its code, the default first."""
    return {code: Words(code, one.name, one.texts) for code, one in load_languages().items()}
