"""The dashboard in a real browser: painted, live, drilled through, on a phone and without scripts."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import (
    COUNT_SHIFTS,
    FOLLOWS,
    LIVE,
    NAVIGATES,
    PAINTED,
    STANDS,
    expected_color,
    go_near,
    open_live,
    see,
    settle,
    until,
)

pytestmark = pytest.mark.browser


def test_the_first_numbers_need_no_javascript(plain: Page, site: str) -> None:
    plain.goto(site)
    expect(plain.locator(".headline")).to_contain_text("51.9 %")
    expect(plain.locator(".actas")).to_contain_text("Contabilizadas")
    expect(plain.locator("table.areas tr[data-area^=department]").first).to_be_visible()
    expect(plain.locator("svg.picture")).to_be_visible()
    expect(plain.locator(".no-script")).to_contain_text("Sin JavaScript")


def test_the_map_paints_each_area_in_its_leaders_colour(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, site)
    until(wide, PAINTED)
    for code in ("01", "04", "14", "25"):
        assert wide.evaluate(f"escrutinio.featureColor('department/{code}')") == expected_color(
            api, f"department/{code}"
        )
    covers = {code: wide.evaluate(f"escrutinio.featureState('department/{code}').cover") for code in ("02", "03", "14")}
    assert covers == {"02": "nothing_counted", "03": "complete", "14": "partial"}
    box = wide.locator('.box[data-area="department/92"]')
    red, green, blue = (int(expected_color(api, "department/92")[at : at + 2], 16) for at in (1, 3, 5))
    expect(box.locator(".tile")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


def test_a_change_repaints_headline_table_and_map_within_two_seconds(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/")
    until(wide, PAINTED)
    lima = api.count.set_published("department/14", votes=[900_000, 100_000], counted=700, cast=1_000_000)
    last_seen = see(
        wide,
        ("text", '.headline [data-f="votes.0"]', "9 052 039"),
        ("text", 'tr[data-area="department/14"] [data-f="list.0"]', "900 000"),
        ("color", "department/14", expected_color(api, "department/14")),
    )
    begun = time.time()
    api.send(lima)
    api.send(api.count.set_published("nation", votes=[9_052_039, 9_043_470], counted=26_000))
    assert last_seen() - begun < 2
    expect(wide.locator(".lists li").first).to_contain_text("Norte")
    expect(wide.locator("#announcer")).to_contain_text("Norte 50.024 %, Sur 49.976 %")
    expect(wide.locator(".outlook")).to_contain_text("8 569")
    weights = "(numbers) => numbers.map((one) => getComputedStyle(one).fontWeight)"
    assert {*wide.locator(".outlook .n").evaluate_all(weights)} == {"600"}


def test_nothing_is_asked_of_another_origin_and_the_console_stays_empty(wide: Page, site: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    wide.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    wide.on("pageerror", lambda error: said.append(str(error)))
    open_live(wide, site)
    until(wide, PAINTED)
    wide.locator('.box[data-area="department/92"]').click()
    wide.wait_for_url("**/area/department/92*")
    wide.goto(f"{site}/mesa/000001")
    until(wide, LIVE)
    own = site.removeprefix("http")
    foreign = [url for url in asked if not url.startswith((f"http{own}", f"ws{own}", f"blob:http{own}", "data:"))]
    assert foreign == []
    # Without a graphics card the browser itself remarks that copying the map out of WebGL is slow.
    assert [line for line in said if "GL Driver Message" not in line] == []


def test_the_whole_way_down_by_keyboard(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/?view=table")
    for selector, path in (
        ('tr[data-area="department/14"] a', "/area/department/14"),
        ('tr[data-area="province/1401"] a', "/area/province/1401"),
        ('tr[data-area="district/140101"] a', "/area/district/140101"),
        ('tr[data-area="place/0001"] a', "/place/0001"),
        ('tr[data-area="mesa/000003"] a', "/mesa/000003"),
    ):
        link = wide.locator(selector)
        link.focus()
        wide.keyboard.press("Enter")
        wide.wait_for_url(f"**{path}*")
        until(wide, f"document.getElementById('page').dataset.path === '{path}'")
    expect(wide.locator("h1")).to_have_text("Mesa 000003")
    expect(wide.locator(".breadcrumb li")).to_have_count(6)
    assert "Mesa 000003" in wide.title()
    wide.go_back()
    expect(wide.locator("h1")).to_have_text("IE 1015 República del Paraguay")


def test_a_page_reached_by_link_is_live_too(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, f"{site}/?view=table")
    wide.locator('tr[data-area="department/14"] a').click()
    expect(wide.locator("h1")).to_have_text("Lima Departamento")
    until(wide, "escrutinio.client.state['department/14'] !== undefined")
    api.send(api.count.set_published("province/1402", votes=[77_777, 11_111]))
    expect(wide.locator('tr[data-area="province/1402"] [data-f="list.0"]')).to_contain_text("77 777")


def test_a_click_on_the_map_goes_down(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/?areas=province")
    until(wide, STANDS)
    go_near(wide)
    point = wide.evaluate("(({x, y}) => [x, y])(escrutinio.map.project([-75, -9]))")
    box = wide.locator(".map-canvas").bounding_box()
    assert box is not None
    wide.mouse.move(box["x"] + point[0], box["y"] + point[1])
    expect(wide.locator(".map-canvas .map-tooltip")).to_contain_text("de actas")
    wide.mouse.click(box["x"] + point[0], box["y"] + point[1])
    wide.wait_for_url("**/area/province/**")
    until(wide, "escrutinio.featureColor('district/130201') !== null")
    expect(wide.locator(".map-tooltip:visible")).to_have_count(0)


def test_the_search_finds_without_accents_and_six_digits_are_a_mesa(wide: Page, site: str) -> None:
    open_live(wide, site)
    field = wide.get_by_role("combobox", name="Buscar")
    field.press_sequentially("republica")
    expect(wide.locator("#search").get_by_role("option")).to_have_count(1)
    wide.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "search-hit-0"
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/place/0001*")
    # A page that does not come within eight seconds is loaded anew, and what was typed meanwhile is gone.
    until(wide, "document.getElementById('page')?.dataset.key === 'place/0001'")
    field.fill("000002")
    field.press("Enter")
    wide.wait_for_url("**/mesa/000002*")


def test_the_language_switch_keeps_the_page(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/area/department/14")
    wide.get_by_role("link", name="English").click()
    wide.wait_for_url("**/area/department/14?lang=en")
    expect(wide.locator("#status")).to_have_text("Live")
    expect(wide.locator(".headline")).to_contain_text("Difference")


def test_headers_sort_by_keyboard(wide: Page, site: str) -> None:
    open_live(wide, f"{site}/?view=table")
    wide.get_by_role("button", name="Ventaja").focus()
    wide.keyboard.press("Enter")
    expect(wide.locator("th[aria-sort=descending]")).to_have_count(1)
    points = wide.locator("tbody:first-of-type tr:not(.group) [data-f=ahead]").all_inner_texts()
    known = [float(text.split()[0]) for text in points if text]
    assert known == sorted(known, reverse=True)
    assert all(points[: len(known)])  # what has no lead comes last
    assert wide.locator("tbody:first-of-type tr").first.get_attribute("data-area") == "scope/domestic"


def test_pausing_holds_the_numbers_and_resuming_shows_the_newest(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, site)
    number = wide.locator('.headline [data-f="votes.0"]')
    before = number.inner_text()
    wide.get_by_role("button", name="Pausar").click()
    expect(wide.locator("#status")).to_have_text("En pausa")
    api.send(api.count.set_published("nation", votes=[5_000_000, 1]))
    until(wide, "escrutinio.client.state.nation.published.votes[0] === 5000000")
    assert number.inner_text() == before
    wide.get_by_role("button", name="Reanudar").click()
    expect(number).to_have_text("5 000 000")


def test_a_stale_feed_is_never_called_live(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, site)
    before = wide.locator('.headline [data-f="votes.0"]').inner_text()
    api.count.feed = {**api.count.feed, "state": "stale"}
    api.send(api.heartbeat())
    expect(wide.locator("#status")).to_have_text("Atrasado · última lectura: 14:05")
    assert wide.locator('.headline [data-f="votes.0"]').inner_text() == before


def test_that_reading_stopped_is_said_while_the_page_is_open_and_ends_by_itself(
    wide: Page, site: str, api: ToyApi
) -> None:
    open_live(wide, site)
    note, sound = wide.locator("#feed-note"), api.count.feed
    expect(note).to_be_hidden()
    # 02:04 UTC is 21:04 in Lima.
    stopped = {"note": "stopped", "figures": {"at": "2026-06-13T02:04:00Z"}}
    api.count.feed = {**sound, "state": "down", **stopped}
    api.send(api.heartbeat())
    expect(note).to_have_text(re.compile(r"La lectura se detuvo a las .*21:04"))
    api.count.feed = sound
    api.send(api.heartbeat())
    expect(note).to_be_hidden()


def test_where_sockets_are_refused_the_page_polls(wide: Page, site: str, api: ToyApi) -> None:
    api.refuse_sockets = True
    wide.goto(site)
    until(wide, "escrutinio.client.status().transport === 'poll'")
    api.count.set_published("nation", votes=[4_444_444, 1])
    expect(wide.locator('.headline [data-f="votes.0"]')).to_have_text("4 444 444")


def test_a_state_that_differs_from_the_servers_hash_is_fetched_again(wide: Page, site: str, api: ToyApi) -> None:
    open_live(wide, site)
    until(wide, "Boolean(escrutinio.client.state.nation)")
    api.count.state["nation"]["published"]["votes"] = [6_000_000, 2]  # changed, but no delta was sent
    api.send({**api.heartbeat(), "hash": api.hash_of("nation")})
    expect(wide.locator('.headline [data-f="votes.0"]')).to_have_text("6 000 000")


def test_a_row_that_was_not_there_appears(wide: Page, site: str, api: ToyApi) -> None:
    gone = api.count.state.pop("department/24")
    open_live(wide, f"{site}/?view=table")
    expect(wide.locator('tr[data-area="department/24"]')).to_have_count(0)
    api.count.state["department/24"] = gone
    api.send(api.count.next_delta(["department/24"]))
    expect(wide.locator('tr[data-area="department/24"]')).to_have_count(1)


def test_a_phone_starts_with_the_table_and_nothing_spills(phone: Page, site: str) -> None:
    open_live(phone, site)
    expect(phone.locator(".table-panel")).to_be_visible()
    expect(phone.locator(".map-panel")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    small = phone.evaluate(
        """() => [...document.querySelectorAll('button, a, summary, input')]
            .filter((each) => each.offsetParent && !each.closest('.visually-hidden, .skip'))
            .map((each) => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
    )
    assert small == []


