"""Which page answers a path: the route's view laid out, or the page that says there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.colours import CHANGE
from dashboard.components import footer, frozen, legend, moment, outlook, why
from dashboard.components.headline import title_of
from dashboard.components.legend import Shown
from dashboard.datasets.metadata import board_of
from dashboard.document import Page, browser_config
from dashboard.embed.summary import summary
from dashboard.fragments import previous
from dashboard.markup import html_of
from dashboard.mission_pages import PAGES
from dashboard.moments import normal, parse
from dashboard.news.room import Newsroom, read_news
from dashboard.pages import (
    area,
    ballot,
    bulletin,
    corrections,
    data,
    mesa,
    methods,
    missing,
    mission,
    overview,
    place,
    queue,
    search,
    timeline,
)
from dashboard.reading import (
    Data,
    PageView,
    Refused,
    Sheet,
    Source,
    Visit,
    compared_list,
    has_many,
    named,
    whole_of,
)
from dashboard.routes import (
    BALLOT,
    BULLETIN,
    CONTESTS,
    DATA,
    LEDGER,
    METHODS,
    MOMENT,
    NEWS,
    QUEUE,
    SEARCH,
    TIMELINE,
    Route,
    parse_path,
    path_of,
    root_of,
    split_path,
)
from dashboard.words import Words
from texts.language import DEFAULT_LANGUAGE

# Pages about the count, which show no area of their own. Each is None where the query names nothing.
_Sheets = Mapping[str, Callable[[Visit], Page | None]]
_SHEETS: _Sheets = {
    QUEUE: queue.page,
    TIMELINE: timeline.page,
    BULLETIN: bulletin.page,
    LEDGER: corrections.page,
    METHODS: methods.page,
    SEARCH: search.page,
    DATA: data.page,
}
_MISSION: _Sheets = dict.fromkeys(PAGES, mission.page)
# Of an election with many contests: what is about all of them.
_FRONT: _Sheets = {
    "/": overview.page,
    CONTESTS: overview.page,
    BALLOT: ballot.page,
    BULLETIN: bulletin.front,
    METHODS: methods.page,
    SEARCH: search.page,
    DATA: data.page,
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
    """Every page of the dashboard of one election. `home`: under which address whoever asks found us; "" unknown."""

    source: Source
    languages: Mapping[str, Words]
    now: Callable[[], datetime]
    home: Callable[[], str] = str

    def answer(self, path: str, query: Mapping[str, str]) -> PageAnswer:
        """The page of a path: 200, 400 at no moment that has been, 404 if it names nothing, 503 without a count."""
        visit = self._visit(path, query)
        source, words = visit.source, visit.words
        if _is_refused(visit):
            return PageAnswer(_no_moment(words, path), 400, words, {})
        try:
            meta = source.meta()
            page = self._page(visit, meta)
        except LookupError:
            return self._nothing(path, words, is_contest=source.contest is not None)
        except ConnectionError:
            return self._nothing(path, words)
        found = page or message(words, "page.missing", path, footer.layout(meta, words, has_figures=False))
        is_settled = words.at is not None and words.at < replace(source, at=None).meta()["as_of"]
        return PageAnswer(found, 200 if page else 404, words, browser_config(source, meta, found, words), is_settled)

    def fragment(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """A page for a browser that already shows another one."""
        visit = self._visit(path, query)
        words = visit.words
        found = _no_moment(words, path) if _is_refused(visit) else self._page(visit, visit.source.meta())
        page = found or message(words, "page.missing", path)
        title = words("page.title", place=page.title)
        parts = {"html": html_of(page.body), "footer": html_of(list(page.footer))}
        about = {"title": title, "attributes": page.attributes(), "entry": page.needs.entry, "first": page.needs.first}
        return {**parts, **about, "base": page.base or visit.source.base}

    def sentences(
        self, key: str, language: str, at: str | None, version: tuple[str, int], contest: str | None = None
    ) -> str:
        """What follows from an area's numbers in sentences, as the page itself says it.

        Raises: LookupError: there is no such area or moment. ConnectionError: the count has not reached that version.
        """
        query = {"lang": language} if at is None else {"lang": language, MOMENT: at}
        visit = self._visit(f"{root_of(contest)}{path_of(key)}", query)
        words, source = visit.words, visit.source
        route = parse_path(path_of(key))
        if route is None or route.kind != "area" or (at is not None and words.at is None):
            raise LookupError(key)
        meta, step = source.meta(), source.last_step(route)
        if words.at is None and (meta["epoch"] != version[0] or meta["seq"] < version[1]):
            raise ConnectionError(f"version {version} is not here yet")
        pieces = [why.last(step, named(words, meta), meta, visit.now)] if step else []
        before = source.previous(key, meta)
        pieces += [piece] if before and (piece := previous.said(before, words)) is not None else []
        is_whole = Route(key, whole_of(meta)).is_whole
        return html_of([*pieces, outlook.sentence(meta, words)] if is_whole else pieces)

    def news(self, language: str, contest: str | None = None) -> Newsroom:
        """What is told of a count, or of each of an election's where it has many and none is named.

        Raises: LookupError: there is no such contest. ConnectionError.
        """
        return read_news(contest, lambda one: self._visit(f"{root_of(one)}{NEWS}", {"lang": language}))

    def legend(self, language: str, shown: Shown, contest: str | None = None) -> str:
        """The legend of a map that shows that.

        Raises: LookupError: no map can.
        """
        visit = self._visit(f"{root_of(contest)}/", {"lang": language})
        words, meta = visit.words, visit.source.meta()
        lists, compared = meta["contest"]["lists"], compared_list(meta)
        if any(index not in range(len(lists)) for index in shown.leaders) or (shown.measure == CHANGE and not compared):
            raise LookupError(shown)
        geometry = self.source.geometry()
        return html_of(legend.layout(shown, words, lists, self.source.presentation, geometry, compared))

    def _visit(self, path: str, query: Mapping[str, str]) -> Visit:
        """Who asks for what: the path within its contest, and the moment, which the page tells as it was told then."""
        contest, own = split_path(path)
        found = self.languages.get(query.get("lang", ""), self.languages[DEFAULT_LANGUAGE])
        at = normal(query[MOMENT]) if MOMENT in query else found.at
        words = replace(found, at=at, contest=contest)
        source = replace(self.source, contest=contest).at_moment(words.at)
        # "14:05" is that day's, whenever it is read.
        return Visit(source, own, query, words, parse(words.at) or self.now(), self.home())

    def _nothing(self, path: str, words: Words, *, is_contest: bool = False) -> PageAnswer:
        """The page of a contest that the election does not have, or of a count that is not ready."""
        held = self._held(words)
        if is_contest and not held:
            return PageAnswer(message(replace(words, contest=None), "page.missing", path), 404, words, {})
        name = "page.other_count" if held else "page.unavailable"
        return PageAnswer(message(words, name, path, held=held), 503, words, {})

    def _held(self, words: Words) -> str:
        """What the database counts instead of our election; empty if it has ours, or nothing yet."""
        try:
            held = self.source.read("/api/v1/elections")
        except (LookupError, ConnectionError):
            return ""
        is_ours = any(one["id"] == self.source.election_id for one in held)
        return "" if is_ours else ", ".join(words.of(one["name"]) for one in held)

    def _page(self, visit: Visit, meta: Data) -> Page | None:
        visit = replace(visit, words=named(visit.words, meta))
        words = visit.words
        try:
            page = _lay_out(visit, meta)
        except LookupError:
            return None
        if page is not None and words.copied_at is not None:
            return replace(page, body=[frozen.banner(meta["timezone"], words), *page.body])
        if page is None or words.at is None:
            return page
        return replace(page, body=[moment.banner(meta, words, page.path), *page.body], at=words.at)


def _is_refused(visit: Visit) -> bool:
    """Whether it asks for no moment that has been: the API knows which those are."""
    if MOMENT not in visit.query or visit.words.at is None:
        return MOMENT in visit.query
    try:
        visit.source.meta()
    except Refused:
        return True
    except (LookupError, ConnectionError):
        pass  # the page itself says so
    return False


def _lay_out(visit: Visit, meta: Data) -> Page | None:
    sheets = _FRONT if visit.source.contest is None and has_many(meta) else _SHEETS
    if visit.path in sheets:
        return sheets[visit.path](visit)
    if visit.source.contest is None and visit.path in _MISSION:
        return _MISSION[visit.path](visit)
    route = parse_path(visit.path, whole_of(meta))
    if route is None or sheets is _FRONT:
        return None
    view = visit.source.view(route, visit.words, visit.now)
    body, footing = _LAYOUTS[route.kind](view), footer.layout(view.meta, visit.words)
    title = _title(view, route)
    about = summary(title, view.data, view.meta, view.words)
    # Of the past, and in a copy, the address of the data would be that of now.
    is_live = route.is_whole and visit.words.at is None and visit.words.copied_at is None
    sheet = Sheet(visit.words, visit.now, visit.source.base, view.meta, view.data)
    told = board_of(sheet, visit.home) if is_live else None
    return Page(body, title, visit.address, route, footing, about=about, geometry=view.geometry, dataset=told)


def _title(view: PageView, route: Route) -> str:
    title = title_of(view)
    return title if route.is_whole else f"{title} · {view.words.of(view.meta['name'])}"


def _no_moment(words: Words, path: str) -> Page:
    return message(replace(words, at=None), "page.no_moment", path)


def message(words: Words, name: str, path: str, footing: Sequence[Any] = (), **values: str) -> Page:
    """A page that only says something: nothing is here, or nothing is ready."""
    return Page(missing.layout(words, name, words.href("/"), **values), words(name), path, footer=footing)
