"""The page as a reader meets it: bytes, first numbers, first picture, live map, and what a repaint costs.

A headless Chromium on this machine, without a graphics card: WebGL is drawn in software, in a process of its own. The
slow phone is DevTools' throttling: 1.6 Mbit/s down, 150 ms for each request, the main thread four times slower. What
the server itself took to answer is measured beside, since browser, server and whatever else runs share the cores.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import httpx
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, sync_playwright

from bench.hub import BenchedProcess
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium

ROUNDS, _TAPPED, _REPAINTS = 7, 3, 15
_LATENCY_MS, _BYTES_PER_S, _SLOWER = 150, 1.6e6 / 8, 4
_PATIENCE_S = 60
# What the page loads when nothing else waits has come.
_REST_MS = 6000
# Where the first numbers and the picture stand, and when two frames later they have been drawn.
_WATCH = """
window.seen = {};
const drawn = (name) => requestAnimationFrame(() => requestAnimationFrame(() => { seen[name] = performance.now(); }));
new MutationObserver(() => {
  for (const [name, selector] of Object.entries(%s)) {
    if (!(name in seen) && document.querySelector(selector)) { seen[name] = null; drawn(name); }
  }
}).observe(document, { childList: true, subtree: true });
"""
_DRAWN = """performance.getEntriesByName("first-contentful-paint").length > 0
  && Object.values(seen).every((at) => at !== null)"""
# Live is a map with numbers on it; a page without one is when it hears the server.
_TIMES = """() => ({
  ...seen,
  paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  live: performance.getEntriesByName("map-live")[0]?.startTime ?? performance.now(),
})"""
# The map is alive, and something of the page has been seen: a mark is set before its frame is shown.
_LIVE = (
    "performance.getEntriesByName('map-live').length > 0"
    " && performance.getEntriesByName('first-contentful-paint').length > 0"
)
# When it is now, by a clock that other documents go by too.
_NOW = "performance.timeOrigin + performance.now()"
# Somebody asks for the country's districts, or taps a department and follows the sheet's link to its page.
_TAPS = {
    "districts": """() => {
  const choice = document.getElementById("choose-areas");
  choice.value = "district";
  choice.dispatchEvent(new Event("change"));
}""",
    "department": """() => {
  const area = document.querySelector('.picture [data-k="department/07"]');
  area.dispatchEvent(new PointerEvent("click", { bubbles: true, pointerType: "touch" }));
  document.querySelector("#map-sheet a").click();
}""",
}
# The last mark of a live map that shows what was tapped; nothing before.
_STANDS = {
    "districts": "document.querySelector('.picture.finer')",
    "department": "document.getElementById('page').dataset.key === 'department/07'",
}
_MARKED = "performance.timeOrigin + (performance.getEntriesByName('map-live').at(-1)?.startTime ?? -Infinity)"
# The same areas with the two first lists changed about: every colour is another one.
_TURNED = """() => {
  const turn = (count) => count && { ...count, votes: [count.votes[1], count.votes[0], ...count.votes.slice(2)] };
  const state = Object.entries(escrutinio.client.state);
  window.sides = [
    escrutinio.client.state,
    Object.fromEntries(state.map(([key, data]) => [key, { ...data, published: turn(data.published) }])),
  ];
  return state.filter(([key]) => escrutinio.featureColor(key)).length;
}"""
_REPAINT = """([side, keys]) => new Promise((resolve) => {
  const state = sides[side];
  const before = performance.now();
  escrutinio.show(keys || Object.keys(state), state);
  const ours = performance.now() - before;
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(ours)));
})"""


class Watched(Struct, frozen=True):
    """Where a page's first numbers and its picture stand, by selector, and when it is live, as an expression."""

    numbers: str
    picture: str
    live: str
    has_map: bool = False


