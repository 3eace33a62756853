"""Browsers are kept from file to file, and between two files the thread is anybody's."""

import asyncio

import pytest

from tests.browsers import Browsers

pytestmark = pytest.mark.browser


def test_a_browser_is_kept_without_its_pages_and_leaves_the_thread_to_others(chromium: str) -> None:
    browsers = Browsers(["--no-sandbox"])
    try:
        with browsers.lend(chromium) as first:
            page = first.new_context().new_page()
            page.goto("data:text/html,<title>kept</title>")
            assert page.title() == "kept"
        assert asyncio.run(asyncio.sleep(0, "free")) == "free"
        with browsers.lend(chromium) as again:
            assert again is first
            assert again.contexts == []
            assert again.new_page().evaluate("1 + 1") == 2
            again.close()  # as one that broke down
        assert asyncio.run(asyncio.sleep(0, "free")) == "free"
        with browsers.lend(chromium) as other:
            assert other is not first
            assert other.new_page().evaluate("1 + 1") == 2
    finally:
        browsers.close()
    assert asyncio.run(asyncio.sleep(0, "free")) == "free"
