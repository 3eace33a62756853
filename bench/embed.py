"""The embed: bytes, first paint, pages a CPU second from the shelf, and what a change costs to draw again.

The server is a process of its own over a whole country; its CPU time is read before and after. What is drawn again is
asked for right after a change, every page that others show; the same round with nothing changed is taken off.
"""

import re
import socket
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from api.embed.choice import EmbedChoice
from bench.hub import BenchedProcess
from dashboard.embed.scene import THEMES, VIEWS
from geo.ubigeo import load_catalogue
from tally.keys import ABROAD, DOMESTIC, NATION, Level, area_key
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium
from texts.language import LANGUAGES

_ROUNDS, _VISITS, _REQUESTS, _CONNECTIONS = 9, 9, 4000, 8
_DEPARTMENTS = tuple(map(area_key, load_catalogue().prefixes(Level.DEPARTMENT, DOMESTIC)))
_MAP = "/embed/v1/map"
# What this browser on this machine needs for a page of one word that comes from nowhere.
_EMPTY = "data:text/html,<p>x</p>"
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name."""
    say("the embed")
    server = BenchedProcess("bench.nation")
    try:
        port = int(server.hear())
        return _size(port) | _given(server, port) | _drawn_again(server, port) | _paint(port, say)
    finally:
        server.close()


def _size(port: int) -> dict[str, float]:
    """All that the national map's embed loads, as it is sent."""
    page = httpx.get(f"http://127.0.0.1:{port}{_MAP}").text
    paths = (_MAP, *sorted(set(re.findall(r'"(/embed/v1/assets/[^"]+)"', page))))
    sizes = [len(_ask(port, [path], "br")[0]) for path in paths]
    return {"embed_kb": round(sum(sizes) / 1000, 1), "embed_html_kb": round(sizes[0] / 1000, 1)}


def _given(server: BenchedProcess, port: int) -> dict[str, float]:
    """Pages a CPU second while nothing changes."""
    rates = []
    for _ in range(_ROUNDS):
        before = server.ask(do="cpu")
        _ask(port, [_MAP] * _REQUESTS)
        rates.append(_REQUESTS / (server.ask(do="cpu") - before))
    return {"embed_pages_per_cpu_s": round(median(rates))}


def _drawn_again(server: BenchedProcess, port: int) -> dict[str, float]:
    """CPU time to draw what one change of a district makes old, of the whole, abroad and every department."""
    areas = (NATION, ABROAD, *_DEPARTMENTS)
    themes = [
        (view, area, language, theme) for view in VIEWS for area in areas for language in LANGUAGES for theme in THEMES
    ]
    paths = [EmbedChoice(view, area, language, theme).address for view, area, language, theme in themes]
    _ask(port, paths)
    spent, count = [], []
    for _ in range(_ROUNDS):
        old = {path: _etag(head) for path, head in zip(paths, _heads(port, paths), strict=True)}
        server.ask(do="change")
        before = server.ask(do="cpu")
        heads = _heads(port, paths)
        again = server.ask(do="cpu")
        _heads(port, paths)
        still = server.ask(do="cpu")
        spent.append(1000 * ((again - before) - (still - again)))
        count.append(sum(_etag(head) != old[path] for path, head in zip(paths, heads, strict=True)))
    return {
        "embed_set": len(paths),
        "embed_changed": round(median(count)),
        "embed_rebuild_ms": round(median(spent), 1),
    }


def _paint(port: int, say: Callable[[str], None]) -> dict[str, float]:
    """First contentful paint with an empty cache; empty without a Chromium."""
    chromium = find_chromium()
    if chromium is None:
        say(f"{NO_CHROMIUM}: the embed's paint is not measured")
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        visits = [
            (_visit(browser, port, f"http://127.0.0.1:{port}{_MAP}"), _visit(browser, port, _EMPTY))
            for _ in range(_VISITS)
        ]
        browser.close()
    embed, floor = (round(median(times)) for times in zip(*visits, strict=True))
    return {"embed_first_paint_ms": embed, "embed_paint_floor_ms": floor}


def _visit(browser: Any, port: int, url: str) -> float:
    context = browser.new_context(viewport={"width": 640, "height": 900})
    try:
        page = context.new_page()
        # A process of the browser's own is there, as on the page that embeds; nothing of ours is cached.
        page.goto(f"http://127.0.0.1:{port}/healthz")
        page.goto(url)
        while (found := page.evaluate(_PAINT)) is None:
            page.wait_for_timeout(20)
        return float(found)
    finally:
        context.close()


def _heads(port: int, paths: Sequence[str]) -> list[bytes]:
    """Heads of the answers to those paths, in their order."""
    return [head for head, _ in _exchange(port, paths, "gzip")]


def _ask(port: int, paths: Sequence[str], coding: str = "gzip") -> list[bytes]:
    """Bodies as they were sent."""
    return [body for _, body in _exchange(port, paths, coding)]


def _exchange(port: int, paths: Sequence[str], coding: str) -> list[tuple[bytes, bytes]]:
    """Over a few keep-alive connections, one request in flight on each."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(_CONNECTIONS, len(paths)))]
    found = []
    for start in range(0, len(paths), len(connections)):
        batch = list(zip(connections, paths[start : start + len(connections)], strict=False))
        for connection, path in batch:
            ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {coding}\r\n\r\n"
            connection.sendall(ask.encode())
        found += [_read(connection) for connection, _ in batch]
    for connection in connections:
        connection.close()
    return found


def _read(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 20)
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(1 << 20)
    return head, body


def _etag(head: bytes) -> bytes:
    return next(line for line in head.lower().split(b"\r\n") if line.startswith(b"etag:"))