_BOARD = Watched(
    numbers=".headline [data-f^=share]",
    picture=".picture .areas > path:nth-child(20)",
    live=_LIVE,
    has_map=True,
)


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name; empty without a Chromium."""
    chromium = find_chromium()
    if chromium is None:
        say(f"{NO_CHROMIUM}: the page is not measured")
        return {}
    say("the page in a browser")
    server = BenchedProcess("bench.nation")
    try:
        url = f"http://127.0.0.1:{server.hear()}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
            visit(browser, url, _BOARD)  # what lasts is compressed when it is first asked for
            found = size(url) | _quick(browser, url) | slow(browser, f"{url}/?view=map", _BOARD)
            browser.close()
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
            found |= _repaints(browser, url)
            browser.close()
    finally:
        server.close()
    return found


def size(url: str) -> dict[str, float]:
    """The HTML of the front page, plain and compressed."""
    sizes = {}
    for coding in ("identity", "br"):
        answer = httpx.get(f"{url}/", headers={"Accept-Encoding": coding})
        sizes[coding] = len(answer.content) if coding == "identity" else int(answer.headers["Content-Length"])
    return {"html_kb": round(sizes["identity"] / 1000, 1), "html_packed_kb": round(sizes["br"] / 1000, 1)}


def _quick(browser: Browser, url: str) -> dict[str, float]:
    """A wide window on this machine."""
    visits = [visit(browser, url, _BOARD) for _ in range(ROUNDS)]
    plotly = {address for one in visits for address in one["addresses"] if "plotly" in address}
    return {
        "first_paint_ms": median_of(visits, "paint"),
        "map_kb": _kilobytes(visits, "bytes"),
        "map_plotly_files": len(plotly),
        "live_map_ms": median_of(visits, "live"),
    }


def slow(browser: Browser, url: str, watched: Watched) -> dict[str, float]:
    """A slow phone; where there is a map, more is asked of it as soon as it is live, and when nothing else comes."""
    visits = [visit(browser, url, watched, is_slow=True) for _ in range(ROUNDS)]
    names = {"numbers": "numbers", "picture": "picture", "live": "live_map"}
    for one in visits:
        for name in names:
            one[name] = max(one[name], one["paint"])
    found = {f"slow_{text}_ms": median_of(visits, name) for name, text in names.items()}
    if not watched.has_map:
        return found
    for tap in _TAPS:
        for name, rest_ms in (("", _REST_MS), ("_at_once", 0)):
            tapped = [visit(browser, url, watched, is_slow=True, tap=tap, rest_ms=rest_ms) for _ in range(_TAPPED)]
            found[f"slow_{tap}{name}_ms"] = median_of(tapped, tap)
        found[f"{tap}_kb"] = _kilobytes(tapped, f"{tap}_bytes")
    return found


def visit(
    browser: Browser,
    url: str,
    watched: Watched,
    *,
    is_slow: bool = False,
    tap: str | None = None,
    rest_ms: int = 0,
) -> dict[str, Any]:
    """Open a page with an empty cache; its times in ms, and what had come when it was live.

    `tap`: what is asked of its map then, after a rest: how long that took, and what came for it.
    """
    with _context(browser, is_slow=is_slow) as context:
        page = context.new_page()
        page.add_init_script(_WATCH % json.dumps({"numbers": watched.numbers, "picture": watched.picture}))
        addresses, begun, sizes = [], [], []
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", lambda event: addresses.append(event["response"]["url"]))
        devtools.on("Network.requestWillBeSent", lambda event: begun.append(event["timestamp"]))
        devtools.on(
            "Network.loadingFinished", lambda event: sizes.append((event["timestamp"], event["encodedDataLength"]))
        )
        if is_slow:
            _throttle(devtools)
        page.goto(url, wait_until="commit")
        until(page, watched.live)
        until(page, _DRAWN)
        found: dict[str, Any] = {**page.evaluate(_TIMES), "addresses": [*addresses]}
        # What comes after the page is live may have come before it was asked.
        live_at = begun[0] + found["live"] / 1000
        found["bytes"] = sum(size for at, size in sizes if at <= live_at)
        page.wait_for_timeout(rest_ms)
        return found if tap is None else found | _tapped(page, sizes, tap)


def _tapped(page: Page, sizes: list[tuple[float, float]], tap: str) -> dict[str, float]:
    """Milliseconds from a tap to the map that it asked for, and the bytes that came for it."""
    before, tapped = len(sizes), page.evaluate(_NOW)
    page.evaluate(_TAPS[tap])
    until(page, f"{_STANDS[tap]} && {_MARKED} > {tapped}")
    page.wait_for_timeout(20)
    return {tap: page.evaluate(_MARKED) - tapped, f"{tap}_bytes": sum(size for _, size in sizes[before:])}


@contextmanager
def _context(browser: Browser, *, is_slow: bool) -> Iterator[BrowserContext]:
    width = 360 if is_slow else 1280
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=is_slow, is_mobile=is_slow)
    try:
        yield context
    finally:
        context.close()


def _throttle(devtools: CDPSession) -> None:
    both_ways = {"downloadThroughput": _BYTES_PER_S, "uploadThroughput": _BYTES_PER_S}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": _LATENCY_MS, **both_ways})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})


def _repaints(browser: Browser, url: str) -> dict[str, float]:
    """Main-thread time of all districts in other colours, and of one change: a district and all above it."""
    with _context(browser, is_slow=False) as context:
        page = context.new_page()
        page.goto(f"{url}/?areas=district")
        until(page, "window.escrutinio?.featureColor && escrutinio.featureColor('district/140101') !== null")
        page.wait_for_timeout(4000)  # Dash has come, labels have settled
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable")
        districts = page.evaluate(_TURNED)
        one = ["district/140101", "province/1401", "department/14", "scope/domestic", "nation"]
        return {
            "repaint_districts": districts,
            **_busy(page, devtools, "repaint_all", None),
            **_busy(page, devtools, "repaint_one", one),
        }


def _busy(page: Page, devtools: CDPSession, name: str, keys: list[str] | None) -> dict[str, float]:
    """What our modules take, and all the main thread does until the map has been drawn again, by software."""
    ours, drawn = [], []
    for turn in range(_REPAINTS):
        before = _task_ms(devtools)
        ours.append(page.evaluate(_REPAINT, [(turn + 1) % 2, keys]))
        drawn.append(_task_ms(devtools) - before)
    return {f"{name}_ms": round(float(median(ours)), 1), f"{name}_drawn_ms": round(float(median(drawn)), 1)}


def _task_ms(devtools: CDPSession) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")) * 1000


def until(page: Page, expression: str) -> None:
    """Return when it holds."""
    deadline = time.monotonic() + _PATIENCE_S
    while not _holds(page, expression):
        if time.monotonic() > deadline:
            raise TimeoutError(expression)
        page.wait_for_timeout(20)


def _holds(page: Page, expression: str) -> bool:
    """Of a document that gives way to another, or is not there yet, nothing holds."""
    try:
        return bool(page.evaluate(expression))
    except Error:
        return False


def _kilobytes(visits: list[dict[str, Any]], name: str) -> float:
    return float(round(median(visit[name] for visit in visits) / 1000, 1))


def median_of(visits: list[dict[str, Any]], name: str) -> float:
    """Of all visits."""
    return float(round(median(visit[name] for visit in visits)))
