"""The map in a real browser: first the server's picture, then alive; measures, levels, abroad, places, incidents."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import app
from dashboard.colours import dress, load_presentation, paint_of
from tests.dashboard.modules import configure
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.toy.count import LISTS
from tests.dashboard.watching import COUNT_SHIFTS, STANDS, expected_color, go_near, open_live, settle, until

pytestmark = pytest.mark.browser

_LIVE = "performance.getEntriesByName('map-live').length > 0"
_PRESENTATION = load_presentation(Path(app.__file__).parent / "presentation.toml")


def open_map(page: Page, url: str) -> None:
    page.goto(url, wait_until="commit")
    until(page, _LIVE)


def test_the_first_picture_stands_in_the_document_in_the_maps_colours(plain: Page, site: str, api: ToyApi) -> None:
    plain.goto(site)
    areas = plain.locator("svg.picture [data-k]")
    expect(areas).to_have_count(25)
    for code in ("01", "14", "25"):
        area = plain.locator(f'svg.picture [data-k="department/{code}"]')
        assert area.get_attribute("fill") == expected_color(api, f"department/{code}")
    areas = {code: plain.locator(f'[data-k="department/{code}"]') for code in ("02", "03", "14")}
    assert areas["02"].get_attribute("fill") == "url(#hatch)"
    # No hatch where numbers are: what is not all counted has a thin ring in its colour.
    assert [areas[code].get_attribute("filter") for code in areas] == [None, None, "url(#ring)"]
    expect(plain.locator("#map-legend")).to_contain_text("Nada contado aún")
    expect(plain.locator("#map-legend .ramp")).to_have_count(2)
    expect(plain.locator(".abroad .box")).to_have_count(5)
    expect(plain.locator("table.areas")).to_be_visible()


def test_the_nearer_map_takes_the_pictures_place_without_a_jump(reader: Page, site: str) -> None:
    reader.add_init_script(COUNT_SHIFTS)
    reader.goto(f"{site}/?view=map", wait_until="commit")
    slot = reader.locator("#map-slot")
    slot.scroll_into_view_if_needed()
    before = slot.bounding_box()
    picture = reader.evaluate("document.querySelector('.picture .areas').getBoundingClientRect().toJSON()")
    until(reader, STANDS)
    settle(reader)
    assert slot.bounding_box() == before
    go_near(reader)
    settle(reader)
    assert slot.bounding_box() == before
    assert reader.evaluate("getComputedStyle(document.querySelector('.picture')).visibility") == "hidden"
    # The corner of the country lies where it lay, but for the toy's picture, whose projection is not the map's.
    corner = reader.evaluate(
        """() => {
            const { x, y } = escrutinio.map.project([-81, 0]);
            const box = document.querySelector(".map-canvas").getBoundingClientRect();
            return [box.left + x, box.top + y];
        }"""
    )
    assert corner == pytest.approx([picture["left"], picture["top"]], abs=6)
    assert reader.evaluate("shifts") < 0.1


def test_abroad_is_a_block_on_the_map_that_steps_aside(reader: Page, site: str) -> None:
    open_map(reader, f"{site}/?view=map")
    block, slot = reader.locator(".abroad"), reader.locator("#map-slot")
    expect(block).to_be_visible()
    inner, outer = block.bounding_box(), slot.bounding_box()
    assert inner is not None
    assert outer is not None
    assert outer["x"] <= inner["x"]
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1
    reader.get_by_role("button", name="Acercar").click()
    expect(block).to_be_hidden()
    reader.get_by_role("button", name="Ver todo").click()
    expect(block).to_be_visible()


def test_another_measure_colours_map_legend_and_column_and_stays_in_the_url(
    reader: Page, site: str, api: ToyApi
) -> None:
    open_map(reader, f"{site}/?view=map")
    reader.get_by_label("Qué mostrar").select_option("counted")
    assert "measure=counted" in reader.url
    until(reader, f"escrutinio.featureColor('department/03') === '{_PRESENTATION.measure_color}'")
    expect(reader.locator("#map-legend h3")).to_have_text("Actas contabilizadas, en % de todas las actas")
    reader.get_by_role("button", name="Tabla").click()
    expect(reader.get_by_role("button", name="Actas contabilizadas")).to_be_visible()
    expect(reader.locator("th.of-lead")).to_be_hidden()
    cell = reader.locator('tr[data-area="department/03"] td.of-measure')
    expect(cell).to_have_text("100.00 %")
    api.send(api.count.set_published("department/03", counted=1, total=8))
    expect(cell).to_have_text("12.50 %")
    reader.get_by_role("button", name="Actas contabilizadas").click()
    first = reader.locator("tbody:first-of-type tr:not(.group)").first
    expect(first).to_have_attribute("data-area", "department/25")
    reader.reload()
    expect(reader.get_by_label("Qué mostrar")).to_have_value("counted")
    expect(cell).to_have_text("12.50 %")
    reader.get_by_label("Qué mostrar").select_option("lead")
    assert "measure" not in reader.url
    expect(reader.locator("th.of-lead")).to_be_visible()


def test_every_measure_says_its_share_and_a_missing_one_is_a_dash(module_page: Page) -> None:
    count = {"counted": 40, "at_jee": 2, "pending": 8, "total": 50, "cast": 1000, "blank": 30, "null": 70}
    data = {"published": {**count, "votes": [500, 400]}, "computed": {**count, "registered_counted": 1250}}
    said = "([data, name]) => modules.measures.text(data, name)"
    shares = {name: module_page.evaluate(said, [data, name]) for name in ("turnout", "counted", "at_jee", "blank_null")}
    assert shares == {"turnout": "80.00 %", "counted": "80.00 %", "at_jee": "4.00 %", "blank_null": "10.00 %"}
    bare = {"published": {**count, "blank": None}, "computed": {"counted": 0}}
    assert [module_page.evaluate(said, [bare, name]) for name in ("turnout", "blank_null")] == ["—", "—"]


def test_finer_areas_come_by_choice_and_by_looking_nearer(wide: Page, site: str, api: ToyApi) -> None:
    open_map(wide, site)
    assert wide.evaluate("escrutinio.featureColor('province/1401')") is None
    wide.get_by_label("Áreas").select_option("district")
    assert "areas=district" in wide.url
    color = expected_color(api, "district/140101")
    until(wide, f"escrutinio.featureColor('district/140101') === '{color}'")
    api.send(api.count.set_published("district/140101", votes=[9, 1], counted=1, total=9))
    until(wide, f"escrutinio.featureColor('district/140101') === '{expected_color(api, 'district/140101')}'")
    wide.get_by_label("Áreas").select_option("auto")
    until(
        wide, "escrutinio.featureColor('department/14') !== null && escrutinio.featureColor('district/140101') === null"
    )
    for _ in range(2):
        wide.get_by_role("button", name="Acercar").click()
        until(wide, "!escrutinio.map.isMoving()")
    until(wide, "escrutinio.featureColor('province/1401') !== null")
    expect(wide.locator("#map-legend")).to_contain_text("límites esquemáticos")


def test_polling_places_are_approximate_points_from_the_district_on(wide: Page, site: str) -> None:
    open_map(wide, f"{site}/area/district/140101?view=map")
    until(wide, "escrutinio.map.querySourceFeatures('places').length > 0")
    expect(wide.locator("#map-legend")).to_contain_text("Ubicación aproximada")
    open_map(wide, f"{site}/?areas=district")
    until(wide, "escrutinio.featureColor('district/140101') !== null")
    go_near(wide)
    assert wide.evaluate("escrutinio.map.querySourceFeatures('places').length") == 0
    wide.evaluate("escrutinio.map.jumpTo({ center: [-70, -9], zoom: escrutinio.map.getZoom() + 3.5 })")
    wide.evaluate(
        """async () => {
          const all = await (await fetch(escrutinio.geometry.labels)).json();
          escrutinio.map.jumpTo({ center: all["district/140101"] });
        }"""
    )
    until(wide, "escrutinio.map.querySourceFeatures('places').length > 0")


def test_exact_points_are_told_from_approximate_ones_in_the_legend(wide: Page, site: str, api: ToyApi) -> None:
    api.exact = {"place/0001"}
    open_map(wide, f"{site}/area/district/140101?view=map")
    expect(wide.locator("#map-legend")).to_contain_text("borde oscuro, ubicación exacta; borde blanco, aproximada")
    found = "escrutinio.map.querySourceFeatures('places').map(({ properties }) => properties.precision)"
    assert set(wide.evaluate(found)) == {"exact", "district"}


def test_incidents_of_the_api_are_words_in_the_table_and_marks_on_the_map(reader: Page, site: str, api: ToyApi) -> None:
    api.incidents = {
        "department/14": {"critical": 2, "serious": 1, "minor": 0, "info": 0},
        "department/08": {"critical": 0, "serious": 0, "minor": 3, "info": 1},
    }
    open_map(reader, f"{site}/?view=map")
    expect(reader.locator("#incidents-note")).to_contain_text("30 min después")
    expect(reader.locator("#incidents-note")).to_contain_text("▲ donde hay alguno crítico, ◆ donde hay alguno grave")
    # Minor ones are in the table; what the legend does not name is on no map, and no badge takes its area's name away.
    expect(reader.locator(".map-badge")).to_have_text(["▲ 3"])
    expect(reader.locator(".map-label", has_text="Lima").first).to_be_visible()
    reader.get_by_role("button", name="Tabla").click()
    badges = reader.locator('tr[data-area="department/14"] td.incidents > span')
    expect(badges).to_have_text(["▲2 críticos", "◆1 grave"])
    expect(reader.locator('tr[data-area="department/01"] td.incidents')).to_have_text("—")
    reader.get_by_role("button", name="Incidentes verificados").click()
    first = reader.locator("tbody:first-of-type tr:not(.group)").first
    expect(first).to_have_attribute("data-area", "department/14")


def test_a_members_badges_take_the_place_of_the_public_ones(wide: Page, site: str, api: ToyApi) -> None:
    api.incidents = {"department/14": {"critical": 2}}
    open_live(wide, f"{site}/?view=table")
    cell = wide.locator('tr[data-area="department/14"] td.incidents')
    expect(cell).to_have_text("▲2 críticos")
    wide.evaluate("escrutinio.setMembers({ 'department/14': { incidents: { info: 1 }, flags: 3 } })")
    assert cell.locator("> span").all_inner_texts() == ["○1 informativo", "⚑ 3 señales"]


def test_without_a_mission_there_is_no_column(wide: Page, site: str, api: ToyApi) -> None:
    api.incidents = None
    with wide.expect_response("**/incidents*") as asked:
        open_live(wide, f"{site}/?view=table")
    asked.value.finished()
    settle(wide)
    expect(wide.locator(".incidents")).to_have_count(0)
    expect(wide.locator("#incidents-note")).to_be_hidden()


def test_without_webgl_the_picture_is_the_map_and_lives(
    chromium: str, browser: Browser, site: str, api: ToyApi
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    open_live(page, site)
    until(page, STANDS)
    expect(page.locator(".map-unavailable")).to_have_count(0)  # nobody asked for more than the picture shows
    api.send(api.count.set_published("department/14", votes=[900_000, 100_000], counted=700))
    area = page.locator('.picture [data-k="department/14"]')
    expect(area).to_have_attribute("fill", expected_color(api, "department/14"))
    page.get_by_label("Áreas").select_option("district")
    until(page, f"escrutinio.featureColor('district/140101') === '{expected_color(api, 'district/140101')}'")
    expect(page.locator(".map-unavailable")).to_have_count(0)  # no more than a picture either
    page.get_by_label("Áreas").select_option("auto")
    page.get_by_role("button", name="Acercar").click()
    expect(page.locator(".map-unavailable")).to_contain_text("no puede dibujar")
    api.send(api.count.set_published("department/14", votes=[100_000, 900_000]))
    expect(area).to_have_attribute("fill", expected_color(api, "department/14"))
    expect(area).to_be_visible()
    page.close()


def test_python_and_the_browser_paint_alike(module_page: Page) -> None:
    colors = [entry["color"] for entry in LISTS]
    config = {
        "lists": [{"short": entry["short"], "color": entry["color"]} for entry in LISTS],
        "bins": list(_PRESENTATION.lead_bins),
        "tints": list(_PRESENTATION.lead_tints),
        "neutral": _PRESENTATION.neutral,
    }
    configure(module_page, **config)
    counts = [
        {"counted": 10, "total": 10, "votes": votes} for votes in ([5, 5], [51, 49], [60, 40], [3, 97], [1, 0], [0, 0])
    ]
    counts += [{"counted": 3, "total": 9, "votes": [40, 60]}, {"counted": 0, "total": 9, "votes": [0, 0]}, {}]
    for count in counts:
        painted = module_page.evaluate("(data) => modules.paint.leadPaint(data)", {"published": count, "computed": {}})
        paint = paint_of({"published": count, "computed": {}}, colors, _PRESENTATION)
        assert (painted["color"], painted["cover"], painted["leader"]) == (paint.color, paint.cover, paint.leader)


def test_python_and_the_browser_dress_a_paint_alike(module_page: Page) -> None:
    configure(module_page, patterns=dict(_PRESENTATION.patterns))
    look = """({ color, cover }) => {
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
      modules.paint.dress(shape, { color, cover });
      return Object.fromEntries([...shape.attributes].map(({ name, value }) => [name, value]));
    }"""
    for cover in ("not_read", "nothing_counted", "no_valid_votes", "partial", "complete"):
        color = None if cover in {"not_read", "nothing_counted", "no_valid_votes"} else "#b8500b"
        dressed = module_page.evaluate(look, {"color": color, "cover": cover})
        assert dressed == dress(color, cover, _PRESENTATION.patterns), cover
