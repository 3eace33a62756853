"""Which page a path names, and the path of a key. Keys are those of the log, the API and the URLs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["area", "place", "mesa"]

NATION = "nation"
LEDGER, METHODS = "/corrections", "/methods"
QUEUE, TIMELINE = "/queue", "/timeline"
# Served beside the pages, not by them.
CUSTOMISER = "/embed"
# Chooses the moment, on every page.
MOMENT = "at"
CODE_LENGTH = {"department": 2, "province": 4, "district": 6}
_PATHS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("area", re.compile(r"/area/(scope/(?:domestic|abroad)|department/\d{2}|province/\d{4}|district/\d{6})")),
    ("place", re.compile(r"/(place/[A-Za-z0-9-]{1,32})")),
    ("mesa", re.compile(r"/(mesa/\d{6})")),
)
# What chooses a page's lines, beside its path; the browser is told the same table.
CHOICES: Mapping[str, tuple[str, ...]] = {
    QUEUE: ("within", "reason", "state", "before"),
    TIMELINE: ("key", "before"),
    LEDGER: ("level", "kind", "before"),
}
_CHILDREN = {"nation": "department", "department": "province", "province": "district", "district": "place"}


@dataclass(frozen=True)
class Route:
    """One page: what kind of page, and the key it shows."""

    kind: Kind
    key: str

    @property
    def level(self) -> str:
        """The first word of the key: nation, scope, department, …, place, mesa."""
        return self.key.partition("/")[0]

    @property
    def code(self) -> str:
        """What follows the level: "14", "domestic", "000001"; empty for the nation."""
        return self.key.partition("/")[2]

    @property
    def topic(self) -> str:
        """The live topic that carries this page's key and its rows. A scope's rows are the national board's."""
        return NATION if self.level == "scope" else self.key

    @property
    def child_level(self) -> str | None:
        """The level of this page's rows: None on a place or mesa page."""
        return "department" if self.level == "scope" else _CHILDREN.get(self.level)

    @property
    def has_map(self) -> bool:
        """Whether its areas have polygons: none abroad has."""
        return self.child_level is not None and self.code != "abroad" and not is_abroad(self.key)

    @property
    def has_picture(self) -> bool:
        """Whether there are areas below that the server can draw; a district has none."""
        return self.has_map and self.level != "district"


def parse_path(path: str) -> Route | None:
    """The route of a URL path, or None when no such page exists."""
    if path == "/":
        return Route("area", NATION)
    for kind, pattern in _PATHS:
        if found := pattern.fullmatch(path):
            return Route(kind, found.group(1))
    return None


def address_of(path: str, query: Mapping[str, str]) -> str:
    """A path with the part of its query that chooses what is listed; `browser/text/addresses.js` writes it too."""
    chosen = "&".join(f"{name}={query[name]}" for name in (*CHOICES.get(path, ()), MOMENT) if name in query)
    return f"{path}?{chosen}" if chosen else path


def path_of(key: str) -> str:
    """The URL path of a key: "department/14" → "/area/department/14"."""
    if key == NATION:
        return "/"
    return f"/{key}" if key.startswith(("place/", "mesa/")) else f"/area/{key}"


def is_abroad(key: str) -> bool:
    """Whether a department, province or district lies abroad: ONPE numbers the continents from 91."""
    level, _, code = key.partition("/")
    return level in CODE_LENGTH and code[:2] > "90"


def is_row(route: Route, key: str) -> bool:
    """Whether a key of the topic's state is a row of this page's table of areas."""
    if not key.startswith(f"{route.child_level}/"):
        return False
    if route.level == "scope":
        return is_abroad(key) == (route.code == "abroad")
    return route.child_level in {"department", "place"} or key.partition("/")[2].startswith(route.code)
