"""On paper: the numbers, their times, the source and the address, and nothing that is pressed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

_PRESSED = (
    "header.site #search, header.site .language, .ways, #map-controls, #pause, .skip, footer.site nav, .map-canvas"
)
_WHITE = "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", ["/?view=map", "/area/department/14?view=table", "/place/0001", "/corrections"])
def test_paper_has_numbers_times_source_and_address_and_no_buttons(
    wide: Page, site: str, api: ToyApi, path: str
) -> None:
    api.count.correct("nation", cast=100)
    wide.emulate_media(media="print", color_scheme="dark")
    wide.goto(site + path, wait_until="domcontentloaded")
    wide.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(wide.locator("h1")).to_be_visible()
    expect(wide.locator("footer.site")).to_contain_text("ONPE, resultados (ensayo)")
    expect(wide.locator(".printed")).to_have_text(f"Impreso de {site}{path}")
    for element in wide.locator(_PRESSED).all():
        expect(element).to_be_hidden()
    assert wide.evaluate("getComputedStyle(document.body).backgroundColor") == _WHITE
    if path != "/corrections":
        expect(wide.locator(".times")).to_contain_text("Dato de ONPE")
        expect(wide.locator(".headline")).to_contain_text("votos")
        expect(wide.locator("table.areas").first).to_be_visible()


def test_the_picture_on_paper_has_the_newest_colours_beside_the_table(wide: Page, site: str, api: ToyApi) -> None:
    wide.goto(site, wait_until="domcontentloaded")
    wide.get_by_role("button", name="Acercar").click()
    until(wide, "Boolean(document.querySelector('#map-slot.live'))")  # MapLibre's map is no picture for paper
    api.send(api.count.set_published("department/14", votes=[900_000, 1], counted=700, total=700))
    until(wide, "escrutinio.client.state['department/14'].published.votes[0] === 900000")
    wide.emulate_media(media="print")
    wide.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    area = wide.locator('.picture [data-k="department/14"]')
    expect(area).to_have_attribute("fill", api.count.lists[0]["color"])
    expect(area).to_be_visible()
    expect(wide.locator('tr[data-area="department/14"]')).to_contain_text("900 000")


def test_a_page_fits_on_paper(wide: Page, site: str, tmp_path: Path) -> None:
    wide.emulate_media(media="print")
    wide.set_viewport_size({"width": 690, "height": 1000})  # A4 between its margins
    wide.goto(site, wait_until="domcontentloaded")
    assert wide.evaluate("document.documentElement.scrollWidth") <= 690
    picture = wide.screenshot(path=tmp_path / "paper.png", full_page=True)
    assert len(picture) > 20_000
