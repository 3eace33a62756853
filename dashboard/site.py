"""Which page answers a path: the route's view laid out, or the page that says there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard import ledger
from dashboard.components import footer
from dashboard.components.headline import title_of
from dashboard.document import Page, browser_config
from dashboard.markup import html_of
from dashboard.pages import area, corrections, mesa, methods, missing, place
from dashboard.reading import Sheet, Source, View
from dashboard.routes import LEDGER, METHODS, NATION, Route, address_of, parse_path
from dashboard.words import DEFAULT_LANGUAGE, Words

_LAYOUTS: Mapping[str, Callable[[View], list[Any]]] = {"area": area.layout, "place": place.layout, "mesa": mesa.layout}


@dataclass(frozen=True)
class Answer:
    """A page with its HTTP status, its words and what its scripts must know."""

    page: Page
    status: int
    words: Words
    config: dict[str, Any]


@dataclass(frozen=True)
class Site:
    """Every page of the dashboard of one election."""

    source: Source
    languages: Mapping[str, Words]
    now: Callable[[], datetime]

    def answer(self, path: str, query: Mapping[str, str]) -> Answer:
        """The page of a path: 200, 404 for a path or key that names nothing, 503 while the API has no count."""
        words = self._words(query)
        try:
            meta = self.source.meta()
            page = self._page(path, query, words)
        except (LookupError, ConnectionError):
            return Answer(_message(words, "page.unavailable", path), 503, words, {})
        found = page or _message(words, "page.missing", path, footer.layout(meta, words, self.now()))
        config = browser_config(self.source, meta, words, self.now())
        return Answer(found, 200 if page else 404, words, config)

    def fragment(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """A page for a browser that already shows another one."""
        words = self._words(query)
        page = self._page(path, query, words) or _message(words, "page.missing", path)
        title = words("page.title", place=page.title)
        parts = {"html": html_of(page.body), "footer": html_of(list(page.footer))}
        return {**parts, "title": title, "attributes": page.attributes()}

    def _words(self, query: Mapping[str, str]) -> Words:
        return self.languages.get(query.get("lang", DEFAULT_LANGUAGE), self.languages[DEFAULT_LANGUAGE])

    def _page(self, path: str, query: Mapping[str, str], words: Words) -> Page | None:
        now = self.now()
        try:
            if path == LEDGER:
                choice = ledger.read_choice(query)
                return None if choice is None else self._ledger(choice, address_of(path, query), words, now)
            if path == METHODS:
                return self._methods(words, now)
            route = parse_path(path)
            if route is None:
                return None
            view = self.source.view(route, words, now)
        except LookupError:
            return None
        return Page(_LAYOUTS[route.kind](view), _title(view, route), path, route, footer.layout(view.meta, words, now))

    def _ledger(self, choice: ledger.Choice, address: str, words: Words, now: datetime) -> Page:
        sheet = self.source.sheet(choice.resource(self.source.base), words, now)
        return _about(sheet, corrections.layout(sheet, choice), "corrections.title", address)

    def _methods(self, words: Words, now: datetime) -> Page:
        sheet = self.source.sheet(f"{self.source.base}/reconciliation", words, now)
        return _about(sheet, methods.layout(sheet), "methods.title", METHODS)


def _about(sheet: Sheet, body: list[Any], name: str, address: str) -> Page:
    """A page about the count, which shows no area of its own."""
    title = f"{sheet.words(name)} · {sheet.words.of(sheet.meta['name'])}"
    return Page(body, title, address, footer=footer.layout(sheet.meta, sheet.words, sheet.now))


def _title(view: View, route: Route) -> str:
    title = title_of(view)
    return title if route.key == NATION else f"{title} · {view.words.of(view.meta['name'])}"


def _message(words: Words, name: str, path: str, footing: Sequence[Any] = ()) -> Page:
    """A page that only says something: nothing is here, or nothing is ready."""
    return Page(missing.layout(words, name, words.href("/")), words(name), path, footer=footing)
