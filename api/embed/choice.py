"""What somebody chose to embed. What else stands in a query, as in links that are shared, chooses nothing."""

import re
from collections.abc import Callable, Container, Mapping
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct

from api.http.errors import UnknownChoice
from dashboard.embed.scene import CARD, MAP, THEMES, VIEWS
from dashboard.embed.sharing import OVERVIEW
from tally import moments
from tally.keys import CHILD_LEVEL, NATION, UBIGEO_LEVELS, is_area, is_key, level_of
from texts.language import DEFAULT_LANGUAGE, LANGUAGES

# Nothing that was sent is said back: the sentence is the same whatever it was.
REFUSAL = (
    f"each of area, lang ({', '.join(LANGUAGES)}), theme (light, dark, auto), incidents (0, 1) and at "
    "(a past moment like 2026-06-13T19:05:18Z) may be given once, and contest where an election has many; the area "
    "must be one of this count"
)
PARAMETERS = ("area", "lang", "theme", "incidents", "at", "contest")
_LONGEST, _MOST_NAMES = 2048, 32
_CONTEST = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[ +-]\d\d:\d\d)?", re.ASCII)


class EmbedChoice(Struct, frozen=True):
    """One embed. `at` is a moment as the log writes it, None for now; `contest` is None for the election's first."""

    view: str
    area: str = NATION
    language: str = DEFAULT_LANGUAGE
    theme: str = THEMES[0]
    has_incidents: bool = False
    at: str | None = None
    contest: str | None = None

    @property
    def query(self) -> str:
        """The shortest query that makes this choice."""
        given = {
            "area": "" if self.area == NATION else self.area,
            "lang": "" if self.language == DEFAULT_LANGUAGE else self.language,
            "theme": "" if self.theme == THEMES[0] else self.theme,
            "incidents": "1" if self.has_incidents else "",
            "at": self.at or "",
            "contest": self.contest or "",
        }
        return urlencode({name: value for name, value in given.items() if value}, safe="/:")

    @property
    def address(self) -> str:
        """Path and query of the page."""
        return f"/embed/v1/{self.view}{'?' if self.query else ''}{self.query}"


def read_choice(view: str, query: bytes, allowed: Container[str] = PARAMETERS) -> EmbedChoice:
    """The choice that a query makes.

    Raises: UnknownChoice: it chooses what there is not, or the same twice.
    """
    if view not in (*VIEWS, OVERVIEW):
        raise UnknownChoice(REFUSAL)
    given = _pairs(query, allowed)
    found = EmbedChoice(view)
    for name, value in given.items():
        found = msgspec.structs.replace(found, **_READERS[name](value))
    if found.view != CARD and not is_area(found.area):
        raise UnknownChoice(REFUSAL)
    return found


def read_moment(text: str) -> str:
    """A moment as the log writes it.

    Raises: UnknownChoice: not a moment.
    """
    if not _MOMENT.fullmatch(text):
        raise UnknownChoice(REFUSAL)
    try:
        return moments.normal(text.replace(" ", "+"))
    except (ValueError, OverflowError) as error:
        raise UnknownChoice(REFUSAL) from error


def widest_view(key: str) -> str:
    """The view that shows most of an area, place or mesa: a map where there are areas below to draw, else a card."""
    return MAP if CHILD_LEVEL.get(level_of(key)) in UBIGEO_LEVELS else CARD


def _pairs(query: bytes, allowed: Container[str]) -> dict[str, str]:
    if not query:
        return {}
    try:
        if len(query) > _LONGEST:
            raise ValueError
        every = parse_qsl(query.decode("ascii"), True, False, errors="strict", max_num_fields=_MOST_NAMES)
    except (ValueError, UnicodeError) as error:
        raise UnknownChoice(REFUSAL) from error
    pairs = [(name, value) for name, value in every if name in allowed]
    given = dict(pairs)
    if len(given) != len(pairs):
        raise UnknownChoice(REFUSAL)
    return given


def _area(text: str) -> dict[str, object]:
    if not is_key(text):
        raise UnknownChoice(REFUSAL)
    return {"area": text}


def _contest(text: str) -> dict[str, object]:
    if not _CONTEST.fullmatch(text):
        raise UnknownChoice(REFUSAL)
    return {"contest": text}


def _one_of(field: str, allowed: Mapping[str, object]) -> Callable[[str], dict[str, object]]:
    def read(text: str) -> dict[str, object]:
        if text not in allowed:
            raise UnknownChoice(REFUSAL)
        return {field: allowed[text]}

    return read


_READERS: Mapping[str, Callable[[str], dict[str, object]]] = {
    "view": _one_of("view", {name: name for name in VIEWS}),
    "area": _area,
    "lang": _one_of("language", {name: name for name in LANGUAGES}),
    "theme": _one_of("theme", {name: name for name in THEMES}),
    "incidents": _one_of("has_incidents", {"0": False, "1": True}),
    "at": lambda text: {"at": read_moment(text)},
    "contest": _contest,
}