def test_a_tap_opens_a_sheet_below_the_map(phone: Page, site: str) -> None:
    open_live(phone, f"{site}/?view=map&areas=province")
    until(phone, STANDS)
    go_near(phone)
    phone.locator(".map-canvas").scroll_into_view_if_needed()
    point: Any = phone.evaluate("(({x, y}) => [x, y])(escrutinio.map.project([-75, -9]))")
    box = phone.locator(".map-canvas").bounding_box()
    assert box is not None
    phone.touchscreen.tap(box["x"] + point[0], box["y"] + point[1])
    expect(phone.locator("#map-sheet")).to_contain_text("puntos")
    phone.locator("#map-sheet a").click()
    phone.wait_for_url("**/area/province/**")


def test_a_page_adds_one_name_of_its_own_to_the_window(wide: Page, site: str) -> None:
    names = "Object.getOwnPropertyNames(window)"
    wide.route("**/_dash-component-suites/**", lambda route: route.abort())
    wide.goto(f"{site}/nothing-here")
    before = set(wide.evaluate(names))
    open_live(wide, f"{site}/?view=table")
    # The other one is Dash's, which looks there for what the navigation needs.
    assert set(wide.evaluate(names)) - before == {"escrutinio", "dash_clientside"}


def test_a_row_that_is_new_before_the_navigation_is_there_comes_once_it_is(wide: Page, site: str, api: ToyApi) -> None:
    held: list[Route] = []
    wide.add_init_script("Math.random = () => 0")  # nobody else is here for whom to wait
    wide.route("**/_dash-layout", lambda route: held.append(route))
    wide.goto(f"{site}/area/province/1401?view=table")
    until(wide, FOLLOWS)
    until(wide, lambda: held)
    api.count.state["district/140199"] = {**api.count.state["district/140101"], "name": "NUEVO"}
    api.send(api.count.next_delta(["district/140199"]))
    until(wide, f"escrutinio.client.seq === {api.count.seq}")
    settle(wide)
    held[0].continue_()
    expect(wide.locator('tr[data-area="district/140199"]')).to_be_visible()


@pytest.mark.parametrize("path", ["/methods", "/queue"])
def test_what_stands_on_a_sheet_does_not_jump_while_it_loads(reader: Page, site: str, path: str) -> None:
    reader.add_init_script(COUNT_SHIFTS)
    reader.goto(site + path)
    until(reader, NAVIGATES)
    settle(reader)
    assert reader.evaluate("shifts") <= 0.1
