"""What a page needs from the API: one view a page, read once, for the first paint.

`read(path)` gives the decoded JSON of a GET; it raises LookupError where the API answers 404, Refused where it
answers 422.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dashboard.colours import Presentation
from dashboard.routes import Route, address_of, is_row, root_of
from dashboard.words import Words, with_query
from tally.keys import NATION, Level, area_key, level_of

Read = Callable[[str], Any]
Data = Mapping[str, Any]


class Refused(ConnectionError):
    """The API does not take what was asked, however often."""


def whole_of(meta: Data) -> str:
    """Key of the area that holds all of a contest."""
    scope = meta["contest"].get("scope")
    return area_key(scope) if scope else NATION


def has_many(meta: Data) -> bool:
    """Whether the election has a page for all of its contests, before each one's own."""
    return len(meta.get("contests", ())) > 1


def named(words: Words, meta: Data) -> Words:
    """The words of a contest's pages: all of it is called by its name, if it is not the country's."""
    is_front = words.contest is None and has_many(meta)
    return words if is_front or whole_of(meta) == NATION else replace(words, whole=words.of(meta["contest"]["name"]))


def compared_list(meta: Data) -> dict[str, Any] | None:
    """The list whose change a map shows: its place, its name, and the year of the election before; None without one."""
    before = meta.get("previous")
    if not before or not before["lists"]:
        return None
    first = before["lists"][0]
    return {"list": first["now"], "name": first["short"], "year": before["date"][:4]}


@dataclass(frozen=True)
class PageView:
    """Everything one page shows, in one language at one moment. `rows` are the areas, places or mesas below.

    neighbours: of a polling place, the others of its district. answer: when the source's own answer about the subject
    was last read, and last said something new; None of the past. previous: it beside the election before, if that is
    here. quick_count: what of the mission's own is public, of the whole.
    """

    route: Route
    words: Words
    now: datetime
    presentation: Presentation
    meta: Data
    data: Data
    name: str
    parents: tuple[tuple[str, str], ...] = ()
    changed_at: str | None = None
    answer: Data | None = None
    rows: Mapping[str, Data] = field(default_factory=dict)
    mesas: Mapping[str, Data] = field(default_factory=dict)
    scopes: Mapping[str, Data] = field(default_factory=dict)
    history: tuple[Data, ...] = ()
    last_step: Data | None = None
    outline: Data | None = None
    geometry: Data | None = None
    neighbours: Mapping[str, Data] = field(default_factory=dict)
    previous: Data | None = None
    quick_count: Data | None = None

    @property
    def lists(self) -> list[Data]:
        """The contest's lists, in the order of the votes."""
        return list(self.meta["contest"]["lists"])

    @property
    def shorts(self) -> list[str]:
        """The lists' short names, in the order of the votes."""
        return [entry["short"] for entry in self.lists]

    def href(self, path: str) -> str:
        """A link within the dashboard that keeps the language."""
        return self.words.href(path)


@dataclass(frozen=True)
class Sheet:
    """What a page about the count shows, rather than the count itself: one answer of the API, `body`."""

    words: Words
    now: datetime
    base: str
    meta: Data
    body: Data


