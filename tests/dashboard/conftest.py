"""The toy count served to a real browser, and the pages as a plain client gets them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.app import build
from tests.dashboard.modules import open_modules
from tests.dashboard.toy.api import ToyApi, serve
from tests.dashboard.toy.count import ELECTION, ToyCount
from tests.dashboard.toy.desk import DeskApi, fill, sign_in


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
    with serve(api) as url:
        yield url


@pytest.fixture
def desk() -> DeskApi:
    """A mission with one of everything."""
    api = DeskApi()
    fill(api)
    return api


@pytest.fixture
def url(desk: DeskApi) -> Iterator[str]:
    """The address of the count and the mission together."""
    with serve(desk) as address:
        yield address


@pytest.fixture
def member(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """A browser whose user is the admin."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    sign_in(context, url, "root")
    yield context
    context.close()


@pytest.fixture(params=["wide", "phone"])
def reader(request: pytest.FixtureRequest) -> Page:
    """A page of either size."""
    page: Page = request.getfixturevalue(request.param)
    return page


@pytest.fixture(scope="module")
def module_page(browser: Browser) -> Iterator[Page]:
    """An empty page with the client-side modules and no dashboard."""
    page = browser.new_page()
    open_modules(page)
    yield page
    page.close()
