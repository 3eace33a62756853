"""Whoever stands on the other side of the mission's pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.dashboard.toy.desk import sign_in


@pytest.fixture
def observer(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """The phone of an observer who has signed in."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    sign_in(context, url, "ana")
    yield context
    context.close()


@pytest.fixture
def routed(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """The same phone for tests that answer its requests: those that pass the service worker would pass the test by."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    sign_in(context, url, "ana")
    yield context
    context.close()