@dataclass(frozen=True)
class Source:
    """The API of one election, of one of its contests where `contest` names it."""

    read: Read
    election_id: str
    presentation: Presentation
    at: str | None = None
    contest: str | None = None

    def at_moment(self, at: str | None) -> "Source":
        """The same election as it stood at a moment; None is now."""
        return self if at is None else replace(self, at=at)

    def of_contest(self, contest: str) -> "Source":
        """One contest of the same election."""
        return replace(self, contest=contest)

    def get(self, resource: str) -> Any:
        """One answer of the election's API ("/state?topic=nation"), at the source's moment.

        Raises: LookupError: there is no such thing, or there was none then. ConnectionError.
        """
        return self.read(self._path(resource))

    def _path(self, resource: str) -> str:
        path = f"{self.base}{resource}"
        return path if self.at is None else with_query(path, f"at={quote(self.at)}")

    @property
    def base(self) -> str:
        """The path every resource of the count begins with."""
        return f"/api/v1/elections/{quote(self.election_id)}{root_of(self.contest)}"

    def meta(self) -> Data:
        """Names, lists, feed and outlook of the election."""
        found: Data = self.get("")
        return found

    def sheet(self, resource: str, words: Words, now: datetime) -> Sheet:
        """One answer of the API about the count, and what every page knows."""
        return Sheet(words, now, self.base, self.meta(), self.get(resource))

    def view(self, route: Route, words: Words, now: datetime) -> PageView:
        """One page's view.

        Raises: LookupError: the API does not know this area, place or mesa.
        """
        meta = self.meta()
        subject = self._subject(route)
        state = {} if route.kind == "mesa" else self.get(f"/state?topic={quote(route.topic)}")
        known: Mapping[str, Data] = state.get("state", {})
        return PageView(
            route=route,
            words=words,
            now=now,
            presentation=self.presentation,
            meta=meta,
            data=subject,
            name=subject.get("name") or route.code,
            parents=tuple((parent["key"], parent["name"]) for parent in subject.get("parents", ())),
            changed_at=subject.get("changed_at"),
            answer=subject.get("answer"),
            rows={key: data for key, data in sorted(known.items()) if is_row(route, key)},
            mesas={key: data for key, data in sorted(known.items()) if level_of(key) is Level.MESA},
            scopes={key: data for key, data in known.items() if route.key == NATION and level_of(key) is Level.SCOPE},
            history=tuple(subject.get("history", ())),
            last_step=self.last_step(route),
            outline=self._outline(route, subject),
            geometry=self.geometry() if route.has_map else None,
            neighbours=self._neighbours(route, subject),
            previous=None if route.kind == "mesa" else self.previous(route.key, meta),
            quick_count=self.optional(self._path("/quick-count")) if route.is_whole else None,
        )

    def _outline(self, route: Route, subject: Data) -> Data | None:
        """The picture of the areas below; of a polling place that of its province, where there is one."""
        key = _above(subject, Level.PROVINCE) if route.kind == "place" else route.key if route.has_picture else None
        return None if key is None else self.optional(f"/api/v1/geometry/outlines/{key}")

    def _neighbours(self, route: Route, subject: Data) -> Mapping[str, Data]:
        """The other polling places of a polling place's district, by name."""
        district = _above(subject, Level.DISTRICT) if route.kind == "place" else None
        found = None if district is None else self.optional(self._path(f"/state?topic={district}"))
        places = [
            (key, data)
            for key, data in (found or {}).get("state", {}).items()
            if level_of(key) is Level.POLLING_PLACE and key != route.key
        ]
        return dict(sorted(places, key=lambda item: item[1].get("name", "")))

    def program(self) -> Data:
        """Version and commit of the program that answers."""
        found: Data = self.read("/api/v1")
        return found

    def geometry(self) -> Data | None:
        """Where the map's files are, and how exact they are; None where there are none."""
        return self.optional("/api/v1/geometry")

    def optional(self, path: str) -> Data | None:
        """An answer that a page can do without; None where there is none."""
        try:
            found: Data = self.read(path)
        except (LookupError, ConnectionError):
            return None
        return found

    def _subject(self, route: Route) -> Data:
        """The page's own area, place or mesa. One without a count yet, or at that moment, is empty, not an error."""
        resource = f"/areas/{route.key}" if route.kind == "area" else f"/{route.kind}s/{quote(route.code)}"
        try:
            found: Data = self.get(resource)
        except LookupError:
            if self.at is not None:
                # What is known of a key before its first value: what it is called and where it lies.
                present = self.read(f"{self.base}{resource}")
                return {name: present[name] for name in ("key", "name", "parents") if name in present}
            if not route.is_whole:
                raise
            return {}
        return found

    def previous(self, key: str, meta: Data) -> Data | None:
        """An area or place beside the election before; None where there is none before, or nothing of it then."""
        return self.optional(self._path(f"/previous?key={quote(key)}")) if meta.get("previous") else None

    def last_step(self, route: Route) -> Data | None:
        """The last change of an area, split into where it came from."""
        if route.kind != "area":
            return None
        found = self.optional(self._path(f"/why?key={route.key}&limit=1"))
        return found["steps"][0] if found and found["steps"] else None


def _above(subject: Data, level: Level) -> str | None:
    """The area of that level in which a place or mesa lies."""
    return next((one["key"] for one in subject.get("parents", ()) if level_of(one["key"]) is level), None)


@dataclass(frozen=True)
class Visit:
    """Somebody asks for a page that is no area, place or mesa: where, with which query, in which language, and when.

    home: under which address we are known outside, "" where that is not known.
    """

    source: Source
    path: str
    query: Mapping[str, str]
    words: Words
    now: datetime
    home: str = ""

    @property
    def address(self) -> str:
        """The whole path with the part of the query that chooses what the page lists."""
        return f"{self.words.root}{address_of(self.path, self.query)}"

    def sheet(self, resource: str) -> Sheet:
        """One answer of the API below the election's own path ("/corrections?…")."""
        return self.source.sheet(resource, self.words, self.now)
