"""Which page answers a path: the route's view laid out, or the page that says there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.components import footer, frozen, legend, moment, outlook, why
from dashboard.components.headline import title_of
from dashboard.components.legend import Shown
from dashboard.document import Page, browser_config
from dashboard.markup import html_of
from dashboard.mission_pages import PAGES
from dashboard.moments import normal, parse
from dashboard.pages import area, corrections, mesa, methods, missing, mission, place, queue, timeline
from dashboard.reading import PageView, Refused, Source, Visit
from dashboard.routes import LEDGER, METHODS, MOMENT, QUEUE, TIMELINE, Route, address_of, parse_path, path_of
from dashboard.words import Words
from tally.keys import NATION
from texts.language import DEFAULT_LANGUAGE

# Pages about the count, which show no area of their own. Each is None where the query names nothing.
_SHEETS: Mapping[str, Callable[[Visit], Page | None]] = {
    QUEUE: queue.page,
    TIMELINE: timeline.page,
    LEDGER: corrections.page,
    METHODS: methods.page,
    **dict.fromkeys(PAGES, mission.page),
}
_LAYOUTS: Mapping[str, Callable[[PageView], list[Any]]] = {
    "area": area.layout,
    "place": place.layout,
    "mesa": mesa.layout,
}


@dataclass(frozen=True)
class PageAnswer:
    """A page with its HTTP status, its words and what its scripts must know.

    is_settled: it shows a moment older than the newest version, and can never say anything else.
    """

    page: Page
    status: int
    words: Words
    config: dict[str, Any]
    is_settled: bool = False


@dataclass(frozen=True)
class Site:
    """Every page of the dashboard of one election."""

    source: Source
    languages: Mapping[str, Words]
    now: Callable[[], datetime]

    def answer(self, path: str, query: Mapping[str, str]) -> PageAnswer:
        """The page of a path: 200, 400 at no moment that has been, 404 if it names nothing, 503 without a count."""
        words = self._words(query)
        if self._is_refused(query, words):
            return PageAnswer(_no_moment(words, path), 400, words, {})
        source = self.source.at_moment(words.at)
        try:
            meta = source.meta()
            page = self._page(source, path, query, words)
        except (LookupError, ConnectionError):
            held = self._held(words)
            name = "page.other_count" if held else "page.unavailable"
            return PageAnswer(message(words, name, path, held=held), 503, words, {})
        found = page or message(words, "page.missing", path, footer.layout(meta, words, self.now()))
        is_settled = words.at is not None and words.at < self.source.meta()["as_of"]
        return PageAnswer(found, 200 if page else 404, words, browser_config(source, meta, found, words), is_settled)

    def fragment(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """A page for a browser that already shows another one."""
        words = self._words(query)
        source = self.source.at_moment(words.at)
        is_refused = self._is_refused(query, words)
        found = _no_moment(words, path) if is_refused else self._page(source, path, query, words)
        page = found or message(words, "page.missing", path)
        title = words("page.title", place=page.title)
        parts = {"html": html_of(page.body), "footer": html_of(list(page.footer))}
        return {**parts, "title": title, "attributes": page.attributes(), "entry": page.needs.entry}

    def sentences(self, key: str, language: str, at: str | None, version: tuple[str, int]) -> str:
        """What follows from an area's numbers in sentences, as the page itself says it.

        Raises: LookupError: there is no such area or moment. ConnectionError: the count has not reached that version.
        """
        words = self._words({"lang": language} if at is None else {"lang": language, MOMENT: at})
        route = parse_path(path_of(key))
        if route is None or route.kind != "area" or (at is not None and words.at is None):
            raise LookupError(key)
        source = self.source.at_moment(words.at)
        meta, step = source.meta(), source.last_step(route)
        if words.at is None and (meta["epoch"] != version[0] or meta["seq"] < version[1]):
            raise ConnectionError(f"version {version} is not here yet")
        now = parse(words.at) or self.now()
        pieces = [why.last(step, words, meta, now)] if step else []
        return html_of([*pieces, outlook.sentence(meta, words)] if key == NATION else pieces)

    def legend(self, language: str, shown: Shown) -> str:
        """The legend of a map that shows that.

        Raises: LookupError: no map can.
        """
        words, lists = self._words({"lang": language}), self.source.meta()["contest"]["lists"]
        if any(index not in range(len(lists)) for index in shown.leaders):
            raise LookupError(shown)
        return html_of(legend.layout(shown, words, lists, self.source.presentation, self.source.geometry()))

    def _held(self, words: Words) -> str:
        """What the database counts instead of our election; empty if it has ours, or nothing yet."""
        try:
            held = self.source.read("/api/v1/elections")
        except (LookupError, ConnectionError):
            return ""
        is_ours = any(one["id"] == self.source.election_id for one in held)
        return "" if is_ours else ", ".join(words.of(one["name"]) for one in held)

    def _words(self, query: Mapping[str, str]) -> Words:
        found = self.languages.get(query.get("lang", ""), self.languages[DEFAULT_LANGUAGE])
        return replace(found, at=normal(query[MOMENT])) if MOMENT in query else found

    def _is_refused(self, query: Mapping[str, str], words: Words) -> bool:
        """Whether it asks for no moment that has been: the API knows which those are."""
        if MOMENT not in query or words.at is None:
            return MOMENT in query
        try:
            self.source.at_moment(words.at).meta()
        except Refused:
            return True
        except (LookupError, ConnectionError):
            pass  # the page itself says so
        return False

    def _page(self, source: Source, path: str, query: Mapping[str, str], words: Words) -> Page | None:
        # The past is told as it was told then: "14:05" is that day's, whenever it is read.
        now = parse(words.at) or self.now()
        try:
            page = _lay_out(source, path, query, words, now)
        except LookupError:
            return None
        if page is not None and words.copied_at is not None:
            return replace(page, body=[frozen.banner(source.meta()["timezone"], words), *page.body])
        if page is None or words.at is None:
            return page
        return replace(page, body=[moment.banner(source.meta(), words, page.path), *page.body], at=words.at)


def _lay_out(source: Source, path: str, query: Mapping[str, str], words: Words, now: datetime) -> Page | None:
    if path in _SHEETS:
        return _SHEETS[path](Visit(source, path, query, words, now))
    route = parse_path(path)
    if route is None:
        return None
    view = source.view(route, words, now)
    body, footing = _LAYOUTS[route.kind](view), footer.layout(view.meta, words, now)
    return Page(body, _title(view, route), address_of(path, query), route, footing, geometry=view.geometry)


def _title(view: PageView, route: Route) -> str:
    title = title_of(view)
    return title if route.key == NATION else f"{title} · {view.words.of(view.meta['name'])}"


def _no_moment(words: Words, path: str) -> Page:
    return message(replace(words, at=None), "page.no_moment", path)


def message(words: Words, name: str, path: str, footing: Sequence[Any] = (), **values: str) -> Page:
    """A page that only says something: nothing is here, or nothing is ready."""
    return Page(missing.layout(words, name, words.href("/"), **values), words(name), path, footer=footing)
