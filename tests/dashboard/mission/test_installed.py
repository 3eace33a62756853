"""The mission as an application on a phone: what is installed, that it can be, and how a newer version is told."""

import io
import json
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from dashboard import document
from dashboard.app import build
from dashboard.built import made, style
from dashboard.mission_pages import PAGES
from tests.dashboard.toy.count import ELECTION
from tests.dashboard.toy.desk import DeskApi, open_ready
from tests.dashboard.watching import until

_CONTROLLED = "Boolean(navigator.serviceWorker.controller)"
_OFFER = """() => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = () => { window.isAsked = true; };
  window.dispatchEvent(event);
}"""


@pytest.fixture
def pages() -> Any:
    """A client of the pages alone."""
    return build(DeskApi().read, election_id=ELECTION).server.test_client()


@pytest.mark.parametrize(("language", "name"), [("es", "Escrutinio · Misión"), ("en", "Escrutinio · Mission")])
def test_the_missions_pages_name_a_manifest_of_their_language_and_no_public_page_does(
    pages: Any, language: str, name: str
) -> None:
    (address,) = re.findall(r'<link rel="manifest" href="([^"]+)"', pages.get(f"/mission?lang={language}").text)
    answer = pages.get(address)
    told = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["scope"], told["start_url"]) == (name, "/mission", f"/mission?lang={language}")
    assert {each["url"].partition("?")[0] for each in told["shortcuts"]} <= set(PAGES)
    for icon in told["icons"]:
        drawn = Image.open(io.BytesIO(pages.get(icon["src"]).data)).convert("RGBA")
        assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
        # What a system cuts has its ground to the corner; what stands as it is has round ones.
        assert (drawn.getpixel((0, 0)) == drawn.getpixel((drawn.width // 2, 2))) is (icon["purpose"] == "maskable")
    for path in ("/", "/methods"):
        text = pages.get(path).text
        assert "manifest" not in text
        assert "theme-color" not in text


@pytest.mark.browser
def test_a_browser_finds_nothing_against_installing_it(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    until(page, _CONTROLLED)
    session = observer.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


@pytest.mark.browser
def test_a_newer_version_is_told_on_the_open_page_and_kept_for_the_next(
    observer: BrowserContext, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    until(page, f"{_CONTROLLED} && caches.open('mission-form').then((cache) => cache.keys()).then((all) => all.length)")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("button", name="Actualizar")).to_have_count(0)
    newer = made("mission.css", b"/* newer */")
    monkeypatch.setattr(document, "style", lambda name: newer if name == "mission" else style(name))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".offers")).to_contain_text("Hay una versión nueva de estas páginas.")
    page.get_by_role("button", name="Actualizar").click()
    expect(page.locator(f'link[href="{newer.url}"]')).to_have_count(1)
    expect(page.locator(".offers")).to_be_empty()


@pytest.mark.browser
def test_installing_is_offered_once_and_not_again_to_whoever_declined(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    page.evaluate(_OFFER)
    page.get_by_role("button", name="Ahora no").click()
    expect(page.locator(".offers")).to_be_empty()
    page.reload()
    page.evaluate(_OFFER)
    expect(page.locator(".bar")).to_be_visible()
    expect(page.locator(".offers")).to_be_empty()


@pytest.mark.browser
def test_installing_asks_the_browser(observer: BrowserContext, url: str) -> None:
    page = observer.new_page()
    open_ready(page, f"{url}/mission")
    page.evaluate(_OFFER)
    page.get_by_role("button", name="Instalar").click()
    assert page.evaluate("window.isAsked")
