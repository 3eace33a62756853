"""The overview, a ballot and a contest's board in a real browser, on a phone and in a window."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.test_accessibility import tab_to
from tests.dashboard.toy.api import serve
from tests.dashboard.toy.races import RacesApi
from tests.dashboard.watching import until

pytestmark = pytest.mark.browser

_FOLLOWS = "escrutinio.client?.status().transport === 'socket'"
_BALLOT = "/mi-cedula?where=070101"
_PAINT = """(row) => {
  const started = performance.now();
  escrutinio.show([row.id], { [row.id]: row });
  document.body.offsetHeight;
  return performance.now() - started;
}"""
_MOST_MS = 5


@pytest.fixture
def site(api: RacesApi) -> Iterator[str]:
    """The address of API and dashboard together."""
    with serve(api) as url:
        yield url


def follow(page: Page, url: str) -> None:
    page.goto(url)
    until(page, _FOLLOWS)


def test_one_race_that_changes_is_painted_again_in_row_map_and_counter(reader: Page, site: str, api: RacesApi) -> None:
    follow(reader, site)
    row, other = reader.locator('[data-race="arequipa"]'), reader.locator('[data-race="tacna"]')
    before = other.inner_html()
    states = reader.locator("[data-states]").inner_text()
    expect(row).to_contain_text("Por definirse")
    api.tell(api.vote("04", [60_000, 9_000, 8_000, 0, 0, 0, 0, 0], out=1))
    expect(row.locator(".race-state")).to_have_text("Con ganador")
    expect(row).to_contain_text("Matemáticamente definido: Mendoza gana en primera vuelta.")
    expect(row.locator(".trio li").first).to_contain_text("60 000")
    expect(reader.locator('[data-region="arequipa"] title')).to_have_text(re.compile("Con ganador$"))
    assert reader.locator('[data-region="arequipa"] text').text_content() == "✓"
    assert other.inner_html() == before
    assert reader.locator("[data-states]").inner_text() != states
    assert len(api.readers) == 1


def test_that_nobody_reads_the_source_is_said_though_no_race_changes(reader: Page, site: str, api: RacesApi) -> None:
    follow(reader, site)
    expect(reader.locator("#status")).to_have_text("En vivo")
    api.count.feed = {**api.count.feed, "state": "down", "note": "ended"}
    api.tell(api.table_heartbeat())
    expect(reader.locator("#status")).to_contain_text("Sin leer la fuente · última lectura")
    expect(reader.locator("#feed-note")).to_contain_text("Ahora nadie lee la fuente")


def test_a_changed_race_is_painted_within_five_milliseconds(wide: Page, site: str, api: RacesApi) -> None:
    follow(wide, site)
    rows = [api.vote("03", [60_000 + 999 * n, 9_000, 8_000, 7_000, 0, 0, 0, 0])["rows"][0] for n in range(9)]
    assert sorted(wide.evaluate(_PAINT, row) for row in rows)[len(rows) // 2] <= _MOST_MS


def test_a_ballot_keeps_its_place_in_the_address_and_follows_its_races_alone(
    reader: Page, site: str, api: RacesApi
) -> None:
    reader.goto(f"{site}/mi-cedula")
    reader.get_by_label("Distrito o número de mesa").fill("070101")
    reader.keyboard.press("Enter")
    reader.get_by_role("link", name="Distrito 070101").click()
    reader.wait_for_url("**/mi-cedula?where=070101")
    until(reader, _FOLLOWS)
    assert list(api.readers.values()) == [["cusco"]]
    card = reader.locator('[data-race="cusco"]')
    expect(card).to_contain_text("El umbral de 30 % aún puede cambiar: Mendoza está 49 votos por encima")
    api.tell(api.vote("07", [9_000, 9_000, 9_000, 9_000, 0, 0, 0, 0], out=0))
    expect(card.locator(".trio li")).to_have_count(4)
    expect(card).to_contain_text("Empate: Mendoza, Quispe, Huamán, Rojas.")
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_overview_to_a_contests_board_and_back_its_pages_stay_in_it(reader: Page, site: str) -> None:
    reader.goto(site)
    reader.locator('[data-race="cusco"] a').click()
    reader.wait_for_url("**/contests/cusco/*")
    expect(reader.locator("h1")).to_contain_text("Gobierno Regional de Cusco")
    expect(reader.locator(".outlook")).to_contain_text("Aún no está decidido si habrá segunda vuelta.")
    reader.goto(f"{site}/contests/cusco/?view=table")
    reader.locator('table a[href^="/contests/cusco/area/province/0701"]').first.click()
    reader.wait_for_url("**/contests/cusco/area/province/0701*")
    expect(reader.locator(".breadcrumb")).to_contain_text("Elecciones regionales")
    reader.locator(".breadcrumb a").first.click()
    expect(reader.locator("[data-race]")).to_have_count(25)


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "Matemáticamente definido: segunda vuelta, Mendoza contra Quispe."),
     ("en", "Mathematically decided: a run-off between Mendoza and Quispe.")],
)  # fmt: skip
def test_a_run_off_is_said_in_both_languages_without_a_script(
    plain: Page, site: str, api: RacesApi, language: str, said: str
) -> None:
    api.vote("07", [250_000, 240_000, 150_000, 140_000, 90_000, 80_000, 50_000, 0], out=3)
    for path in ("/", _BALLOT, "/contests/cusco/"):
        plain.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
        expect(plain.locator("main")).to_contain_text(said)


def test_without_a_script_a_district_is_found_by_its_name(plain: Page, site: str) -> None:
    plain.goto(f"{site}/mi-cedula?lang=en")
    plain.get_by_label("District or number of the polling table").fill("distrito 0701")
    plain.get_by_role("button", name="Search").click()
    plain.get_by_role("link", name="Distrito 070103").click()
    expect(plain.locator("h1")).to_have_text("My ballot: Distrito 070103")
    expect(plain.locator("[data-race]")).to_have_count(1)


@pytest.mark.long
def test_axe_finds_nothing_to_object_to(wide: Page, site: str) -> None:
    wide.emulate_media(reduced_motion="reduce")
    found = {}
    for path in ("/", "/?lang=en", "/contests?within=department/07", "/mi-cedula", "/mi-cedula?q=0701", _BALLOT,
                 "/contests/cusco/?view=table", "/?at=2026-06-09T16:00:00Z"):  # fmt: skip
        wide.goto(site + path)
        found[path] = objections(wide)
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_the_overview_is_walked_with_tab_and_enter(wide: Page, site: str) -> None:
    wide.goto(site)
    tab_to(wide, '[data-region="cusco"]')
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/contests/cusco/*")
    wide.goto(site)
    tab_to(wide, '[data-race="tacna"] a')
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/contests/tacna/*")


def test_nothing_is_cut_off_sideways_on_a_phone(phone: Page, site: str) -> None:
    for path in ("/", "/contests?within=department/07", "/mi-cedula?q=0701", _BALLOT, "/contests/cusco/"):
        phone.goto(site + path)
        assert phone.evaluate("document.documentElement.scrollWidth") == 360, path
