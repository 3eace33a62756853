"""A page that stays open does not grow. The ten minutes are a soak; these are six seconds of it."""

import pytest

from bench.soaks.page import MOST_GROWTH_MB, endure

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_sixty_changes_leave_the_page_as_large_as_it_was(chromium: str) -> None:
    endured = endure(chromium, 6, warm_s=3)
    assert endured.changes == 61
    assert endured.is_current
    assert endured.growth < MOST_GROWTH_MB
    assert endured.nodes[1] < endured.nodes[0] + 500
