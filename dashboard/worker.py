"""The service worker of the observer's form, at an address that lets it answer for /mission/ and nothing else."""

from flask import Flask, Response

from dashboard.built import text_of

PATH = "/mission/worker.js"


def add_worker_route(server: Flask) -> None:
    """Serve it, asked for again on every visit: an old worker must not outlive its pages."""

    def serve() -> Response:
        answer = Response(text_of("worker.js"), mimetype="text/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    server.add_url_rule(PATH, endpoint="mission-worker", view_func=serve)
