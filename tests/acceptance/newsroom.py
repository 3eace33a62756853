"""A newsroom's page that embeds a count, the count behind it, and a folder of embeds served by nginx alone."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Frame, Page

from api.main import create_app
from api.options import ServeOptions
from dashboard.app import build
from geo.boundaries import Geometry
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, served
from tests.api.country import Country, minute
from tests.api.live.replicas import free_port
from tests.databases import sqlite_in
from tests.waiting import PATIENCE_S, wait_until

WIDTHS = (320, 640, 960)
VIEWS = ("map", "bar", "table", "card")
_RECIPE = Path(__file__).parents[2] / "deploy" / "embeds.conf"
_HEAD = "<!DOCTYPE html><html lang=es><meta charset=UTF-8><link rel=icon href=data:,><title>Diario</title>"
QUICK = ServeOptions(poll_s=0.02, heartbeat_s=1.0)

# The moment at which the leading list's votes were last written.
WATCH = """
const votes = document.querySelector('.headline [data-f="votes.1"]');
const watch = new MutationObserver(() => { window.paintedAt = Date.now(); });
watch.observe(votes, { childList: true, characterData: true, subtree: true });
"""


class Desk:
    """A newsroom's page on a port of its own: what stands in it can be changed between visits."""

    def __init__(self) -> None:
        self.body = ""
        desk = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = f"{_HEAD}<body>{desk.body}</body></html>".encode()
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page if self.path == "/" else b"")

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def show(self, origin: str, *queries: str, width: int = 640, grows: bool = True) -> None:
        """Frames of those embeds, as the customiser's snippet has them."""
        frames = "".join(
            f'<div style="width:{width}px"><iframe title="t" src="{origin}/embed/v1/{query}" width="100%" height="300" '
            'frameborder="0"></iframe></div>'
            for query in queries
        )
        self.body = frames + (f'<script async src="{origin}/embed/v1/height.js"></script>' if grows else "")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_S)


class Site:
    """The real server, which can be stopped and started again at the same port."""

    def __init__(self, folder: Path, geometry: Geometry) -> None:
        self.store = Store.open(sqlite_in(folder))
        self.country = Country(self.store, is_test=True)
        self.country.count(self.country.mesas[:8], minute(1))
        self.country.publish(["nation", "scope/domestic", "department/14", "department/24"], minute(1))
        self.country.report("ok", minute(2))
        self._geometry, self._port, self._running = geometry, free_port(), ExitStack()
        self.origin = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        app = create_app(self.store, ELECTIONS, geometry=self._geometry, dashboard=build, options=QUICK)
        self._running.enter_context(served(app, port=self._port))

    def stop(self) -> None:
        self._running.close()

    def page(self, query: str) -> str:
        return httpx.get(f"{self.origin}/embed/v1/{query}", timeout=PATIENCE_S).text

    def close(self) -> None:
        self.stop()
        self.store.close()


@contextmanager
def visit(browser: Browser, desk: Desk, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A visit of the newsroom's page, and what the browser complained of."""
    context = browser.new_context(viewport={"width": 1040, "height": 900}, reduced_motion="reduce", **options)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(desk.url, wait_until="load")
    yield page, complaints
    assert context.cookies() == []
    context.close()


def frames_of(page: Page) -> list[Frame]:
    return [frame for frame in page.frames if "/embed/v1/" in frame.url]


def words_of(frame: Frame) -> str:
    return " ".join(frame.locator("main").inner_text().split())


def said(votes: int) -> str:
    """Votes as the page writes them, every kind of space the same."""
    return f"{votes:,} votos".replace(",", " ")


def follows(frame: Frame) -> bool:
    return bool(frame.evaluate("Boolean(window.escrutinio) && escrutinio.client.status().transport === 'socket'"))


@contextmanager
def static(nginx: str, root: Path, folder: Path) -> Iterator[str]:
    """deploy/embeds.conf over that folder."""
    port = free_port()
    recipe = _RECIPE.read_text().replace("listen 8081", f"listen 127.0.0.1:{port}").replace("/srv/embeds", str(root))
    places = "".join(
        f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    recipe = recipe.replace("http {", f"http {{ {places}", 1).replace("worker_processes auto", "worker_processes 1")
    head = f"daemon off; master_process off; pid {folder / 'nginx.pid'}; error_log {folder / 'error.log'};\n"
    (folder / "nginx.conf").write_text(head + recipe)
    process = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        origin = f"http://127.0.0.1:{port}"
        wait_until(lambda: httpx.get(f"{origin}/index.json"))
        yield origin
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
