"""Which page a path names, and the path of a key. Keys are those of the log, the API and the URLs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tally.keys import CHILD_LEVEL, NATION, Level, code_of, is_abroad, is_key, is_within, level_of, start_of

Kind = Literal["area", "place", "mesa"]

LEDGER, METHODS = "/corrections", "/methods"
# The live topic that every page follows beside its own.
CORRECTIONS = "corrections"
# The files of a count, and the catalogue of them all.
DATA, CATALOG = "/data", "/data/catalog.jsonld"
QUEUE, TIMELINE, NEWS = "/queue", "/timeline", "/news.atom"
# A cut in words.
BULLETIN = "/bulletin"
# Of an election with many contests: all of them in an area, and those on one ballot.
CONTESTS, BALLOT = "/contests", "/mi-cedula"
# What is found by a name or a number.
SEARCH = "/search"
# Served beside the pages, not by them.
CUSTOMISER = "/embed"
# The board for a newsroom's wall, of an election with one contest or with many.
WALL = "/tv"
# Chooses the moment, on every page.
MOMENT = "at"
LANGUAGE = "lang"
_IN_CONTEST = re.compile(rf"{CONTESTS}/([a-z0-9][a-z0-9_-]{{0,79}})(/.*)", re.ASCII)
_KINDS: Mapping[Level, Kind] = {Level.POLLING_PLACE: "place", Level.MESA: "mesa"}
# What chooses a page's lines, beside its path; the browser is told the same table.
CHOICES: Mapping[str, tuple[str, ...]] = {
    QUEUE: ("within", "reason", "state", "before"),
    TIMELINE: ("key", "before"),
    LEDGER: ("level", "kind", "before"),
    CONTESTS: ("within",),
    BALLOT: ("where", "q"),
    SEARCH: ("q",),
    DATA: ("moment",),
    WALL: ("contests", "theme"),
}


@dataclass(frozen=True)
class Route:
    """One page, by the key it shows. `whole`: the area that holds all of the contest."""

    key: str
    whole: str = NATION

    @property
    def is_whole(self) -> bool:
        """Whether it shows all of the contest; in its count the nation means that too."""
        return self.key in (NATION, self.whole)

    @property
    def level(self) -> Level:
        """The level of its key."""
        return level_of(self.key)

    @property
    def kind(self) -> Kind:
        """What kind of page."""
        return _KINDS.get(self.level, "area")

    @property
    def code(self) -> str:
        """What follows the level: "14", "domestic", "000001"; empty for the nation."""
        return code_of(self.key)

    @property
    def topic(self) -> str:
        """The live topic that carries this page's key and its rows. A scope's rows are the national board's."""
        return NATION if self.level is Level.SCOPE else self.key

    @property
    def child_level(self) -> Level | None:
        """The level of this page's rows: None on a place or mesa page."""
        return CHILD_LEVEL[self.level] if self.kind == "area" else None

    @property
    def painted_level(self) -> Level:
        """The level of the areas that its map paints: a district paints itself, below it are points."""
        child = self.child_level
        return Level.DISTRICT if child is None or child is Level.POLLING_PLACE else child

    @property
    def has_map(self) -> bool:
        """Whether its areas have polygons: none abroad has."""
        return self.child_level is not None and not is_abroad(self.key)

    def is_listed_first(self, geometry: Mapping[str, Any] | None) -> bool:
        """Whether its rows come before its map: where the borders of its districts are not real."""
        drawn = self.has_map and self.painted_level is Level.DISTRICT and geometry is not None
        return drawn and bool(geometry and geometry["schematic"].get(Level.DISTRICT))

    @property
    def has_picture(self) -> bool:
        """Whether there are areas below that the server can draw; a district has none."""
        return self.has_map and self.level is not Level.DISTRICT


def split_path(path: str) -> tuple[str | None, str]:
    """The contest that a path lies below, None where it lies below none, and the path there."""
    found = _IN_CONTEST.fullmatch(path)
    return (found[1], found[2]) if found else (None, path)


def root_of(contest: str | None) -> str:
    """What the paths of a contest's pages begin with."""
    return "" if contest is None else f"{CONTESTS}/{contest}"


def parse_path(path: str, whole: str = NATION) -> Route | None:
    """The route of a URL path within a contest, or None when no such page exists."""
    if path == "/":
        return Route(whole, whole)
    key = path.removeprefix("/").removeprefix("area/")
    return Route(key, whole) if is_key(key) and path_of(key) == path else None


def parameters_of(path: str) -> tuple[str, ...] | None:
    """What the public page of a path may be asked with; whatever else stands in a link is not looked at.

    None where a path is no such page.
    """
    contest, own = split_path(path)
    front = () if contest else (CONTESTS, BALLOT, WALL)
    if parse_path(own) is None and own not in (BULLETIN, DATA, LEDGER, METHODS, QUEUE, SEARCH, TIMELINE, *front):
        return None
    return (LANGUAGE, *CHOICES.get(own, ()), MOMENT)


def address_of(path: str, query: Mapping[str, str]) -> str:
    """A path with the part of its query that chooses what is listed; `browser/text/addresses.js` writes it too."""
    names = (*CHOICES.get(split_path(path)[1], ()), MOMENT)
    chosen = "&".join(f"{name}={query[name]}" for name in names if name in query)
    return f"{path}?{chosen}" if chosen else path


def path_of(key: str) -> str:
    """The URL path of a key: "department/14" → "/area/department/14"."""
    if key == NATION:
        return "/"
    return f"/{key}" if key.startswith(tuple(map(start_of, _KINDS))) else f"/area/{key}"


def is_row(route: Route, key: str) -> bool:
    """Whether a key of the topic's state is a row of this page's table of areas."""
    # A district's topic carries no other district's places.
    is_inside = route.level is Level.DISTRICT or is_within(key, route.key)
    return level_of(key) is route.child_level and is_inside
