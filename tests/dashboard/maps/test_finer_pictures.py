"""Pictures of every level are maps: a country's districts, a department's page, and what has no room for its name."""

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.maps.test_picture import area, middle, open_country
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import NEAR, expected_color, open_live, until

pytestmark = pytest.mark.browser


def test_districts_of_the_country_are_a_picture_that_is_painted_pointed_at_and_opened(
    wide: Page, site: str, api: ToyApi
) -> None:
    open_live(wide, f"{site}/?areas=district")
    until(wide, "escrutinio.featureColor('district/140101') !== null")
    districts = [key for key in api.count.state if key.startswith("district/") and key[9:11] < "90"]
    assert wide.locator(".picture [data-k]").count() == len(districts)
    api.send(api.count.set_published("district/140101", votes=[9, 1], counted=1, total=9))
    own = wide.locator('.picture [data-k="district/140101"]')
    expect(own).to_have_attribute("fill", expected_color(api, "district/140101"))
    rings = wide.locator(".picture .rings")
    assert own.get_attribute("filter") is None
    before = rings.get_attribute("d") or ""
    api.send(api.count.set_published("district/140101", votes=[9, 1], counted=9, total=9))
    until(wide, lambda: len(rings.get_attribute("d") or "") < len(before))
    own.scroll_into_view_if_needed()
    own.hover()
    expect(wide.locator(".map-tooltip:visible")).to_contain_text("Norte 90.0 % · 9 votos")
    expect(wide.locator("#map-legend")).to_contain_text("límites esquemáticos")
    own.click()
    wide.wait_for_url("**/area/district/140101**")


def test_a_departments_page_is_live_without_maplibre_down_to_its_districts(
    reader: Page, site: str, api: ToyApi
) -> None:
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    open_country(reader, f"{site}/area/department/14?view=map")
    province = reader.locator('.picture [data-k="province/1401"]')
    api.send(api.count.set_published("province/1401", votes=[900, 100], counted=5, total=5))
    expect(province).to_have_attribute("fill", expected_color(api, "province/1401"))
    reader.get_by_label("Áreas").select_option("district")
    until(reader, "escrutinio.featureColor('district/140101') !== null")
    reader.get_by_label("Áreas").select_option("auto")
    expect(province).to_be_visible()
    expect(reader.locator(".map-tooltip")).to_have_count(1)
    assert not [url for url in asked if "maplibre" in url]


def test_two_fingers_or_the_wheel_with_its_key_bring_the_map_that_moves(wide: Page, site: str) -> None:
    open_country(wide, site)
    wide.mouse.move(*middle(wide, "14"))
    wide.mouse.wheel(0, -200)
    wide.locator("#map-slot").scroll_into_view_if_needed()
    wide.mouse.move(*middle(wide, "14"))
    assert wide.locator("#map-slot.live").count() == 0
    wide.keyboard.down("Control")
    wide.mouse.wheel(0, -200)
    wide.keyboard.up("Control")
    until(wide, f"document.querySelector('.map-frame.near') && {NEAR}")


def test_every_department_is_named_on_a_phones_map_or_below_it_where_a_press_says_what_lies_there(
    phone: Page, site: str
) -> None:
    open_country(phone, f"{site}/?view=map")
    names = {phone.locator(area(phone, f"{code:02d}")).get_attribute("aria-label") for code in range(1, 26)}
    listed, labelled = phone.locator("#map-unnamed button"), phone.locator(".map-label")
    # The toy's squares leave the sea to no name.
    phone.evaluate("document.querySelector('.abroad').style.width = '48%'; window.dispatchEvent(new Event('resize'))")
    phone.set_viewport_size({"width": 320, "height": 800})
    every = {(name or "").partition(".")[0] for name in names}
    # Names move between the two while the window's new width is taken in.
    until(phone, lambda: listed.count() > 0 and {*listed.all_inner_texts(), *labelled.all_inner_texts()} == every)
    sides = "['width', 'height'].every(side => button.getBoundingClientRect()[side] >= 24)"
    until(phone, f"[...document.querySelectorAll('#map-unnamed button')].every(button => {sides})")
    # Read and pressed in one step: which of them comes first may still change.
    name = listed.first.evaluate("button => (button.click(), button.textContent)")
    sheet = phone.locator("#map-sheet")
    expect(sheet).to_contain_text(name)
    box = sheet.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= box["y"] + box["height"] <= 800
