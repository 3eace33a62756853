"""The service worker of the observers' pages, which answers for /mission and nothing else."""

from collections.abc import Iterable

from flask import Flask, Response

from dashboard.built import text_of
from dashboard.markup import as_json
from dashboard.mission_pages import KEPT, PAGES, ROOT

PATH = "/mission/worker.js"


def add_worker_route(server: Flask, languages: Iterable[str]) -> None:
    """Serve it for those languages, asked for again on every visit: an old worker must not outlive its pages."""
    pages = [path for path, name in PAGES.items() if name in KEPT]
    script = f"self.LANGUAGES={as_json([*languages])};self.PAGES={as_json(pages)};{text_of('worker.js')}"

    def serve() -> Response:
        return Response(
            script, mimetype="text/javascript", headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": ROOT}
        )

    server.add_url_rule(PATH, endpoint="mission-worker", view_func=serve)
