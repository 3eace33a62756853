"""What tests of a page in a browser wait for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from dashboard import app
from dashboard.colours import load_presentation, ramps
from tests.dashboard.toy.api import ToyApi
from tests.waiting import wait_until

# The page hears, and has the count as it is: what is sent from here on is news to it.
LIVE = "document.getElementById('status').dataset.state === 'live' && escrutinio.client.seq >= 0"
FOLLOWS = "escrutinio.client.status().transport === 'socket' && escrutinio.client.seq >= 0"
PAINTED = "window.escrutinio.featureColor('department/14') !== null"
# MapLibre's map stands still in the frame it has now.
NEAR = (
    "(({ map }, slot) => slot.classList.contains('live') && map.loaded() && !map.isMoving()"
    " && map.getCanvas().clientWidth === slot.clientWidth && map.getCanvas().clientHeight === slot.clientHeight)"
    "(escrutinio, document.getElementById('map-slot'))"
)
# The map of areas is alive: their picture, which can be pointed at and has been painted with the count as it is.
PICTURED = (
    "(({ featureColor }, areas) => areas.length && !document.getElementById('map-slot').classList.contains('live')"
    " && featureColor(areas[0].dataset.k))(escrutinio, document.querySelectorAll('.picture [role=link][data-k]'))"
)
# The page's map stands, whichever of the two it is.
STANDS = f"(document.getElementById('map-slot').classList.contains('live') ? {NEAR} : {PICTURED})"
# All that moved on the page though nobody did anything, added up.
COUNT_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shifts += value; })
  .observe({ type: "layout-shift", buffered: true });
"""
# When each of some things was first so, as the page's clock has it: this machine's.
_SEE = """(wanted) => {
  window.seenAt = {};
  const holds = {
    text: ([selector, text]) => document.querySelector(selector)?.textContent.replace(/\\s/g, " ").includes(text),
    color: ([key, color]) => escrutinio.featureColor(key) === color,
  };
  const look = () => {
    wanted.forEach(([kind, ...what], n) => { if (!(n in seenAt) && holds[kind](what)) seenAt[n] = Date.now(); });
    if (Object.keys(seenAt).length < wanted.length) requestAnimationFrame(look);
  };
  look();
}"""


# From here on links are followed without loading a document.
NAVIGATES = (
    "Boolean(document.querySelector('#react-entry-point > :not(._dash-loading)') && window.dash_clientside?.set_props)"
)


def until(page: Page, what: str | Callable[[], Any]) -> None:
    """Wait until an expression of the page, or a question put here, holds.

    Playwright's own waiting evaluates text in the page, which the policy forbids.
    """
    said: list[object] = []

    def holds() -> bool:
        said[:] = [what]
        try:
            return bool(page.evaluate(what) if isinstance(what, str) else what())
        except Error as error:
            # What a document has not made yet, or one that gives way to another, does not hold anything.
            said.append(error.message)
            return False

    try:
        wait_until(holds, pause=lambda seconds: page.wait_for_timeout(seconds * 1000))
    except AssertionError as error:
        raise AssertionError(f"never came true: {said}") from error


def settle(page: Page) -> None:
    """Wait until what the page is at now has been drawn, twice over."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")


def see(page: Page, *wanted: tuple[str, str, str]) -> Callable[[], float]:
    """Look for these from now on, frame by frame; returns what says when the last of them was there, as time.time()."""
    page.evaluate(_SEE, wanted)

    def last() -> float:
        until(page, f"Object.keys(seenAt).length === {len(wanted)}")
        return float(page.evaluate("Math.max(...Object.values(seenAt))")) / 1000

    return last


def go_near(page: Page) -> None:
    """Bring the map that can be moved; it shows what the picture showed."""
    page.get_by_role("button", name="Acercar").dispatch_event("click")  # where the page is scrolled to
    until(page, f"document.querySelector('.map-frame.near') && {NEAR}")
    page.get_by_role("button", name="Ver todo").dispatch_event("click")
    until(page, f"!document.querySelector('.map-frame.near') && {NEAR}")


def open_live(page: Page, url: str) -> None:
    page.goto(url)
    until(page, LIVE)


def expected_color(api: ToyApi, key: str) -> str:
    """The colour of an area by the rules of presentation.toml, worked out here."""
    presentation = load_presentation(Path(app.__file__).parent / "presentation.toml")
    votes = api.count.state[key]["published"]["votes"]
    first, second = sorted(votes, reverse=True)[:2]
    bin_of = sum((first - second) / sum(votes) >= edge for edge in presentation.lead_bins)
    return ramps([entry["color"] for entry in api.count.lists], presentation)[votes.index(first)][bin_of]


# The choices of a page that its controls have no room for, in words.
CUT_CHOICES = """() => { const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("main select")].filter((one) => one.checkVisibility()).flatMap((one) => {
    const style = getComputedStyle(one);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
    const words = [...one.options].map(({ text }) => text.replace(/\\d+/, "92 766"));
    return words.filter((text) => pen.measureText(text).width > room);
  }); }"""
