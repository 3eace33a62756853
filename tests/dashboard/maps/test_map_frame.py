"""The map's frame: the areas of every page fill it, however the map is reached and whatever size the window has."""

import pytest
from playwright.sync_api import Page, Route

from tests.dashboard.watching import COUNT_SHIFTS, NAVIGATES, NEAR, STANDS, settle, until

pytestmark = pytest.mark.browser

# The page's own areas in parts of the frame, across and down, each with where the middle lies.
_FILLED = """() => {
  const slot = document.getElementById("map-slot");
  if (!slot.classList.contains("live")) {
    const [areas, frame] = [slot.querySelector(".areas").getBoundingClientRect(), slot.getBoundingClientRect()];
    const part = (start, size, from, whole) => [size / whole, (start - from + size / 2) / whole];
    return {
      across: part(areas.left, areas.width, frame.left, frame.width),
      down: part(areas.top, areas.height, frame.top, frame.height),
    };
  }
  const { features } = escrutinio.map.getStyle().sources.areas.data;
  const numbers = features.flatMap(({ geometry }) => geometry.coordinates.flat(Infinity));
  const points = numbers.filter((_, at) => at % 2 === 0)
    .map((east, n) => escrutinio.map.project([east, numbers[2 * n + 1]]));
  const span = (all, whole) => {
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return [(most - least) / whole, (most + least) / 2 / whole];
  };
  const [across, down] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { across: span(across, slot.clientWidth), down: span(down, slot.clientHeight) };
}"""
_PAGES = ("/", "/area/scope/domestic", "/area/department/14", "/area/province/1401", "/area/district/140101")


def assert_filled(page: Page, key: str) -> None:
    """The page's areas lie whole in the frame, in its middle, and fill it one way."""
    until(page, f"document.getElementById('page')?.dataset.key === '{key}' && {STANDS}")
    settle(page)
    (width, middle), (height, centre) = (page.evaluate(_FILLED)[way] for way in ("across", "down"))
    assert 0.6 < max(width, height) <= 1.001, (key, width, height)
    assert (middle, centre) == pytest.approx((0.5, 0.5), abs=0.05), key


def key_of(path: str) -> str:
    return path.removeprefix("/area/") if path != "/" else "nation"


def test_the_areas_of_every_page_fill_the_frame(reader: Page, site: str) -> None:
    for path in _PAGES:
        reader.goto(f"{site}{path}?view=map")
        assert_filled(reader, key_of(path))


def test_a_map_asked_for_later_fills_the_frame_too(reader: Page, site: str) -> None:
    for path in _PAGES:
        reader.goto(f"{site}{path}?view=table")
        reader.get_by_role("button", name="Mapa").click()
        assert_filled(reader, key_of(path))


def test_the_map_fits_again_on_the_next_page_and_in_a_window_turned_about(reader: Page, site: str) -> None:
    reader.goto(f"{site}/?view=map")
    until(reader, NAVIGATES)
    for path in ("/area/department/14", "/area/district/140101", "/area/province/1402", "/"):
        reader.evaluate("(path) => escrutinio.go(path)", path)
        assert_filled(reader, key_of(path))
    reader.set_viewport_size({"width": 800, "height": 360})
    assert_filled(reader, "nation")
    reader.get_by_role("button", name="Tabla").click()
    reader.set_viewport_size({"width": 400, "height": 900})
    reader.get_by_role("button", name="Mapa").click()
    assert_filled(reader, "nation")


def test_where_the_reader_moved_the_map_it_stays_when_the_window_changes(wide: Page, site: str) -> None:
    wide.goto(f"{site}/area/department/14?view=map")
    assert_filled(wide, "department/14")
    wide.get_by_role("button", name="Acercar").click()
    until(wide, f"document.querySelector('.map-frame.near') && {NEAR}")
    zoom = wide.evaluate("escrutinio.map.getZoom()")
    before = wide.evaluate("escrutinio.map.getCanvas().clientWidth")
    wide.set_viewport_size({"width": 900, "height": 700})
    until(wide, f"escrutinio.map.getCanvas().clientWidth !== {before} && {STANDS}")
    settle(wide)
    assert wide.evaluate("escrutinio.map.getZoom()") == zoom


def test_styles_that_come_late_leave_the_map_its_size(reader: Page, site: str) -> None:
    held: list[Route] = []
    reader.route("**/board.css", lambda route: held.append(route))
    reader.goto(f"{site}/area/department/14?view=map", wait_until="commit")
    until(reader, "performance.getEntriesByName('map-live').length > 0")
    assert len(held) == 1
    reader.evaluate(COUNT_SHIFTS)
    held[0].continue_()
    until(reader, "[...document.styleSheets].some(({ href }) => href?.endsWith('/board.css'))")
    assert_filled(reader, "department/14")
    # What stands on the first screen had its place before.
    assert reader.evaluate("shifts") < 0.1
