"""Every page for everybody: axe finds nothing, four times as large it still fits, and a keyboard is enough."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.axe import objections
from tests.dashboard.toy.api import ToyApi
from tests.dashboard.watching import FOLLOWS, NAVIGATES, NEAR, STANDS, open_live, until

pytestmark = pytest.mark.browser

# Every page; what else an address can say (language, moment, filter) is said on the smaller ones.
_PAGES = (
    "/?view=table",
    "/?view=map",
    "/area/scope/abroad",
    "/area/department/14?lang=en&view=table",
    "/area/department/14?at=2026-06-09T16:00:00Z&view=map",
    "/area/district/140101?view=table",
    "/place/0001",
    "/mesa/000003",
    "/queue",
    "/queue?state=open&reason=illegible&lang=en",
    "/timeline?key=department/14",
    "/corrections?kind=all",
    "/corrections?level=mesa&kind=hold",
    "/methods",
    "/bulletin?lang=en",
    "/nope",
)
_HELD = [{"rule": "negative", "figures": {}}]


@pytest.fixture
def site(api: ToyApi, site: str) -> str:
    """A count with something of everything that can be wrong with a number."""
    count = api.count
    for key in ("nation", "department/14", "province/1401", "mesa/000001"):
        count.replace(key, {**count.state[key], "held": _HELD, "flags": _HELD}, "hold")
    count.correct("nation", cast=1000)
    count.replace("mesa/000002", count.state["mesa/000002"], "release", {"by": "Ana Quispe", "reason": "vista"})
    return site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    # Numbers that just changed flash for a moment; without motion their colours are the lasting ones.
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.long
def test_axe_finds_nothing_to_object_to(page: Page, site: str, api: ToyApi) -> None:
    found = {}
    for path in _PAGES:
        page.goto(site + path)
        if "view=map" in path:
            until(page, STANDS)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        found[path] = objections(page)
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_what_appears_later_is_no_worse(page: Page, site: str, api: ToyApi) -> None:
    found = {}
    for path, late in (("/area/department/01?view=table", "#notice"), ("/corrections", "#news")):
        page.goto(site + path)
        until(page, FOLLOWS)
        api.send(api.count.correct("mesa/000005", cast=len(path)))
        expect(page.locator(late)).to_be_visible()
        found[path] = objections(page)
    page.goto(site)
    page.get_by_role("combobox", name="Buscar").press_sequentially("lima")
    expect(page.locator("#search").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    found["search"] = objections(page)
    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_four_times_as_large_nothing_is_cut_off_sideways(browser: Browser, site: str, api: ToyApi) -> None:
    # A window of 1280 × 1024 at 400 %.
    page = browser.new_page(viewport={"width": 320, "height": 256})
    widths = {}
    for path in _PAGES:
        page.goto(site + path)
        until(page, "!window.escrutinio || Boolean(escrutinio.client.state)")
        widths[path] = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert widths == dict.fromkeys(_PAGES, 320)


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_the_way_from_the_country_to_a_mesa_and_the_ledger_needs_only_tab_and_enter(wide: Page, site: str) -> None:
    wide.goto(f"{site}/?view=table")
    until(wide, NAVIGATES)
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.className") == "skip"
    wide.keyboard.press("Enter")
    assert wide.evaluate("document.activeElement.id") == "page"
    for path in ("/area/department/14", "/area/province/1401", "/area/district/140101", "/place/0001", "/mesa/000003"):
        tab_to(wide, f'table a[href^="{path}"]')
        outline = wide.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        wide.keyboard.press("Enter")
        wide.wait_for_url(f"**{path}*")
        until(wide, f"document.getElementById('page').dataset.path === '{path}'")
    assert wide.evaluate("document.activeElement.id") == "page"
    tab_to(wide, 'footer a[href^="/corrections"]')
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/corrections*")
    expect(wide.locator("h1")).to_have_text("Correcciones")
    tab_to(wide, 'a[href^="/corrections?level=mesa"]')


def test_a_held_numbers_reason_and_the_maps_moves_are_within_reach_of_tab(wide: Page, site: str) -> None:
    wide.goto(f"{site}/?view=table")
    tab_to(wide, 'tr[data-area="department/14"] summary')
    wide.keyboard.press("Enter")
    expect(wide.locator('tr[data-area="department/14"] details.held')).to_have_attribute("open", "")
    wide.goto(f"{site}/?view=map")
    until(wide, STANDS)
    tab_to(wide, "#map-controls button")
    wide.keyboard.press("Enter")
    until(wide, NEAR)
    before = wide.evaluate("escrutinio.map.getZoom()")
    wide.keyboard.press("Enter")
    until(wide, f"escrutinio.map.getZoom() > {before}")


_PAINTED_IN = """(selector) => {
  const seen = getComputedStyle(document.querySelector(selector));
  return [seen.backgroundColor, seen.backgroundImage];
}"""


def test_high_contrast_keeps_what_carries_numbers(wide: Page, site: str) -> None:
    wide.emulate_media(forced_colors="none")
    open_live(wide, site)
    carriers = (".lists i", ".segment.counted", ".segment.at_jee", ".covers .tile.nothing_counted", "thead .swatch")
    before = {one: wide.evaluate(_PAINTED_IN, one) for one in carriers}
    wide.emulate_media(forced_colors="active")
    assert {one: wide.evaluate(_PAINTED_IN, one) for one in carriers} == before
    pressed, other = (wide.evaluate(_PAINTED_IN, f".toggle [aria-pressed={is_on}]") for is_on in ("true", "false"))
    assert pressed != other
