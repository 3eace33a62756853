"""The server's picture is the live map of the country: it is painted, says what lies where, and opens pages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from dashboard import app
from dashboard.colours import load_presentation, ramps
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.boundaries import outlines
from tests.dashboard.toy.count import LISTS
from tests.dashboard.watching import FOLLOWS, STANDS, expected_color, go_near, open_live, settle, until

pytestmark = pytest.mark.browser

_PRESENTATION = load_presentation(Path(app.__file__).parent / "presentation.toml")
_COLORS = [entry["color"] for entry in LISTS]
_COUNTED = {"counted": 1, "total": 1, "at_jee": 0, "pending": 0}
_LARGE = ("maplibre", "/geometry/", "plotly")


def area(page: Page, code: str) -> str:
    return f'.picture [data-k="department/{code}"]'


def middle(page: Page, code: str) -> tuple[float, float]:
    box = page.locator(area(page, code)).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def open_country(page: Page, url: str) -> None:
    open_live(page, url)
    until(page, STANDS)
    until(page, FOLLOWS)
    page.locator("#map-slot").scroll_into_view_if_needed()


def test_nothing_large_comes_until_somebody_goes_nearer_than_the_departments(reader: Page, site: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if any(name in request.url for name in _LARGE):
            asked.append(request.url)

    reader.on("request", note)
    open_country(reader, f"{site}/?view=map")
    assert asked == []
    expect(reader.locator(".map-label")).not_to_have_count(0)  # what comes last without being asked
    assert asked == []
    reader.get_by_label("Áreas").select_option("district")
    until(reader, "escrutinio.featureColor('district/140101') !== null")
    assert [url.removeprefix(site) for url in asked] == ["/api/v1/geometry/outlines/nation?level=district&v=abc"]
    reader.get_by_label("Áreas").select_option("department")
    until(reader, f"!document.querySelector('.finer') && {STANDS}")
    expect(reader.locator(area(reader, "14"))).to_be_visible()
    go_near(reader)
    assert any("maplibre" in url for url in asked)


def test_a_change_paints_the_picture_and_what_is_all_counted_has_no_ring(wide: Page, site: str, api: ToyApi) -> None:
    open_country(wide, site)
    lima = wide.locator(area(wide, "14"))
    expect(lima).to_have_attribute("filter", "url(#ring)")
    api.send(api.count.set_published("department/14", votes=[9_000, 1_000], counted=9, total=9))
    expect(lima).to_have_attribute("fill", expected_color(api, "department/14"))
    assert lima.get_attribute("filter") is None
    api.send(api.count.set_published("department/14", votes=[0, 0], counted=0, total=9))
    expect(lima).to_have_attribute("fill", "url(#hatch)")


@pytest.mark.parametrize(("language", "votes"), [("es", "votos"), ("en", "votes")])
def test_a_tip_says_votes_and_shares_of_the_first_two_and_follows_the_count(
    wide: Page, site: str, api: ToyApi, language: str, votes: str
) -> None:
    open_country(wide, f"{site}/?lang={language}")
    wide.mouse.move(*middle(wide, "14"))
    tip = wide.locator(".map-tooltip")
    api.send(api.count.set_published("department/14", votes=[700_000, 300_000]))
    for said in (f"Norte 70.0 % · 700 000 {votes}", f"Sur 30.0 % · 300 000 {votes}"):
        expect(tip.get_by_text(said, exact=True)).to_be_visible()
    wide.mouse.click(*middle(wide, "14"))
    wide.wait_for_url("**/area/department/14**")
    expect(wide.locator(".map-tooltip:visible")).to_have_count(0)  # a tip ends with its page


def test_every_department_opens_its_sheet_in_sight_under_a_finger(phone: Page, site: str, api: ToyApi) -> None:
    open_country(phone, f"{site}/?view=map")
    sheet, height = phone.locator("#map-sheet"), phone.viewport_size["height"] if phone.viewport_size else 0
    phone.evaluate("document.querySelector('.abroad').remove()")  # the toy's squares fill the sea, where it stands
    for code in (f"{number:02d}" for number in range(1, 26)):
        phone.evaluate("document.getElementById('map-sheet').hidden = true")
        phone.touchscreen.tap(*middle(phone, code))
        expect(sheet.locator("a.button")).to_have_attribute("href", f"/area/department/{code}")
    settle(phone)
    box = sheet.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= box["y"] + box["height"] <= height
    expect(sheet).to_contain_text("Norte")
    expect(sheet).to_contain_text("votos")
    sheet.get_by_role("button", name="Cerrar").click()
    expect(sheet).to_be_hidden()


def test_a_finger_beside_an_area_smaller_than_itself_means_that_area(phone: Page, site: str) -> None:
    open_country(phone, f"{site}/?view=map")
    phone.evaluate(
        "document.querySelector('.picture [data-k=\"department/13\"]').setAttribute('d', 'M300 450h4v4h-4z')"
    )
    x, y = middle(phone, "13")
    phone.touchscreen.tap(x + 9, y + 6)
    expect(phone.locator("#map-sheet a.button")).to_have_attribute("href", "/area/department/13")


def test_keys_go_from_area_to_area_and_enter_opens_one(wide: Page, site: str) -> None:
    open_country(wide, site)
    stops = wide.locator(".picture [data-k][tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    wide.keyboard.press("ArrowRight")
    focused = wide.locator(".picture [data-k]:focus")
    expect(focused).to_have_attribute("data-k", "department/02")
    wide.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-k", "department/07")
    expect(wide.locator(".map-tooltip")).to_be_visible()
    assert (focused.get_attribute("aria-label") or "").startswith("Cusco")
    expect(stops).to_have_count(1)
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/area/department/07")


def test_a_level_of_which_nothing_was_read_is_dotted_and_its_legend_says_so(wide: Page, site: str, api: ToyApi) -> None:
    shapes = outlines(api.count, "nation", "province")
    wide.route("**/geometry/outlines/nation?level=province*", lambda route: route.fulfill(json=shapes))
    for key in [key for key in api.count.state if key.startswith("province/")]:
        del api.count.state[key]
    open_live(wide, f"{site}/?areas=province")
    until(wide, "escrutinio.featureState('province/1401')?.cover === 'not_read'")
    expect(wide.locator("#map-legend")).to_contain_text("Sin leer aún")


def test_a_polling_place_takes_the_colour_of_who_leads_there_and_its_tip_the_result(
    wide: Page, site: str, api: ToyApi
) -> None:
    open_live(wide, f"{site}/area/district/140101?view=map")
    until(wide, "escrutinio.map.queryRenderedFeatures({ layers: ['places'] }).length > 0")
    key, x, y = wide.evaluate(
        """() => {
          const { map } = escrutinio;
          const [place] = map.queryRenderedFeatures({ layers: ["places"] });
          const [{ x, y }, box] = [map.project(place.geometry.coordinates), map.getCanvas().getBoundingClientRect()];
          return [place.properties.key, box.left + x, box.top + y];
        }"""
    )
    shown = "escrutinio.map.queryRenderedFeatures({ layers: ['places'] })[0].state.color"
    for votes in ([9, 1], [1, 9]):
        api.count.state[key] = {**api.count.state[key], "computed": {**_COUNTED, "votes": votes}}
        api.send(api.count.next_delta([key]))
        until(wide, f"{shown} === '{ramps(_COLORS, _PRESENTATION)[votes.index(9)][-1]}'")
    wide.mouse.move(x, y)
    expect(wide.locator(".map-tooltip")).to_contain_text("votos")


def test_on_paper_and_without_script_the_ring_is_the_same_sign(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    assert page.locator("#ring").count() == 1
    expect(page.locator(".covers .tile.partial")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(("language", "note"), [("es", "el mayor, Lima"), ("en", "the largest, Lima")])
def test_the_country_by_size_draws_circles_by_the_votes_of_the_lead(
    reader: Page, site: str, api: ToyApi, language: str, note: str
) -> None:
    for code, votes in (("14", [900_000, 500_000]), ("15", [150_000, 50_000]), ("01", [7, 7])):
        api.count.set_published(f"department/{code}", votes=votes, counted=9, total=9)
    open_country(reader, f"{site}/?view=map&lang={language}")
    reader.locator("#choose-areas").select_option("size")
    assert "areas=size" in reader.url
    circles = {code: reader.locator(f'.sizes [data-in="department/{code}"]') for code in ("14", "15", "01")}
    radii = {code: float(circle.get_attribute("r") or "") for code, circle in circles.items()}
    # Areas, not radii, are as the votes: four times the lead is twice as wide. A tie leads nowhere.
    assert radii["14"] == pytest.approx(2 * radii["15"], rel=0.01)
    assert radii["01"] == 0
    expect(circles["14"]).to_have_attribute("fill", expected_color(api, "department/14"))
    expect(reader.locator("#map-sizes")).to_contain_text(f"{note}: 400 000 vot")
    api.send(api.count.set_published("department/15", votes=[950_000, 50_000]))
    expect(reader.locator("#map-sizes")).to_contain_text("Loreto: 900 000 vot")
    reader.locator("#choose-areas").select_option("auto")
    expect(circles["14"]).to_be_hidden()
    expect(reader.locator("#map-sizes")).to_have_count(0)
