"""The service worker of the observer's form, at an address that lets it answer for /mission/ and nothing else."""

from pathlib import Path

from flask import Flask, Response

PATH = "/mission/worker.js"
# Not on any page: a browser runs it beside them.
SCRIPT = "mission_worker.js"
_FILE = Path(__file__).parent / "assets" / SCRIPT


def add_worker_route(server: Flask) -> None:
    """Serve it, asked for again on every visit: an old worker must not outlive its pages."""

    def serve() -> Response:
        answer = Response(_FILE.read_bytes(), mimetype="text/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    server.add_url_rule(PATH, endpoint="mission-worker", view_func=serve)
