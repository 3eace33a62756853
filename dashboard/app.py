"""The dashboard as one Dash application: pages rendered here, live numbers painted in the browser.

Dash carries the navigation (location → route → page); the page itself is HTML before any script runs, and live data
goes from the API's socket straight to `browser/`. `dash.register_page` is not used: its registry is global to the
process, and two dashboards in one process would answer with each other's pages.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import ClientsideFunction, Input, Output, dcc, html
from flask import Response, g, request

from dashboard import ids
from dashboard.built import add_built_routes
from dashboard.colours import load_presentation
from dashboard.document import document_of, icon_address, start_hash
from dashboard.fragments.catalog import add_catalog_route
from dashboard.fragments.legends import add_legend_route
from dashboard.fragments.moved import add_moved_routes
from dashboard.fragments.newsfeed import add_news_route
from dashboard.fragments.sentences import add_sentences_route
from dashboard.headers import PAST_CACHE, add_headers, content_policy
from dashboard.installed import icons
from dashboard.markup import compile_templates
from dashboard.mission_pages import MOVED
from dashboard.reading import Read, Source
from dashboard.refusals import add_refusals
from dashboard.site import PageAnswer, Site
from dashboard.vendor import add_vendor_routes
from dashboard.wall.route import add_wall_route, wall_files
from dashboard.wording import wordings
from dashboard.words import load_words
from dashboard.worker import add_worker_route

_HERE = Path(__file__).parent


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


class DashApp(dash.Dash):
    """Dash with our own document, and a 404 for a path that names nothing."""

    def __init__(self, site: Site, home_of: Callable[[str], str]) -> None:
        self._site, self._home_of = site, home_of
        self.wordings = wordings(site.languages, site.source.presentation)
        super().__init__(
            "dashboard",
            include_assets_files=False,
            use_pages=False,
            serve_locally=True,
            update_title="",
            add_log_handler=False,
        )

    def index(self, *_args: Any, **_kwargs: Any) -> Response:
        """The document of the requested path, with its status; one that only says something runs no script."""
        answer = g.answer = self._site.answer(request.path, request.args)
        if answer.status != 200:
            return Response(self._document(answer, {}), status=answer.status, mimetype="text/html")
        page = Response(super().index(), mimetype="text/html")  # type: ignore[no-untyped-call] # Dash's own
        if answer.is_settled:
            page.headers["Cache-Control"] = PAST_CACHE
        return page

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override] # theirs takes **kwargs, which it hands on by name
        """Dash's pieces set into our document."""
        return self._document(g.answer, parts)

    def _document(self, answer: PageAnswer, parts: dict[str, str]) -> str:
        config = {**answer.config, "home": self._home_of(request.host_url.rstrip("/"))}
        return document_of(answer.page, parts, answer.words, config, self.wordings[answer.words.code])


def nowhere(_claimed: str) -> str:
    """Our address where none is set: unknown."""
    return ""


def build(
    read: Read,
    *,
    election_id: str,
    now: Callable[[], datetime] = utc_now,
    home_of: Callable[[str], str] = nowhere,
    hub: str | None = None,
) -> dash.Dash:
    """The dashboard of one election; its WSGI application is `.server`.

    `read(path)` returns the decoded JSON of a GET on the API ("/api/v1/…"), raises LookupError where that answers 404,
    Refused where it answers 422 and ConnectionError where it answers 503. It is called for the first HTML of a page and
    on navigation only.
    `home_of(claimed)` is our own address, of the one a request claims to have found us at; "" if it is not known.
    hub: address of a WebSub hub that feeds name, if there is one.
    """
    compile_templates()
    source = Source(read, election_id, load_presentation(_HERE / "presentation.toml"))
    site = Site(source, load_words(), now, lambda: home_of(request.host_url.rstrip("/")))
    board = DashApp(site, home_of)
    board.layout = _layout()
    _add_navigation(board, site)
    add_refusals(board.server)
    add_vendor_routes(board.server)
    add_worker_route(board.server, site.languages)
    add_sentences_route(board.server, site)
    add_legend_route(board.server, site)
    add_news_route(board.server, site, home_of, hub)
    add_catalog_route(board.server, site)
    add_moved_routes(board.server, MOVED)
    add_wall_route(board.server, site, icon_address())
    spoken = [file for each in board.wordings.values() for file in (each.shared, each.manifest, *each.of.values())]
    add_built_routes(board.server, [*spoken, *icons().values(), *wall_files()])
    add_headers(board.server, content_policy((start_hash(),)))
    return board


def _layout() -> html.Div:
    """What Dash itself holds: the location and the two stores of the navigation."""
    return html.Div([dcc.Location(id=ids.LOCATION, refresh=False), dcc.Store(id=ids.ROUTE), dcc.Store(id=ids.VIEW)])


def _add_navigation(board: dash.Dash, site: Site) -> None:
    """Location → route (in the browser) → page (here) → shown (in the browser)."""
    board.clientside_callback(
        ClientsideFunction("escrutinio", "route"),
        Output(ids.ROUTE, "data"),
        Input(ids.LOCATION, "pathname"),
        Input(ids.LOCATION, "search"),
    )

    @board.callback(Output(ids.VIEW, "data"), Input(ids.ROUTE, "data"), prevent_initial_call=True)
    def page(route: dict[str, str]) -> dict[str, Any]:
        query = dict(parse_qsl(route["search"].removeprefix("?")))
        return site.fragment(route["path"], {**query, "lang": route["language"]})

    board.clientside_callback(
        ClientsideFunction("escrutinio", "show"), Input(ids.VIEW, "data"), prevent_initial_call=True
    )
