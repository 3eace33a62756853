"""The sentences that follow from a page's numbers, for a browser that already shows the page: one author for both."""

from functools import lru_cache

from flask import Flask, Response, abort, request

from dashboard.reading import Refused
from dashboard.site import Site

PATH = "/sentences"
_KEPT = 256
# All who heard of a version ask for the same address, so that a cache in front answers them.
_CACHE = {"Cache-Control": "public, max-age=60"}


def add_sentences_route(server: Flask, site: Site) -> None:
    """Serve them as HTML: each piece takes the place of the one with its data-said.

    `key` is an area, of a `contest` where one is named; `at` a moment, else `epoch` and `seq` name the version that the
    browser has heard of. A count that has not got there yet, as a replica's may be, is a 503: ask again.
    """

    @lru_cache(maxsize=_KEPT)
    def said(key: str, language: str, at: str | None, version: tuple[str, int], contest: str | None) -> str:
        return site.sentences(key, language, at, version, contest)

    def serve() -> Response:
        asked = request.args
        try:
            version = asked.get("epoch", ""), asked.get("seq", 0, type=int)
            about = asked.get("key", ""), asked.get("lang", ""), asked.get("at")
            text = said(*about, version, asked.get("contest"))
        except (LookupError, Refused):
            abort(404)
        except ConnectionError:
            abort(503)
        return Response(text, mimetype="text/html", headers=_CACHE)

    server.add_url_rule(PATH, endpoint="sentences", view_func=serve)
