"""The toy count served to a real browser, and the pages as a plain client gets them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.app import build
from tests.dashboard.toy_api import Served, ToyApi
from tests.dashboard.toy_count import ELECTION, ToyCount

ASSETS = Path(__file__).parents[2] / "dashboard" / "assets"
_FLAGS = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --use-angle=swiftshader --enable-unsafe-swiftshader"
)


@pytest.fixture
def api() -> ToyApi:
    return ToyApi(ToyCount())


@pytest.fixture
def client(api: ToyApi) -> Any:
    """A client of the dashboard alone: what stands before any script runs."""
    return build(api.read, election_id=ELECTION).server.test_client()


@pytest.fixture
def site(api: ToyApi) -> Iterator[str]:
    """The address of API and dashboard together."""
    with Served(api) as url:
        yield url


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=_FLAGS.split())
        yield launched
        launched.close()


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    """A page of 1280 × 800."""
    yield from _page(browser, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of 360 × 800 that is touched."""
    yield from _page(browser, viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    yield from _page(browser, viewport={"width": 360, "height": 800}, java_script_enabled=False)


def _page(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def module_page(browser: Browser) -> Iterator[Page]:
    """An empty page with the framework-free modules, their tests, and no dashboard."""
    page = browser.new_page()
    page.set_content('<script id="escrutinio-config" type="application/json">{}</script>')
    page.evaluate("window.escrutinio = {}")
    for name in ("words.js", "figures.js", "moments.js", "replica.js", "live.js", "outlook.js"):
        page.add_script_tag(path=ASSETS / name)
    page.add_script_tag(path=Path(__file__).parent / "js" / "live.test.js")
    yield page
    page.close()
