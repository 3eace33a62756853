"""The numbers beside a long table: they stand still, and all of them can be read."""

import pytest
from playwright.sync_api import Page

from tests.dashboard.watching import open_live, settle, until

pytestmark = pytest.mark.browser


def test_the_numbers_beside_a_long_table_can_be_read_to_their_end(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/?view=table")
    last = wide.locator(".lead > :last-child")
    wide.mouse.wheel(0, 600)
    until(wide, "scrollY >= 600")
    settle(wide)
    box, high = last.bounding_box(), wide.evaluate("innerHeight")
    assert wide.evaluate("document.documentElement.scrollHeight - scrollY") > 1.5 * high
    assert box is not None
    assert box["y"] + box["height"] <= high
