"""The map's legend for a browser whose map shows something else than the page's picture: one author for both."""

from functools import lru_cache

from flask import Flask, Response, abort, request

from dashboard.components.legend import LEAD, Shown
from dashboard.site import Site
from tally.keys import Level

PATH = "/legend"
_KEPT = 256
# Nothing of it changes with the count.
_CACHE = "public, max-age=300"


def add_legend_route(server: Flask, site: Site) -> None:
    """Serve it as HTML, for what `Shown.query` says; 404 for what no map can show."""

    @lru_cache(maxsize=_KEPT)
    def said(language: str, shown: Shown, contest: str | None) -> str:
        return site.legend(language, shown, contest)

    def serve() -> Response:
        asked = request.args
        try:
            leaders = tuple(int(index) for index in asked.get("leaders", "").split(",") if index)
            has_places, has_exact = (asked.get(name) == "1" for name in ("places", "exact"))
            shown = Shown(leaders, Level(asked.get("level", "")), asked.get("measure", LEAD), has_places, has_exact)
            text = said(asked.get("lang", ""), shown, asked.get("contest"))
        except (LookupError, ValueError):
            abort(404)
        answer = Response(text, mimetype="text/html")
        answer.headers["Cache-Control"] = _CACHE
        return answer

    server.add_url_rule(PATH, endpoint="legend", view_func=serve)
