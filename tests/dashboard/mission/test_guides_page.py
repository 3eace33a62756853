"""Guides on a phone: read and searched without network, and gone when whoever read them signs out."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.dashboard.toy.desk import DeskApi, open_ready
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

_KEPT = "caches.match('/mission/guides?lang=es').then(Boolean)"
_LEFT = """new Promise((done) => {
  const opening = indexedDB.open('escrutinio-guides');
  opening.onsuccess = () => {
    const asked = opening.result.transaction('guides').objectStore('guides').count();
    asked.onsuccess = () => done(asked.result);
  };
})"""


def test_guides_are_read_and_searched_without_network_and_leave_with_their_reader(
    observer: BrowserContext, desk: DeskApi, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission/guides")
    expect(page.locator(".guide-list a")).to_have_text(
        ["Cuidarse durante la observación", "Observar el escrutinio de una mesa"]
    )
    expect(page.locator("main")).to_contain_text("Guardadas en este dispositivo")
    until(page, _KEPT)
    observer.set_offline(True)
    open_ready(page, f"{url}/mission/guides")
    expect(page.locator("main")).to_contain_text("se muestran las guías guardadas")
    page.get_by_label("Buscar en las guías").fill("telefono")
    expect(page.locator("#guide-results li").first).to_contain_text("teléfono")
    page.locator("#guide-results a").first.click()
    expect(page.locator("article.guide mark").first).to_be_in_viewport()
    expect(page.locator("article.guide")).to_contain_text("Ningún dato vale más que usted")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    observer.set_offline(False)
    assert page.evaluate(_LEFT) == 2
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_label("Código de invitación")).to_be_visible()
    assert page.evaluate(_LEFT) == 0


def test_a_guide_links_to_another_and_a_coordinator_hears_of_a_bad_file(member: BrowserContext, url: str) -> None:
    page = member.new_page()
    open_ready(page, f"{url}/mission/guides?name=scrutiny&lang=en")
    expect(page.locator(".view .note")).to_contain_text("roto.es.md")
    with page.expect_event("load"):
        page.locator("article.guide").get_by_role("link", name="how to keep safe").click()
    expect(page.locator("article.guide")).to_have_attribute("lang", "en")
    expect(page.locator(".card h2").last).to_have_text("Keeping safe while observing")
