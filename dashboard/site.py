"""Which page answers a path: the route's view laid out, or the page that says there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.components.headline import title_of
from dashboard.document import Page, browser_config
from dashboard.markup import html_of
from dashboard.pages import area, mesa, missing, place
from dashboard.reading import Source, View
from dashboard.routes import NATION, Route, parse_path
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

    def answer(self, path: str, language: str | None) -> Answer:
        """The page of a path: 200, 404 for a path or key that names nothing, 503 while the API has no count."""
        words = self.languages.get(language or DEFAULT_LANGUAGE, self.languages[DEFAULT_LANGUAGE])
        try:
            meta = self.source.meta()
        except (LookupError, ConnectionError):
            return Answer(_message(words, "page.unavailable", path), 503, words, {})
        page = self._page(path, words)
        found = page or _message(words, "page.missing", path)
        config = browser_config(self.source, meta, words, self.now())
        return Answer(found, 200 if page else 404, words, config)

    def fragment(self, path: str, language: str | None) -> dict[str, Any]:
        """A page for a browser that already shows another one."""
        words = self.languages.get(language or DEFAULT_LANGUAGE, self.languages[DEFAULT_LANGUAGE])
        page = self._page(path, words) or _message(words, "page.missing", path)
        title = words("page.title", place=page.title)
        return {"html": html_of(page.body), "title": title, "attributes": page.attributes()}

    def _page(self, path: str, words: Words) -> Page | None:
        route = parse_path(path)
        if route is None:
            return None
        try:
            view = self.source.view(route, words, self.now())
        except LookupError:
            return None
        return Page(_LAYOUTS[route.kind](view), _title(view, route), path, route)


def _title(view: View, route: Route) -> str:
    title = title_of(view)
    return title if route.key == NATION else f"{title} · {view.words.of(view.meta['name'])}"


def _message(words: Words, name: str, path: str) -> Page:
    """A page that only says something: nothing is here, or nothing is ready."""
    home = "/" if words.language == DEFAULT_LANGUAGE else f"/?lang={words.language}"
    return Page(missing.layout(words, name, home), words(name), path)
