"""What tests of a page in a browser wait for."""

import time
from pathlib import Path

from playwright.sync_api import Error, Page

from dashboard import app
from dashboard.colours import load_presentation, ramps
from tests.dashboard.toy.api import ToyApi

LIVE = "document.getElementById('status').dataset.state === 'live'"
PAINTED = "window.escrutinio.featureColor('department/14') !== null"


# From here on links are followed without loading a document.
NAVIGATES = (
    "Boolean(document.querySelector('#react-entry-point > :not(._dash-loading)') && window.dash_clientside?.set_props)"
)


def until(page: Page, expression: str, *, timeout: int = 5000) -> None:
    """Wait until an expression holds. Playwright's own waiting evaluates text in the page, which the policy forbids."""
    deadline = time.monotonic() + timeout / 1000
    while not _holds(page, expression):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(25)


def _holds(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error as error:
        # A document that gives way to another one does not hold anything yet.
        if "Execution context was destroyed" not in error.message:
            raise
        return False


def open_live(page: Page, url: str) -> None:
    page.goto(url)
    until(page, LIVE, timeout=15_000)


def expected_color(api: ToyApi, key: str) -> str:
    """The colour of an area by the rules of presentation.toml, worked out here."""
    presentation = load_presentation(Path(app.__file__).parent / "presentation.toml")
    votes = api.count.state[key]["published"]["votes"]
    first, second = sorted(votes, reverse=True)[:2]
    bin_of = sum((first - second) / sum(votes) >= edge for edge in presentation.lead_bins)
    return ramps([entry["color"] for entry in api.count.lists], presentation)[votes.index(first)][bin_of]
