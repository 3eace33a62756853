"""Soak of an open page: ten changes a second for ten minutes, the map and the table repainted, the memory measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.hub import BenchedProcess
from bench.reliability import SoakSection
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium

NAME = "page"
MINUTES, PER_S = 10, 10
MOST_GROWTH_MB = 1
# Everything that is loaded late has come, and every text has been painted once, before the first measurement.
_WARM_S = 15
_PATIENCE_S = 60
_MB = 1024 * 1024
_NUMBER = "document.querySelector('.headline [data-f=\"votes.0\"]').textContent"
_COUNTED = "escrutinio.client.state.nation.published.votes[0].toLocaleString('en').replaceAll(',', ' ')"


class Endured(Struct, frozen=True):
    """What one page went through. Heap in MB and elements after a collection of garbage, before and after."""

    changes: int
    seconds: float
    heap: tuple[float, float]
    nodes: tuple[int, int]
    is_current: bool

    @property
    def growth(self) -> float:
        """Growth of the heap in MB."""
        return self.heap[1] - self.heap[0]


def endure(chromium: str, seconds: float, *, warm_s: float = _WARM_S) -> Endured:
    """Keep a page with the map open while the country changes ten times a second."""
    with _opened(chromium) as (server, page):
        devtools = page.context.new_cdp_session(page)
        _change(server, warm_s)
        before = _memory(devtools)
        began = time.monotonic()
        changes = _change(server, seconds)
        took = time.monotonic() - began
        seq = server.ask(do="change")
        is_current = _until(page, f"escrutinio.client.seq === {seq} && {_NUMBER} === {_COUNTED}")
        after = _memory(devtools)
    return Endured(changes + 1, took, (before[0], after[0]), (before[1], after[1]), is_current)


@contextmanager
def _opened(chromium: str) -> Iterator[tuple[BenchedProcess, Page]]:
    server = BenchedProcess("bench.nation")
    try:
        url = f"http://127.0.0.1:{server.hear()}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(url, wait_until="domcontentloaded")
            _until(page, "performance.getEntriesByName('map-live').length > 0")
            _until(page, "Boolean(document.querySelector('#react-entry-point > :not(._dash-loading)'))")
            yield server, page
            browser.close()
    finally:
        server.close()


def _change(server: BenchedProcess, seconds: float) -> int:
    """That many changes, evenly; how many."""
    number, began = round(seconds * PER_S), time.monotonic()
    for index in range(number):
        server.ask(do="change")
        time.sleep(max(0.0, began + (index + 1) / PER_S - time.monotonic()))
    return number


def _memory(devtools: CDPSession) -> tuple[float, int]:
    """The page's heap in MB and its nodes, after the garbage is gone."""
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return used / _MB, int(devtools.send("Memory.getDOMCounters")["nodes"])


def _until(page: Page, expression: str) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(50)
    return True


def main(seed: int) -> SoakSection:
    """Ten minutes. Raises where the page has grown by more than the bar, or does not show the last change."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM)
    endured = endure(chromium, MINUTES * 60)
    if not endured.is_current or endured.growth > MOST_GROWTH_MB:
        raise AssertionError(f"{endured}")
    before, after = endured.heap
    return SoakSection(
        NAME,
        "A page that stays open",
        seed,
        [
            f"{endured.changes:,} changes in {endured.seconds:.0f} s, each of a district and all above it, to one open "
            "page with map and table in a headless Chromium.",
            f"Heap after collecting garbage {before:.1f} → {after:.1f} MB: {endured.growth:+.1f} MB (bar: ≤ "
            f"{MOST_GROWTH_MB}); nodes {endured.nodes[0]:,} → {endured.nodes[1]:,}. The last change stood on screen.",
        ],
    )
