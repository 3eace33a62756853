"""`make pictures`: the pictures of the README, from a rehearsal with about 60 % of its actas counted.

The whole stack runs: the invented feed, the program that polls and serves, and a browser. At the end the feed goes back
by one cut and stays there, so that the ledger has something to tell.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from msgspec import Struct
from playwright.sync_api import Browser, sync_playwright

from geo.ubigeo import load_catalogue
from ingest.registry import known_elections
from ingest.rehearsal.areas import NATION_ROW
from ingest.rehearsal.feed import FeedPlan, closing
from ingest.rehearsal.server import FeedApp, build_feed
from tests.acceptance.stack import running, served
from tests.conftest import BROWSER_FLAGS, NO_CHROMIUM, find_chromium

_FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
_COUNTED = 0.60
DEPARTMENT = "department/11"
_NATIONAL = 33  # the nation, two scopes, 25 departments, five continents
_MOST_BYTES = 300_000
_PATIENCE_S = 1200
_STEP = timedelta(minutes=10)


class _Picture(Struct, frozen=True):
    """A page, the size of its window, and what must be true before it is taken."""

    name: str
    path: str
    width: int = 1280
    height: int = 800
    ready: str = "true"


def main() -> None:
    """Take every picture."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(NO_CHROMIUM)
    with rehearsed("pictures") as stage, sync_playwright() as playwright:
        painted = "Boolean(window.escrutinio.featureColor && window.escrutinio.map && window.escrutinio.map.loaded())"
        pictures = [
            _Picture("board", "/", ready=painted),
            _Picture("phone", "/", 360, 740),
            _Picture("department", f"/area/{DEPARTMENT}", 1120, 700, painted),
            _Picture("place", f"/{stage.place}"),
        ]
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        for picture in pictures:
            _take(browser, stage.url, picture)
        stage.go_back()
        _take(browser, stage.url, _Picture("corrections", "/corrections"))
        browser.close()


class Stage(Struct, frozen=True):
    """A running rehearsal with about 60 % of its actas counted, and a polling place worth a picture."""

    app: FeedApp
    url: str
    api: str
    place: str

    def go_back(self) -> None:
        """Set the feed back by one cut, and wait until the ledger has told it."""
        self.app.step_to(self.app.feed.clock.at() - _STEP)
        wait(lambda: len(get(f"{self.api}/corrections")["corrections"]) > 2, "corrections")


@contextmanager
def rehearsed(name: str) -> Iterator[Stage]:
    """The whole stack over a rehearsal, read to the polling places of one district."""
    election = known_elections()["2026-06-07-president-runoff"]
    app = build_feed(election, load_catalogue(election.date.year), FeedPlan(seed=1))
    app.step_to(moment(app, closing(election)))
    folder = Path(tempfile.mkdtemp(prefix=f"escrutinio-{name}-"))
    try:
        with served(app) as source, running(source, folder, "--election", election.id, "--cycle", "0.5") as url:
            api = f"{url}/api/v1/elections/{election.id}"
            wait(lambda: is_read(api, DEPARTMENT), "provinces")
            yield Stage(app, url, api, wait(lambda: whole_place(api), "a polling place"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def moment(app: FeedApp, at: Any) -> Any:
    """The first moment after closing with that share of the actas counted."""
    while True:
        at += _STEP
        app.step_to(at)
        nation = app.feed.cut().area(NATION_ROW)
        if nation is not None and nation.counted >= _COUNTED * nation.total:
            return at


def is_read(api: str, topic: str) -> bool:
    """Whether every area of a topic that is asked for often has been told."""
    rows = get(f"{api}/state?topic={topic}")["state"]
    areas = [row["published"] for key, row in rows.items() if not key.startswith("district/")]
    return len(areas) >= (_NATIONAL if topic == "nation" else 2) and all(areas)


def whole_place(api: str) -> str | None:
    """A polling place whose mesas have all been read, some counted and some not, as large as fits the picture."""
    mesas: dict[str, list[str]] = {}
    for row in get(f"{api}/results?level=mesa")["rows"]:
        if row["place"]:
            mesas.setdefault(row["place"], []).append(row["state"])
    for code, states in sorted(mesas.items()):
        if not (5 <= len(states) <= 9 and len(set(states)) > 1 and states.count("counted") >= 3):
            continue
        place = get(f"{api}/places/{code}")
        if place["name"] != code and place["computed"]["total"] == len(states):
            return f"place/{code}"
    return None


def _take(browser: Browser, url: str, picture: _Picture) -> None:
    page = browser.new_page(viewport={"width": picture.width, "height": picture.height}, color_scheme="light")
    page.goto(url + picture.path)
    wait(
        lambda: page.evaluate("Boolean(window.escrutinio && escrutinio.client.status().transport === 'socket')"), "live"
    )
    wait(lambda: page.evaluate(picture.ready), picture.name)
    page.wait_for_timeout(2500)  # flashes fade, labels settle
    target = _FOLDER / f"{picture.name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    page.close()
    size = target.stat().st_size
    if size > _MOST_BYTES:
        raise SystemExit(f"{target.name} has {size} bytes, more than {_MOST_BYTES}")
    sys.stdout.write(f"{target.relative_to(_FOLDER.parents[1])}: {size} bytes\n")
    sys.stdout.flush()


def wait(what: Callable[[], Any], name: str) -> Any:
    """What is asked for, as soon as it is there."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            found = what()
        except OSError:
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise SystemExit(f"{name}: not there after {_PATIENCE_S} s")
        time.sleep(0.25)


def get(url: str) -> Any:
    """The decoded JSON of an address."""
    with urlopen(url, timeout=30) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
