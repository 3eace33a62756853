"""A rehearsal of an election day's 1,915 races through one program, without a budget, and its front page meanwhile.

The page is measured as the board's is (bench/page.py), while the count goes on being followed.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

from bench.country import served
from bench.day import followed, make_day, memory_mb
from bench.page import ROUNDS, Watched, median_of, size, slow, until, visit
from bench.soaks.races import differences, read_actas
from ingest.rehearsal.server import FeedApp
from tally.storage.store import Store
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium

_PATIENCE_S, _LOOK_S = 1800.0, 30.0
_LISTENS = "window.escrutinio?.client?.status().transport === 'socket'"
_OVERVIEW = Watched(
    numbers="table.races [data-r=lists] span", picture="svg.regions .areas > a:nth-child(20)", live=_LISTENS
)
# A race with other votes each time: its row, its area on the map and the counter, until they are laid out again.
_REPAINT = """([row, more]) => {
  const lists = row.lists.map((entry, place) => ({ ...entry, votes: entry.votes + (place ? 0 : more) }));
  const before = performance.now();
  escrutinio.show([row.id], { [row.id]: { ...row, lists, valid: row.valid + more } });
  document.body.offsetHeight;
  return performance.now() - before;
}"""


def measure(say: Callable[[str], None]) -> dict[str, float]:
    """Figures by name; those of the page only with a Chromium."""
    say("a feed of all races of an election day")
    election, app = make_day()
    with tempfile.TemporaryDirectory() as name:
        folder, began = Path(name), time.monotonic()
        with served(app) as feed, followed(folder, election, feed) as (site, pid):
            say("one program follows it")
            found = {"races": len(election.contests)} | _read(app, f"sqlite:///{folder}/count.db")
            found |= {"seconds": round(time.monotonic() - began)}
            found |= _page(site, f"{site}/api/v1/elections/{election.id}/contests", say)
            return found | {"memory_mb": round(memory_mb(pid))}


def _read(app: FeedApp, database: str) -> dict[str, float]:
    """Wait until every area of every race is published as the feed has it, and every acta was read."""
    areas = sum(len(race.count.index.row_of) + 1 for race in app.feed.races)
    actas = sum(len(race.mesas.table.mesa) for race in app.feed.races if race.mesas is not None)
    ends = time.monotonic() + _PATIENCE_S
    while True:
        time.sleep(_LOOK_S)
        with closing(Store.open(database)) as store:
            is_begun = len(store.counts()) == len(app.feed.races)
            read, apart = read_actas(app, store) if is_begun else (0, [])
            if read == actas or time.monotonic() > ends:
                left = differences(app, store)
                if not left or time.monotonic() > ends:
                    return {"areas": areas, "areas_apart": len(left), "actas": read, "actas_apart": len(apart)}


def _page(site: str, table: str, say: Callable[[str], None]) -> dict[str, float]:
    chromium = find_chromium()
    if chromium is None:
        say(f"{NO_CHROMIUM}: the overview is not measured")
        return {}
    say("the overview in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        visit(browser, site, _OVERVIEW)  # what lasts is compressed when it is first asked for
        visits = [visit(browser, site, _OVERVIEW) for _ in range(ROUNDS)]
        found = size(site) | {"first_paint_ms": median_of(visits, "paint"), "live_ms": median_of(visits, "live")}
        found |= slow(browser, site, _OVERVIEW)
        found |= {"repaint_one_ms": _repaint(browser, site, httpx.get(f"{table}?within=department/07").json())}
        browser.close()
    return found


def _repaint(browser: Browser, site: str, table: dict[str, Any]) -> float:
    """One race of the page that changed."""
    row = next(row for row in table["rows"] if row["whole"] == "department/07")
    page = browser.new_page()
    page.goto(site)
    until(page, _LISTENS)
    took = [page.evaluate(_REPAINT, [row, 10 + turn]) for turn in range(2 * ROUNDS)]
    page.close()
    return round(float(median(took)), 1)
