"""The catalogue of all sets of files, which portals of open data read."""

from flask import Flask, Response, abort

from dashboard.datasets.dcat import catalog
from dashboard.markup import as_json
from dashboard.routes import CATALOG
from dashboard.site import Site

_HEADERS = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}


def add_catalog_route(server: Flask, site: Site) -> None:
    """Serve it, in every language at once; 503 until there is a count."""

    def serve() -> Response:
        try:
            body = as_json(catalog(site.source, site.languages, site.home()))
        except (LookupError, ConnectionError):
            abort(503)
        return Response(body, mimetype="application/ld+json", headers=_HEADERS)

    server.add_url_rule(CATALOG, endpoint="catalog", view_func=serve)
