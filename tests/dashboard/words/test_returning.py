"""A reader comes back to where they were: by Back, in another language, and when the server was away."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi, serve
from tests.dashboard.toy.count import ToyCount
from tests.dashboard.watching import NAVIGATES, open_live, until

pytestmark = pytest.mark.browser
_FIRST = "document.querySelector('table.areas tbody tr[data-area]:not(.group)').dataset.area"
_CHOSEN = "/?view=table&measure=counted"


def sort_by_cast(page: Page) -> str:
    """The most votes first; which area that is."""
    page.evaluate("document.querySelector('th.of-cast .sort').click()")
    first: str = page.evaluate(_FIRST)
    assert first != "department/01"
    return first


def read_down(page: Page) -> int:
    """Scroll, and wait until the history knows."""
    page.evaluate("window.scrollTo(0, 700)")
    until(page, "history.state && history.state.down === 700")
    return 700


def test_back_returns_to_scroll_sorting_and_measure(reader: Page, site: str) -> None:
    open_live(reader, f"{site}{_CHOSEN}")
    until(reader, NAVIGATES)
    first, down = sort_by_cast(reader), read_down(reader)
    reader.evaluate("document.querySelector('table.areas a[href=\"/area/department/14\"]').click()")
    until(reader, "document.getElementById('page').dataset.key === 'department/14'")
    until(reader, "scrollY === 0")
    reader.go_back()
    until(reader, "document.getElementById('page').dataset.key === 'nation'")
    until(reader, f"scrollY === {down}")
    assert reader.evaluate(_FIRST) == first
    assert reader.evaluate("document.querySelector('th.of-cast').getAttribute('aria-sort')") == "descending"
    assert reader.evaluate("document.documentElement.dataset.measure") == "counted"


def test_another_language_keeps_all_that_was_chosen(reader: Page, site: str) -> None:
    open_live(reader, f"{site}{_CHOSEN}")
    first, down = sort_by_cast(reader), read_down(reader)
    reader.evaluate("document.querySelector('a[data-language=en]').click()")
    until(reader, "document.documentElement.lang === 'en' && document.readyState === 'complete'")
    given = parse_qs(urlsplit(reader.url).query)
    assert (given["view"], given["measure"], given["sort"], given["lang"]) == (
        ["table"],
        ["counted"],
        ["-cast"],
        ["en"],
    )
    until(reader, f"{_FIRST} === '{first}'")
    until(reader, f"scrollY === {down}")


def test_a_tap_while_the_server_is_away_keeps_the_numbers_and_comes_back_by_itself(phone: Page) -> None:
    api = ToyApi(ToyCount())
    with serve(api) as url:
        open_live(phone, f"{url}/?view=table")
        until(phone, NAVIGATES)
        votes = phone.locator('.headline [data-f="votes.0"]')
        before = votes.inner_text()
    until(phone, "escrutinio.client.status().transport === null")
    phone.evaluate("document.querySelector('table.areas a[href=\"/area/department/14\"]').click()")
    expect(phone.locator("#notice")).to_contain_text("Nuestro servidor no responde")
    assert votes.inner_text() == before
    with serve(ToyApi(ToyCount()), port=int(url.rpartition(":")[2])):
        phone.wait_for_url("**/area/department/14**")
        expect(phone.locator("h1")).to_contain_text("Lima")
