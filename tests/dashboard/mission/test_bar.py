"""The bar of the mission's pages: one line of groups, opened and closed with hands or keys."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.dashboard.toy.desk import open_ready

pytestmark = pytest.mark.browser
_LINE_PX = 44


def test_the_bar_is_one_line_on_a_phone_and_opened_it_stays_on_the_screen(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    for language in ("es", "en"):
        open_ready(page, f"{url}/mission/stake?lang={language}")
        box = page.locator(".menu").bounding_box()
        assert box is not None
        assert box["height"] <= _LINE_PX
        page.evaluate("document.querySelectorAll('.menu details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_group_opens_and_closes_by_key_and_only_one_is_open(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/stake")
    count, team = page.locator(".menu summary", has_text="Conteo"), page.locator(".menu summary", has_text="Equipo")
    expect(count).to_have_attribute("aria-current", "true")
    count.press("Enter")
    expect(page.get_by_role("link", name="Votos en juego")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Señales")).to_be_focused()
    page.keyboard.press("Escape")
    expect(count).to_be_focused()
    expect(page.locator(".menu details[open]")).to_have_count(0)
    count.click()
    team.click()
    expect(page.locator(".menu details[open]")).to_have_count(1)
    expect(page.get_by_role("link", name="Cobertura")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator(".menu details[open]")).to_have_count(0)


def test_an_observer_has_few_pages_and_no_menus_for_one(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/report")
    entries = page.locator(".menu > ul > li")
    assert entries.count() <= 5
    expect(page.locator(".menu").get_by_role("link", name="Reportar")).to_have_attribute("aria-current", "page")
