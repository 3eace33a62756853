"""What was asked for first may come last: it takes no place of what was asked for since."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.dashboard.toy.desk import open_ready
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser


def test_a_choice_of_incidents_that_is_answered_late_takes_no_newer_ones_place(
    member: BrowserContext, url: str
) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/incidents")
    lines = page.locator(".incident-line")
    held: list[Route] = []
    page.route("**/mission/incidents?*", lambda route: held.append(route))
    page.get_by_label("Gravedad").select_option("critical")
    until(page, lambda: len(held) == 1)
    page.get_by_label("Gravedad").select_option("serious")
    until(page, lambda: len(held) == 2)
    held[1].continue_()
    expect(lines.filter(has_text="Crítico")).to_have_count(0)
    expect(lines.filter(has_text="Grave")).not_to_have_count(0)
    with page.expect_response(held[0].request.url) as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate("new Promise((done) => { setTimeout(done, 100); })")
    expect(lines.filter(has_text="Crítico")).to_have_count(0)
    expect(lines.filter(has_text="Grave")).not_to_have_count(0)
